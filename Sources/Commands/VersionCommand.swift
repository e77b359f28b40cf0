/// The version of this build, in the words of semver.
public enum Version {
    public static let text = "0.1.0"
}

/// `aigateway version`.
enum VersionCommand: Command {
    static let name = "version"
    static let summary = "print the version"
    static let shape = ArgumentShape()
    static let help = """
        Usage: aigateway version

        Prints the version alone.
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        try context.write(Version.text + "\n")
    }
}
