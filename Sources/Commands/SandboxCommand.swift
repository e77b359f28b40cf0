import Bootstrap
import OperatingSystem
import Settings

/// `aigateway sandbox`.
enum SandboxCommand: Command {
    static let name = "sandbox"
    static let summary = "run only the simulator of vendors, for tests"
    static let shape = ArgumentShape(options: SettingsSource.options.union(["--config"]))
    static let help = """
        Usage: aigateway sandbox [--listen HOST:PORT] [--config FILE]

        Runs the simulator alone: a vendor with OpenAI's wire that answers the same to the same request, streams,
        counts tokens, and misbehaves when told to. Point any OpenAI client at http://HOST:PORT/v1 with any key.
        docs/guides/sandbox.md lists what it can be told.

        Options:
          --config FILE                   settings file; else $AIGATEWAY_CONFIG, else aigateway.yaml when it is there
          --listen HOST:PORT              where to listen (default 127.0.0.1:8080; port 0 lets the system choose)
          --sandbox.latency DURATION      wait before each answer
          --sandbox.tokens_per_second N   pace of streams; 0 is as fast as possible
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        _ = CurrentProcess.raiseOpenFileLimit()
        let signals = await SignalHandling.start()
        let sandbox = try await signals.whileStarting { try await SandboxHost.start(settings) }
        context.print("aigateway sandbox at http://\(sandbox.address)/v1")
        await signals.first()
        signals.exitOnNext()
        await sandbox.shutdown()
    }
}
