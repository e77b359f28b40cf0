import EventLoop
import Glibc
import HTTPCore
import OperatingSystem
import Synchronization

/// One accepted connection: which loop serves it, what it is doing, and since when.
final class Connection: Sendable {
    let token: UInt64
    let loop: LoopThread
    /// Of the other end, in figures.
    let address: String
    private let isEncrypted: Bool
    private let state: Mutex<State>

    fileprivate struct State {
        /// -1 once the library has closed the socket: its number may belong to another by then.
        var socket: Int32
        var phase = Phase.awaitingHead(isFirst: true)
        var since: UInt64
        var exchange: Exchange?
        var hasPeerLeft = false
    }

    enum Phase {
        case awaitingHead(isFirst: Bool)
        case readingBody
        case working
    }

    init(token: UInt64, socket: Int32, address: String, loop: LoopThread, isEncrypted: Bool) {
        self.token = token
        self.loop = loop
        self.address = address
        self.isEncrypted = isEncrypted
        state = Mutex(State(socket: socket, since: SystemClock().monotonicMilliseconds()))
    }

    func began(_ exchange: Exchange) {
        state.withLock { $0.exchange = exchange }
    }

    func entered(_ phase: Phase) {
        let now = SystemClock().monotonicMilliseconds()
        state.withLock { state in
            state.phase = phase
            state.since = now
            if case .awaitingHead = phase { state.exchange = nil }
        }
    }

    func closed() {
        state.withLock { state in
            state.socket = -1
            state.exchange = nil
        }
    }

    /// Nothing more will come. What has come may still be on its way through the library, so a body that is being
    /// read gets a moment to turn out complete.
    func peerLeft() {
        let exchange = state.withLock { state in
            state.hasPeerLeft = true
            return state.exchange
        }
        exchange?.clientLeft()
    }

    /// Ends the connection when it has taken longer than it may. A client in the middle of a request is told why.
    func enforceDeadline(now: UInt64, limits: ServerConfiguration, refuse: (ServerRefusal) -> HTTPResponse) {
        state.withLock { state in
            guard state.socket >= 0, let refusal = state.overdue(now: now, limits: limits) else { return }
            if let refusal, !isEncrypted {
                RawAnswer.send(refuse(refusal), to: state.socket)
            }
            shutdown(state.socket, Int32(SHUT_RDWR))
            state.phase = .working
        }
    }
}

extension Connection.State {
    /// How long a body may take to be read once its sender is gone.
    private static let leftBehindMilliseconds: UInt64 = 250

    /// Nil while in time; otherwise what to tell the client, which may be nothing.
    fileprivate func overdue(now: UInt64, limits: ServerConfiguration) -> ServerRefusal?? {
        let elapsed = now > since ? now - since : 0
        switch phase {
        case .awaitingHead(isFirst: true):
            let limit = limits.headTimeoutMilliseconds
            return elapsed > limit ? .some(.headTimeout(milliseconds: limit)) : nil
        case .awaitingHead(isFirst: false):
            return elapsed > limits.idleTimeoutMilliseconds ? .some(nil) : nil
        case .readingBody:
            if hasPeerLeft { return elapsed > Self.leftBehindMilliseconds ? .some(nil) : nil }
            let limit = limits.bodyTimeoutMilliseconds
            return elapsed > limit ? .some(.bodyTimeout(milliseconds: limit)) : nil
        case .working:
            return nil
        }
    }
}

/// An answer written straight to a socket whose request never became whole.
enum RawAnswer {
    static func send(_ response: HTTPResponse, to socket: Int32) {
        var text = "HTTP/1.1 \(response.status) \(response.status == 408 ? "Request Timeout" : "Refused")\r\n"
        for (name, value) in response.headers.pairs { text += "\(name): \(value)\r\n" }
        text += "Content-Length: \(response.body.count)\r\nConnection: close\r\n\r\n"
        let bytes = Array(text.utf8) + response.body
        _ = unsafe bytes.withUnsafeBytes { bytes in
            unsafe Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        }
    }
}
