public import EventLoop
public import HTTPServer

/// A vendor that answers by rule, on a socket of its own. Speaks the wires of OpenAI, Anthropic and Gemini.
public final class SandboxServer: Sendable {
    private let listener: HTTPListener

    /// `HOST:PORT` as bound.
    public var address: String { listener.address }

    private init(_ listener: HTTPListener) {
        self.listener = listener
    }

    /// Listens at once. Port 0 lets the system choose; `unixSeconds` tells the time that answers carry.
    public static func start(
        host: String, port: UInt16, loops: [LoopThread], configuration: SandboxConfiguration,
        unixSeconds: @escaping @Sendable () -> Int64
    ) async throws(ListenError) -> SandboxServer {
        var server = ServerConfiguration(host: host, port: port)
        server.maximumBodyBytes = configuration.maximumBodyBytes
        let handler = SandboxHandler(configuration: configuration, unixSeconds: unixSeconds)
        return SandboxServer(try await HTTPListener(server, loops: loops, handler: handler))
    }

    /// Stops accepting, lets running answers finish until the deadline, and ends the rest.
    public func shutdown(graceMilliseconds: UInt64 = 1_000) async {
        await listener.shutdown(graceMilliseconds: graceMilliseconds)
    }
}
