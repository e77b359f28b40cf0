import CMicroHTTPD
public import EventLoop
import Glibc
import HTTPCore
import OperatingSystem
import Synchronization

/// An HTTP/1.1 server. The library's threads parse and send; handlers run as tasks on the loops.
@safe
public final class HTTPListener: @unchecked Sendable {
    // Guard: `daemon` is set once before the listener is handed out and used by `shutdown` alone;
    // `watchers` and `sweeper` are touched on their loops.

    /// `HOST:PORT` as bound.
    public let address: String
    let configuration: ServerConfiguration
    let handler: any HTTPHandler
    let loops: [LoopThread]
    let registry = ConnectionRegistry()
    let inFlight = Atomic<Int>(0)
    let isClosing = Atomic<Bool>(false)
    private var daemon: OpaquePointer?
    private var watchers: [HangupWatcher] = []
    private(set) var registrations: [ObjectIdentifier: HangupWatcher.Registration] = [:]
    private var sweeper: LoopTimer?

    /// Listens at once, where the configuration says; the first request may arrive before this returns.
    public convenience init(
        _ configuration: ServerConfiguration, loops: [LoopThread], handler: any HTTPHandler
    ) async throws(ListenError) {
        let socket = try ListeningSocket(host: configuration.host, port: configuration.port)
        try await self.init(configuration, on: socket, loops: loops, handler: handler)
    }

    /// Serves on a socket that was bound before, wherever the configuration says.
    public init(
        _ configuration: ServerConfiguration, on socket: consuming ListeningSocket, loops: [LoopThread],
        handler: any HTTPHandler
    ) async throws(ListenError) {
        precondition(!loops.isEmpty)
        self.address = socket.address
        let descriptor = socket.take()
        self.configuration = configuration
        self.handler = handler
        self.loops = loops
        for loop in loops { await watchHangups(on: loop) }
        await startSweeping()
        // Started from a loop, the library's threads share the processors as loops do.
        guard await loops[0].run({ self.startDaemon(socket: descriptor) }) else {
            close(descriptor)
            await stopWatching()
            throw .daemonRefused
        }
    }

    private func watchHangups(on loop: LoopThread) async {
        await loop.run {
            let watcher = HangupWatcher(on: loop) { [registry = self.registry] token in
                registry.connection(token)?.peerLeft()
            }
            guard let watcher else { return }
            self.watchers.append(watcher)
            self.registrations[ObjectIdentifier(loop)] = watcher.registering
        }
    }

    /// Looks for connections over their deadlines, often enough that none outstays by more than a quarter.
    private func startSweeping() async {
        let shortest = min(
            configuration.headTimeoutMilliseconds, configuration.bodyTimeoutMilliseconds,
            configuration.idleTimeoutMilliseconds)
        let interval = min(Self.longestSweepMilliseconds, max(10, shortest / 4))
        let loop = loops[0]
        await loop.run {
            let timer = LoopTimer(on: loop)
            timer.start(after: interval, every: interval) { [weak self] in self?.sweep() }
            self.sweeper = timer
        }
    }

    private static let longestSweepMilliseconds: UInt64 = 250

    private func sweep() {
        let now = SystemClock().monotonicMilliseconds()
        for connection in registry.all {
            connection.enforceDeadline(now: now, limits: configuration, refuse: handler.refuse)
        }
    }

    private func startDaemon(socket: Int32) -> Bool {
        let certificate = configuration.tls.map { $0.certificate + [0] }
        let key = configuration.tls.map { $0.key + [0] }
        return unsafe withOptionalBytes(certificate) { certificate in
            unsafe withOptionalBytes(key) { key in
                var options = unsafe aig_mhd_configuration()
                unsafe options.listen_socket = socket
                unsafe options.threads = UInt32(configuration.threads)
                unsafe options.connection_limit = UInt32(configuration.maximumConnections)
                unsafe options.idle_timeout_seconds = UInt32(
                    max(1, (configuration.idleTimeoutMilliseconds + 999) / 1000))
                // The library keeps head and answer of one request in this; it must hold what we may refuse.
                unsafe options.connection_memory = configuration.maximumHeaderBytes + Self.answerMemory
                unsafe options.certificate = unsafe certificate
                unsafe options.key = unsafe key
                unsafe options.context = unsafe Unmanaged.passUnretained(self).toOpaque()
                unsafe installCallbacks(&options)
                unsafe daemon = unsafe aig_mhd_start(&options)
                return unsafe daemon != nil
            }
        }
    }

    /// What the library needs beside a request's head: its own notes, and the head of the answer. It clears all
    /// of it after each request, so there is no more than that.
    private static let answerMemory = 8 << 10

    /// Stops accepting, lets running requests finish until the deadline, cancels the rest, and ends.
    public func shutdown(graceMilliseconds: UInt64) async {
        guard let daemon = unsafe daemon else { return }
        isClosing.store(true, ordering: .sequentiallyConsistent)
        let socket = unsafe MHD_quiesce_daemon(daemon)
        if socket >= 0 { close(socket) }
        await drained(within: graceMilliseconds)
        for connection in registry.all { connection.peerLeft() }
        await drained(within: 2_000)
        unsafe MHD_stop_daemon(daemon)
        unsafe self.daemon = nil
        await stopWatching()
    }

    /// Requests being worked on now.
    public var requestsInFlight: Int { inFlight.load(ordering: .sequentiallyConsistent) }

    private func drained(within milliseconds: UInt64) async {
        let loop = loops[0]
        await loop.run {
            let deadline = SystemClock().monotonicMilliseconds() + milliseconds
            while self.requestsInFlight > 0, SystemClock().monotonicMilliseconds() < deadline {
                await loop.sleep(milliseconds: 10)
            }
        }
    }

    private func stopWatching() async {
        for (loop, index) in zip(loops, loops.indices) {
            await loop.run {
                if index == 0 { self.sweeper = nil }
                if index < self.watchers.count { self.watchers[index].close() }
            }
        }
    }
}

private func withOptionalBytes<Result>(_ bytes: [UInt8]?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let bytes else { return body(nil) }
    return unsafe bytes.withUnsafeBytes { unsafe body($0.baseAddress?.assumingMemoryBound(to: CChar.self)) }
}
