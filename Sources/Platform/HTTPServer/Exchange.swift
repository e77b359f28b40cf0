import CMicroHTTPD
import EventLoop
import HTTPCore
import OperatingSystem
import Synchronization

/// One request and its answer, shared by the thread that talks to the socket and the loop that works.
///
/// The library's thread calls `received…`, `mayAnswer` and `completed`; the loop calls `answer`.
/// While the loop works the connection is suspended, so only one of them acts at a time.
@safe
final class Exchange: @unchecked Sendable {
    // Guard: `connection`, `head` and `body` change on the library's thread before the hand-over only;
    // everything that both threads touch is in `state`.

    let peer: Connection
    private(set) var head: RequestHead
    private(set) var body: [UInt8] = []
    /// Set while the body arrives, when it will be refused at its end.
    private var refusal: ServerRefusal?
    private var isHeadComplete = false
    private let connection: OpaquePointer
    private let state = Mutex(State())

    struct RequestHead {
        var method = ""
        var path: String
        var query: String
        var headers = HeaderFields()
        var arrivedAt: UInt64 = 0
    }

    private struct State: ~Copyable {
        var isSuspended = false
        var isOver = false
        var response: PreparedResponse?
        var mustClose = false
        var task: Task<Void, Never>?
        var onClientGone: (@Sendable () -> Void)?
    }

    init(peer: Connection, connection: OpaquePointer, target: String) {
        self.peer = peer
        unsafe self.connection = unsafe connection
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        head = RequestHead(
            path: String(target[..<(mark ?? target.endIndex)]),
            query: mark.map { String(target[target.index(after: $0)...]) } ?? "")
    }

    // MARK: The library's thread

    /// Returns true the first time it is called: the header fields have just arrived.
    func beginBody() -> Bool {
        defer { isHeadComplete = true }
        return !isHeadComplete
    }

    func receivedHead(method: String, headers: HeaderFields, expectedBodyBytes: Int?, limits: ServerConfiguration) {
        head.method = method
        head.headers = headers
        head.arrivedAt = SystemClock().monotonicNanoseconds()
        if headers.byteCount > limits.maximumHeaderBytes {
            refusal = .headerTooLarge(limit: limits.maximumHeaderBytes)
        } else if BodyFraming.isAmbiguous(headers) {
            refusal = .ambiguousLength
        } else if let expectedBodyBytes, expectedBodyBytes > limits.maximumBodyBytes {
            refusal = .bodyTooLarge(limit: limits.maximumBodyBytes)
        } else if let expectedBodyBytes, expectedBodyBytes > 0 {
            // Room to spare lets parsers that read ahead work in place.
            body.reserveCapacity(min(expectedBodyBytes, 1 << 20) + 128)
        }
    }

    func receivedBody(_ bytes: UnsafeRawBufferPointer, limit: Int) {
        guard refusal == nil else { return }
        guard body.count + bytes.count <= limit else {
            refusal = .bodyTooLarge(limit: limit)
            body = []
            return
        }
        unsafe body.append(contentsOf: bytes)
    }

    /// What the server answers by itself, if it does.
    var pendingRefusal: ServerRefusal? { refusal }

    /// Hands the request over: from here the loop has the word until `answer`.
    func suspend() {
        state.withLock { $0.isSuspended = true }
        unsafe MHD_suspend_connection(connection)
    }

    func takeBody() -> [UInt8] {
        defer { body = [] }
        return body
    }

    func run(_ task: Task<Void, Never>) {
        let isGone = state.withLock { state in
            state.task = task
            return state.isOver
        }
        if isGone { task.cancel() }
    }

    /// What to send, once there is something.
    func takeResponse() -> PreparedResponse? {
        state.withLock { $0.response.take() }
    }

    /// The connection closes without an answer when this is true and there is no response.
    var mustClose: Bool { state.withLock { $0.mustClose } }

    /// The last call for this request; the library's connection is not ours any more.
    func completed(cleanly: Bool) {
        let (task, onGone) = state.withLock { state in
            state.isOver = true
            state.response = nil
            defer {
                state.task = nil
                state.onClientGone = nil
            }
            return (state.task, state.onClientGone)
        }
        guard !cleanly else { return }
        onGone?()
        task?.cancel()
    }

    // MARK: The loop

    /// Gives the answer to the library's thread. Without effect once the client is gone.
    func answer(_ response: consuming PreparedResponse) {
        let response = Optional(response)
        wake(with: response, close: false)
    }

    /// Ends the connection without an answer.
    func abandon() {
        wake(with: nil, close: true)
    }

    private func wake(with response: consuming PreparedResponse?, close: Bool) {
        let response = response
        let mustResume = state.withLock { state in
            guard !state.isOver, state.isSuspended else { return false }
            state.isSuspended = false
            state.response = response
            state.mustClose = close
            return true
        }
        // Outside the lock, which the woken thread wants at once. Until this call the connection stays
        // suspended, so it cannot end in between.
        if mustResume { unsafe MHD_resume_connection(connection) }
    }

    /// The peer closed its side: stop working for it.
    func clientLeft() {
        let (task, onGone) = state.withLock { ($0.task, $0.onClientGone) }
        onGone?()
        task?.cancel()
    }

    func onClientGone(_ action: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            state.onClientGone = action
            return state.isOver
        }
        if isOver { action() }
    }

    /// For a body that waits for its next bytes: suspends or resumes the sending side.
    func suspendSending() {
        unsafe MHD_suspend_connection(connection)
    }

    /// Only for a connection that `suspendSending` suspended: it cannot end before it is resumed.
    func resumeSending() {
        unsafe MHD_resume_connection(connection)
    }
}
