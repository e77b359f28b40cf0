import Bootstrap
import Settings

/// `aigateway vault`.
enum VaultCommand: Command {
    static let name = "vault"
    static let summary = "replace the master key that vendor keys are sealed under"
    static let shape = ArgumentShape(options: ["--data", "--config"], positional: 1...1)
    static let help = """
        Usage: aigateway vault rotate [--data DIR]

        Makes another master key, `master.key` in the data directory. A server that runs seals every vendor key anew
        within a second and forgets the key before; calls go on meanwhile. One that does not run does so at its next
        start. Where `vault.master_key` is set, change it there, with the key before as `vault.previous_master_key`.

        Options:
          --data DIR      the data directory (default ./data)
          --config FILE   settings file to read the data directory from
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        guard arguments.positional == ["rotate"] else {
            throw UsageError("there is no `vault \(arguments.positional[0])`; it is rotate")
        }
        guard settings.vault.masterKey == nil else {
            throw CommandFailure(
                "the settings give the master key: change vault.master_key, and set vault.previous_master_key to the "
                    + "one before")
        }
        try CabinetUse.open(settings.data) { cabinet in
            do {
                try cabinet.replaceMasterKey()
            } catch let error as MasterKeyRefusal {
                throw CommandFailure(error.description)
            }
        }
        context.print("the master key was replaced")
    }
}
