public import OperatingSystem

/// One verb of the command line.
protocol Command: Sendable {
    static var name: String { get }
    static var summary: String { get }
    static var help: String { get }
    static var shape: ArgumentShape { get }
    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws
}

/// What every verb may use of the world.
public struct CommandContext: Sendable {
    public let environment: Environment
    /// What memory comes from, for `version --verbose`.
    public let allocator: String

    public init(environment: Environment, allocator: String = "the system's") {
        self.environment = environment
        self.allocator = allocator
    }

    func print(_ text: String) {
        try? StandardStream.output.write(text + "\n")
    }

    func write(_ text: String) throws(CommandFailure) {
        do {
            try StandardStream.output.write(text)
        } catch {
            throw CommandFailure("standard output cannot be written")
        }
    }

    func complain(_ text: String) {
        try? StandardStream.error.write("aigateway: \(text)\n")
    }
}

/// Statuses the program ends with.
enum ExitStatus {
    static let success: Int32 = 0
    static let failure: Int32 = 1
    static let usage: Int32 = 2
}

/// The command line: finds the verb, runs it, and turns what went wrong into text and a status.
public enum CommandTable {
    static let verbs: [any Command.Type] = [
        ServeCommand.self, SandboxCommand.self, KeyCommand.self, AccountCommand.self, UsageCommand.self,
        LedgerCommand.self, VaultCommand.self, CallCommand.self, CheckCommand.self, VersionCommand.self,
    ]

    public static func run(_ arguments: [String], _ context: CommandContext) async -> Int32 {
        CurrentProcess.ignoreBrokenPipeSignal()
        guard let first = arguments.first else {
            context.complain("no command given\n\n\(overview)")
            return ExitStatus.usage
        }
        if ["help", "--help", "-h"].contains(first) { return help(for: arguments.dropFirst().first, context) }
        let name = first == "--version" ? "version" : first
        guard let verb = verbs.first(where: { $0.name == name }) else {
            context.complain("there is no command `\(first)`; `aigateway help` lists them")
            return ExitStatus.usage
        }
        let rest = Array(arguments.dropFirst())
        if rest.contains("--help") || rest.contains("-h") { return help(for: name, context) }
        return await run(verb, rest, context)
    }

    private static func run(_ verb: any Command.Type, _ arguments: [String], _ context: CommandContext) async -> Int32 {
        do {
            try await verb.run(try verb.shape.parse(arguments), context)
            return ExitStatus.success
        } catch let error as UsageError {
            context.complain("\(error.text)\nTry `aigateway help \(verb.name)`.")
            return ExitStatus.usage
        } catch let error as CommandFailure {
            context.complain(error.text)
            return ExitStatus.failure
        } catch {
            context.complain("\(error)")
            return ExitStatus.failure
        }
    }

    private static func help(for name: String?, _ context: CommandContext) -> Int32 {
        guard let name else {
            context.print(overview)
            return ExitStatus.success
        }
        guard let verb = verbs.first(where: { $0.name == name }) else {
            context.complain("there is no command `\(name)`; `aigateway help` lists them")
            return ExitStatus.usage
        }
        context.print(verb.help)
        return ExitStatus.success
    }

    static var overview: String {
        let width = verbs.map { $0.name.count }.max() ?? 0
        let lines = verbs.map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count + 3))\($0.summary)" }
        return """
            aigateway: one address and one key for every AI vendor.

            Usage: aigateway COMMAND [OPTIONS]

            \(lines.joined(separator: "\n"))

            `aigateway help COMMAND` explains one. Settings are listed in docs/configuration.md.
            Exit status: 0 done, 1 could not be done, 2 the command line is wrong.
            """
    }
}
