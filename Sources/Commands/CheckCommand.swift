import Settings

/// `aigateway check`.
enum CheckCommand: Command {
    static let name = "check"
    static let summary = "look for mistakes in the settings"
    static let shape = ArgumentShape(options: SettingsSource.options.union(["--config"]), switches: ["--show"])
    static let help = """
        Usage: aigateway check [--config FILE] [--show]

        Reads the settings as `serve` would and lists every problem at once. Ends with 1 when there is any.

        Options:
          --config FILE   settings file; else $AIGATEWAY_CONFIG, else aigateway.yaml when it is there
          --show          print the settings in force; secrets stay hidden
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        if arguments.switches.contains("--show") {
            for (name, value) in settings.effectiveValues { try context.write("\(name): \(value)\n") }
        } else {
            context.print("the settings are good")
        }
    }
}
