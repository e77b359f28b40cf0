import OperatingSystem
import Settings

/// Puts settings together for a verb: file, environment, flags.
enum SettingsSource {
    /// Read when no other file is named and it is there.
    static let defaultFile = "aigateway.yaml"
    static let fileVariable = "AIGATEWAY_CONFIG"

    /// The options that are settings: the short flags, and every setting by its full name.
    static let options: Set<String> = Set(Settings.flags.map(\.name) + Settings.names.map { "--\($0)" })

    static let flagHelp: String = {
        let width = Settings.flags.map(\.name.count).max() ?? 0
        return Settings.flags.map { flag in
            "  \(flag.name)\(String(repeating: " ", count: width - flag.name.count + 3))\(flag.summary)"
        }.joined(separator: "\n")
    }()

    static func load(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandFailure) -> Settings {
        let file = try readFile(arguments, context)
        let flags = arguments.options.filter { options.contains($0.key) }
        switch Settings.load(file: file, environment: context.environment.values, flags: flags) {
        case .success(let settings): return settings
        case .failure(let problems):
            let count = problems.problems.count
            throw CommandFailure(
                "the settings have \(count) problem\(count == 1 ? "" : "s"):\n\(problems.description)")
        }
    }

    private static func readFile(
        _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandFailure) -> (path: String, bytes: [UInt8])? {
        let named = arguments.options["--config"] ?? context.environment[fileVariable]
        do {
            if let named { return (named, try Files.read(named, maxBytes: Settings.maxFileBytes)) }
            guard try Files.exists(defaultFile) else { return nil }
            return (defaultFile, try Files.read(defaultFile, maxBytes: Settings.maxFileBytes))
        } catch {
            throw CommandFailure(error.description)
        }
    }
}
