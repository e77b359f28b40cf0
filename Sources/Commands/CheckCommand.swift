import Bootstrap
import Settings

/// `aigateway check`.
enum CheckCommand: Command {
    static let name = "check"
    static let summary = "look for mistakes in the settings and the catalogue files"
    static let shape = ArgumentShape(options: SettingsSource.options.union(["--config"]), switches: ["--show"])
    static let help = """
        Usage: aigateway check [--config FILE] [--show]

        Reads the settings, and the catalogue files they name, as `serve` would and lists every problem at once.
        Ends with 1 when there is any.

        Options:
          --config FILE   settings file; else $AIGATEWAY_CONFIG, else aigateway.yaml when it is there
          --show          print the settings in force; secrets stay hidden
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        let problems = CatalogueFiles(settings).problems()
        guard problems.isEmpty else {
            let count = problems.count
            throw CommandFailure(
                "the catalogue has \(count) problem\(count == 1 ? "" : "s"):\n\(problems.joined(separator: "\n"))")
        }
        if arguments.switches.contains("--show") {
            for (name, value) in settings.effectiveValues { try context.write("\(name): \(value)\n") }
        } else {
            context.print("the settings are good")
        }
    }
}
