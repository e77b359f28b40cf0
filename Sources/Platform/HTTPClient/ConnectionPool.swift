import CCurl
import EventLoop

/// Connections that requests of one ``Reach`` share, and the library's way of driving them.
///
/// Confined to its client's loop. libcurl knows it by an unretained pointer, and lets go in ``close()``.
@safe
final class ConnectionPool {
    let configuration: ClientConfiguration
    let reach: Reach
    private let loop: LoopThread
    private let multi: OpaquePointer
    private var sockets: [Int32: PooledSocket] = [:]
    /// Sockets of connections. The library tells when it closes one.
    private var connections: Set<Int32> = []
    private var timer: LoopTimer
    private var idleHandles: [EasyHandle] = []
    /// Whether the library is to be served at once, without a timer.
    private var wantsKick = false

    private static let idleHandleLimit = 256

    init(on loop: LoopThread, _ configuration: ClientConfiguration, reach: Reach) {
        self.loop = loop
        self.configuration = configuration
        self.reach = reach
        guard let multi = unsafe curl_multi_init() else { preconditionFailure("no memory for an HTTP client") }
        unsafe self.multi = OpaquePointer(multi)
        timer = LoopTimer(on: loop)
        unsafe aig_multi_callbacks(multi, Unmanaged.passUnretained(self).toOpaque(), onSocket, onTimer)
        unsafe aig_multi_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maximumConnectionsPerHost)
        unsafe aig_multi_long(multi, CURLMOPT_MAXCONNECTS, configuration.idleConnections)
        unsafe aig_multi_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    }

    /// Closes every connection. No handle may be in the library any more.
    func close() {
        idleHandles = []
        unsafe curl_multi_cleanup(UnsafeMutableRawPointer(multi))
        timer.stop()
    }

    // MARK: Handles

    /// One that nobody uses.
    func handle() -> EasyHandle {
        idleHandles.popLast() ?? EasyHandle(pool: self)
    }

    func start(_ handle: EasyHandle) {
        unsafe curl_multi_add_handle(UnsafeMutableRawPointer(multi), handle.easy)
        serve()
    }

    /// Takes a handle out of the library and keeps it for another request.
    func stop(_ handle: EasyHandle) {
        unsafe curl_multi_remove_handle(UnsafeMutableRawPointer(multi), handle.easy)
        handle.release()
        if idleHandles.count < Self.idleHandleLimit { idleHandles.append(handle) }
    }

    private func act(on socket: Int32, _ ready: SocketInterest) {
        var flags: Int32 = 0
        if ready.contains(.readable) { flags |= CURL_CSELECT_IN }
        if ready.contains(.writable) { flags |= CURL_CSELECT_OUT }
        var running: Int32 = 0
        unsafe curl_multi_socket_action(UnsafeMutableRawPointer(multi), socket, flags, &running)
        serve()
    }

    /// Does what the library asked to be done at once, and collects what has ended.
    func serve() {
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
        case ..<0: timer.stop()
        case 0: wantsKick = true
        default:
            timer.start(after: UInt64(milliseconds)) { [unowned self] in
                wantsKick = true
                serve()
            }
        }
    }

    fileprivate func libraryWants(_ what: Int32, of socket: Int32) {
        if what == CURL_POLL_REMOVE {
            // One that looks up names is closed without a word, and its number goes to somebody else.
            guard connections.contains(socket) else { return unwatch(socket) }
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

    func opened(_ socket: Int32) {
        connections.insert(socket)
    }

    fileprivate func closing(_ socket: Int32) {
        connections.remove(socket)
        unwatch(socket)
    }

    private func unwatch(_ socket: Int32) {
        sockets.removeValue(forKey: socket)?.watch.close()
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
    unsafe Unmanaged<ConnectionPool>.fromOpaque(context).takeUnretainedValue().libraryWants(what, of: socket)
    return 0
}

private func onTimer(_ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?)
    -> Int32
{
    guard let context = unsafe context else { return 0 }
    unsafe Unmanaged<ConnectionPool>.fromOpaque(context).takeUnretainedValue().libraryWants(wakeUpAfter: milliseconds)
    return 0
}

func onCloseSocket(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    if let context = unsafe context {
        unsafe Unmanaged<ConnectionPool>.fromOpaque(context).takeUnretainedValue().closing(socket)
    }
    return SystemSocket.close(socket)
}
