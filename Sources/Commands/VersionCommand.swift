import Bootstrap

/// `aigateway version`.
enum VersionCommand: Command {
    static let name = "version"
    static let summary = "print the version"
    static let shape = ArgumentShape(switches: ["--verbose"])
    static let help = """
        Usage: aigateway version [--verbose]

        Prints the version alone.

        Options:
          --verbose       also print what the program was built with
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        try context.write(Version.text + "\n")
        guard arguments.switches.contains("--verbose") else { return }
        try context.write("allocator: \(context.allocator)\n")
    }
}
