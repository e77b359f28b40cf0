import Bootstrap
import EventLoop
import OperatingSystem
import Settings
import Telemetry

/// `aigateway serve`.
enum ServeCommand: Command {
    static let name = "serve"
    static let summary = "run the gateway"
    static let shape = ArgumentShape(options: SettingsSource.options.union(["--config"]))
    static let help = """
        Usage: aigateway serve [--listen HOST:PORT] [--data DIR] [--config FILE] [--sandbox auto|on|off]

        Runs the gateway until it is told to stop (SIGTERM or Ctrl-C): it then finishes running answers, for as
        long as `server.shutdown_grace` allows. A second signal ends it at once.

        On its first start it makes the root account and writes its key to DIR/root.key. The address it listens
        on is written to DIR/address; port 0 lets the system choose one.

        With no vendor configured the sandbox answers: simulated models on this machine, for free and offline.
        OPENAI_API_KEY and OPENAI_BASE_URL configure OpenAI without a file.

        Options:
          --config FILE       settings file; else $AIGATEWAY_CONFIG, else aigateway.yaml when it is there
        \(SettingsSource.flagHelp)

        Every setting of docs/configuration.md can be given by its full name, such as --server.max_body_bytes 64MiB.
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        let log = Logger(settings.log)
        _ = CurrentProcess.raiseOpenFileLimit()
        let signals = await SignalHandling.start()
        let server = try await signals.whileStarting { try await GatewayServer.start(settings, log: log) }
        announce(server, settings, context)
        log.info("listening", ["address": .string(server.address), "sandbox": .bool(server.usesSandbox)])
        await signals.first()
        log.notice("shutting down")
        signals.exitOnNext()
        await server.shutdown()
        log.notice("stopped")
    }

    private static func announce(_ server: GatewayServer, _ settings: Settings, _ context: CommandContext) {
        let keyFile = settings.data.directory + "/root.key"
        let scheme = settings.tls.certificate == nil ? "http" : "https"
        let address = "\(scheme)://\(server.address)"
        // What callers are told is where they can reach it, which a proxy in front may have changed.
        let url = settings.server.publicURL?.text ?? address
        var lines = ["aigateway \(Version.text) at \(address)"]
        if server.usesSandbox {
            lines.append(
                "SANDBOX: answers are simulated. Set OPENAI_API_KEY, or a provider in aigateway.yaml, for real ones.")
        }
        if let key = server.newRootKey {
            lines.append("root key: \(key.reveal())   (kept in \(keyFile))")
        }
        let key = server.newRootKey?.reveal() ?? "$(cat \(keyFile))"
        lines += [
            "", "Try it:",
            "  curl \(url)/v1/chat/completions -H \"Authorization: Bearer \(key)\" "
                + "-H \"Content-Type: application/json\" "
                + #"-d '{"model":"\#(server.exampleModel)","messages":[{"role":"user","content":"Hello!"}]}'"#,
            "",
        ]
        context.print(lines.joined(separator: "\n"))
    }
}

extension Logger {
    init(_ settings: Settings.Log) {
        let format: LogFormat =
            switch settings.format {
            case .human: .human
            case .json: .json
            case .auto: StandardStream.error.isTerminal ? .human : .json
            }
        self.init(level: settings.level, format: format)
    }
}

/// Waits for the signals that end a server.
struct SignalHandling: Sendable {
    private let loop: LoopThread
    private let watch: SignalWatch

    static func start() async -> SignalHandling {
        let loop = LoopThread(name: "signals")
        return await loop.run { SignalHandling(loop: loop, watch: SignalWatch(SignalWatch.ending, on: loop)) }
    }

    /// Ends the loop when the start fails: its thread would else close its handles while the process takes the
    /// library down, and libuv aborts then.
    func whileStarting<Server>(_ start: () async throws -> Server) async throws -> Server {
        do {
            return try await start()
        } catch {
            loop.stop()
            throw error
        }
    }

    func first() async {
        _ = await watch.next()
    }

    /// From here on a signal ends the process without ceremony.
    func exitOnNext() {
        Task {
            _ = await watch.next()
            CurrentProcess.exit(ExitStatus.failure)
        }
    }
}
