import Catalogue
import Domain
import EventLoop
import OperatingSystem
import Providers
import Sandbox
public import Settings
import Telemetry

/// The simulator of vendors, on a loop and a loopback socket of its own.
public final class SandboxHost: Sendable {
    public let address: String
    private let loop: LoopThread
    private let server: SandboxServer

    static func start(_ configuration: SandboxConfiguration) async throws(StartError) -> SandboxHost {
        try await start(host: "127.0.0.1", port: 0, configuration)
    }

    /// Runs the simulator alone, for anyone's tests.
    public static func start(_ settings: Settings) async throws(StartError) -> SandboxHost {
        let listen = settings.server.listen
        return try await start(host: listen.host, port: listen.port, settings.sandboxConfiguration(playing: .builtIn))
    }

    private static func start(
        host: String, port: UInt16, _ configuration: SandboxConfiguration
    ) async throws(StartError) -> SandboxHost {
        let loop = LoopThread(name: "sandbox")
        do {
            let server = try await SandboxServer.start(
                host: host, port: port, loops: [loop], configuration: configuration,
                unixSeconds: { SystemClock().wallMicroseconds() / 1_000_000 })
            return SandboxHost(server, loop)
        } catch {
            loop.stop()
            throw .listen("\(host):\(port) for the sandbox")
        }
    }

    private init(_ server: SandboxServer, _ loop: LoopThread) {
        self.server = server
        self.loop = loop
        address = server.address
    }

    var provider: Provider {
        .openAICompatible(ProviderID("sandbox"), baseURL: "http://\(address)/v1", key: nil, isSandbox: true)
    }

    public func shutdown() async {
        await server.shutdown()
        loop.stop()
    }
}
