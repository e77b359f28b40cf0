import Accounts
import Bootstrap
import Domain
import OperatingSystem
import Settings
import Telemetry

/// `aigateway key`.
enum KeyCommand: Command {
    static let name = "key"
    static let summary = "create, list and revoke API keys"
    static let shape = ArgumentShape(
        options: ["--data", "--config", "--name"], positional: 1...2)
    static let help = """
        Usage: aigateway key create [--name NAME] [--data DIR]
               aigateway key list [--data DIR]
               aigateway key revoke ID [--data DIR]

        Works on the data directory, also while a server runs on it: the server sees the change within a second.
        `create` prints the key alone on standard output, the only time it is ever shown; its id goes to standard error.
        `list` prints id, state, first characters, time of creation and name, separated by tabs.

        Options:
          --data DIR      the data directory (default ./data)
          --config FILE   settings file to read the data directory from
          --name NAME     what the key is for
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        let action = arguments.positional[0]
        let id = arguments.positional.dropFirst().first
        guard ["create", "list", "revoke"].contains(action) else {
            throw UsageError("there is no `key \(action)`; it is create, list or revoke")
        }
        guard (action == "revoke") == (id != nil) else {
            throw UsageError(action == "revoke" ? "`key revoke` needs the id of a key" : "`key \(action)` takes no id")
        }
        guard action == "create" || arguments.options["--name"] == nil else {
            throw UsageError("`key \(action)` takes no `--name`")
        }
        let cabinet: KeyCabinet
        do {
            cabinet = try KeyCabinet.open(settings.data)
        } catch {
            throw CommandFailure(error.description)
        }
        defer { cabinet.close() }
        do {
            switch action {
            case "create": try create(named: arguments.options["--name"] ?? "", in: cabinet, context)
            case "revoke": try revoke(KeyID(id ?? ""), in: cabinet, context)
            default: try list(cabinet, context)
            }
        } catch let error as StoreError {
            throw CommandFailure(StartError.store(error).description)
        }
    }

    private static let longestName = 200

    private static func create(named name: String, in cabinet: KeyCabinet, _ context: CommandContext) throws {
        guard name.utf8.count <= longestName, !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw UsageError("a name has at most \(longestName) bytes and no control characters")
        }
        let issued = try cabinet.issuer.issue(name: name)
        try? StandardStream.error.write("created \(issued.key.id)\n")
        try context.write(issued.secret.reveal() + "\n")
    }

    private static func revoke(_ id: KeyID, in cabinet: KeyCabinet, _ context: CommandContext) throws {
        guard try cabinet.issuer.revoke(id) else {
            throw CommandFailure("there is no active key `\(id)`; `aigateway key list` shows them")
        }
        context.print("revoked \(id)")
    }

    private static func list(_ cabinet: KeyCabinet, _ context: CommandContext) throws {
        for key in try cabinet.issuer.keys() {
            let state = key.revokedAt == nil ? "active" : "revoked"
            let created = ISO8601.format(wallMicroseconds: key.createdAt.microseconds)
            try context.write("\(key.id)\t\(state)\t\(key.prefix)…\t\(created)\t\(key.name)\n")
        }
    }
}
