import CCurl
public import EventLoop
import HTTPCore

/// An HTTP client on one loop: connections are pooled, HTTP/2 is used where the peer offers it.
///
/// Everything happens on the loop's thread; tasks that use it must prefer that loop.
@safe
public final class HTTPClient: @unchecked Sendable {
    // Guard: confined to `loop`, which `requireOnLoop` asserts at each entry.

    public let loop: LoopThread
    let configuration: ClientConfiguration
    let multi: OpaquePointer
    private var sockets: [Int32: PooledSocket] = [:]
    private var libraryTimer: LoopTimer
    private var deadlineTimer: LoopTimer
    private var isSweeping = false
    private var idleHandles: [EasyHandle] = []
    private var active: [Transfer] = []
    /// What the library wants: nil for no wake-up. Zero is served at once, without a timer.
    private var wantsKick = false

    /// How often deadlines are looked at; a request may outlive its deadline by this much.
    private static let sweepMilliseconds: UInt64 = 25
    private static let idleHandleLimit = 256

    public static func make(on loop: LoopThread, _ configuration: ClientConfiguration) async -> HTTPClient {
        await loop.run { HTTPClient(on: loop, configuration) }
    }

    private init(on loop: LoopThread, _ configuration: ClientConfiguration) {
        curl_global_init(Int(CURL_GLOBAL_ALL))
        self.loop = loop
        self.configuration = configuration
        guard let multi = unsafe curl_multi_init() else { preconditionFailure("no memory for an HTTP client") }
        unsafe self.multi = OpaquePointer(multi)
        libraryTimer = LoopTimer(on: loop)
        deadlineTimer = LoopTimer(on: loop)
        unsafe aig_multi_callbacks(multi, Unmanaged.passUnretained(self).toOpaque(), onSocket, onTimer)
        unsafe aig_multi_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maximumConnectionsPerHost)
        unsafe aig_multi_long(multi, CURLMOPT_MAXCONNECTS, configuration.idleConnections)
        unsafe aig_multi_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    }

    /// Sends a request and returns when the header fields of its answer are there.
    /// Cancelling the task ends the request at once.
    public func send(
        _ template: RequestTemplate, body: [UInt8] = [], headers extra: [(String, String)] = [],
        deadlines: RequestDeadlines
    ) async throws(HTTPClientError) -> IncomingResponse {
        loop.requireOnLoop()
        let transfer = Transfer(client: self, deadlines: deadlines)
        let handle = idleHandles.popLast() ?? EasyHandle(client: self)
        handle.prepare(template, body: body, extra: extra, transfer: transfer)
        start(transfer, on: handle)
        let response = IncomingResponse(transfer)
        try await response.waitForHead()
        return response
    }

    /// Closes every connection. Requests still running must have ended.
    public func close() {
        loop.requireOnLoop()
        for transfer in active { transfer.giveUp(.cancelled) }
        idleHandles = []
        unsafe curl_multi_cleanup(UnsafeMutableRawPointer(multi))
        libraryTimer.stop()
        deadlineTimer.stop()
    }

    // MARK: Transfers

    private func start(_ transfer: Transfer, on handle: EasyHandle) {
        transfer.handle = handle
        transfer.index = active.count
        active.append(transfer)
        sweepWhileActive()
        unsafe curl_multi_add_handle(UnsafeMutableRawPointer(multi), handle.easy)
        serveLibrary()
    }

    /// Takes a transfer out of the library, whether it ended or is given up.
    func remove(_ transfer: Transfer) {
        guard let handle = transfer.handle else { return }
        transfer.handle = nil
        unsafe curl_multi_remove_handle(UnsafeMutableRawPointer(multi), handle.easy)
        handle.release()
        if idleHandles.count < Self.idleHandleLimit { idleHandles.append(handle) }
        let last = active.removeLast()
        if last !== transfer {
            active[transfer.index] = last
            last.index = transfer.index
        }
    }

    private func act(on socket: Int32, _ ready: SocketInterest) {
        var flags: Int32 = 0
        if ready.contains(.readable) { flags |= CURL_CSELECT_IN }
        if ready.contains(.writable) { flags |= CURL_CSELECT_OUT }
        var running: Int32 = 0
        unsafe curl_multi_socket_action(UnsafeMutableRawPointer(multi), socket, flags, &running)
        serveLibrary()
    }

    /// Does what the library asked to be done at once, and collects what has ended.
    func serveLibrary() {
        while wantsKick {
            wantsKick = false
            var running: Int32 = 0
            unsafe curl_multi_socket_action(UnsafeMutableRawPointer(multi), CURL_SOCKET_TIMEOUT, 0, &running)
        }
        var result = CURLE_OK
        while let easy = unsafe aig_multi_next_done(UnsafeMutableRawPointer(multi), &result) {
            guard let context = unsafe aig_easy_context(easy) else { continue }
            unsafe EasyHandle.from(context).transfer?.ended(result)
        }
    }

    // MARK: What the library asks for

    fileprivate func libraryWants(wakeUpAfter milliseconds: Int) {
        switch milliseconds {
        case ..<0: libraryTimer.stop()
        case 0: wantsKick = true
        default:
            libraryTimer.start(after: UInt64(milliseconds)) { [unowned self] in
                wantsKick = true
                serveLibrary()
            }
        }
    }

    fileprivate func libraryWants(_ what: Int32, of socket: Int32) {
        if what == CURL_POLL_REMOVE {
            sockets[socket]?.isInUse = false
            return
        }
        var interest: SocketInterest = []
        if what & CURL_POLL_IN != 0 { interest.insert(.readable) }
        if what & CURL_POLL_OUT != 0 { interest.insert(.writable) }
        let pooled = sockets[socket] ?? adopt(socket)
        pooled?.isInUse = true
        pooled?.watch.watch(interest)
    }

    private func adopt(_ socket: Int32) -> PooledSocket? {
        let watch = SocketWatch(socket, on: loop) { [unowned self] ready in
            guard let pooled = sockets[socket] else { return }
            // A socket at rest stays watched, which saves two system calls a request. When it speaks
            // up, its peer closed it: stop listening, the library notices when it next wants it.
            guard pooled.isInUse else { return pooled.watch.watch([]) }
            act(on: socket, ready)
        }
        guard let watch else { return nil }
        let pooled = PooledSocket(watch)
        sockets[socket] = pooled
        return pooled
    }

    fileprivate func closing(_ socket: Int32) {
        sockets.removeValue(forKey: socket)?.watch.close()
    }

    // MARK: Deadlines

    private func sweepWhileActive() {
        guard !isSweeping else { return }
        isSweeping = true
        deadlineTimer.start(after: Self.sweepMilliseconds, every: Self.sweepMilliseconds) { [unowned self] in sweep() }
    }

    private func sweep() {
        guard !active.isEmpty else {
            deadlineTimer.stop()
            isSweeping = false
            return
        }
        let now = loop.now
        for transfer in active { transfer.enforceDeadlines(now: now) }
    }
}

/// A socket of the library's pool and the watch that outlives single requests.
private final class PooledSocket {
    let watch: SocketWatch
    var isInUse = true

    init(_ watch: SocketWatch) {
        self.watch = watch
    }
}

// MARK: Callbacks, at file level because C calls them

private func onSocket(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
    _ attached: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context = unsafe context else { return 0 }
    unsafe Unmanaged<HTTPClient>.fromOpaque(context).takeUnretainedValue().libraryWants(what, of: socket)
    return 0
}

private func onTimer(_ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?)
    -> Int32
{
    guard let context = unsafe context else { return 0 }
    unsafe Unmanaged<HTTPClient>.fromOpaque(context).takeUnretainedValue().libraryWants(wakeUpAfter: milliseconds)
    return 0
}

func onCloseSocket(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    if let context = unsafe context {
        unsafe Unmanaged<HTTPClient>.fromOpaque(context).takeUnretainedValue().closing(socket)
    }
    return SystemSocket.close(socket)
}
