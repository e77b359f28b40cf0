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
        options: ["--data", "--config", "--name", "--account", "--role"], positional: 1...2)
    static let help = """
        Usage: aigateway key create [--name NAME] [--account ID] [--role ROLE] [--data DIR]
               aigateway key list [--data DIR]
               aigateway key revoke ID [--data DIR]

        Works on the data directory, also while a server runs on it: the server sees the change within a second.
        `create` prints the key alone on standard output, the only time it is ever shown; its id goes to standard error.
        `list` prints id, state, first characters, time of creation, name, account and role, separated by tabs.

        Options:
          --data DIR      the data directory (default ./data)
          --config FILE   settings file to read the data directory from
          --name NAME     what the key is for
          --account ID    whose key it is (default acc_root)
          --role ROLE     key-only: calls models; member: sees its account's usage too; admin: manages its account;
                          root: manages the gateway, acc_root only (default root there, member elsewhere)
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
        for option in ["--name", "--account", "--role"] where action != "create" && arguments.options[option] != nil {
            throw UsageError("`key \(action)` takes no `\(option)`")
        }
        try CabinetUse.open(settings.data) { cabinet in
            switch action {
            case "create": try create(arguments, in: cabinet, context)
            case "revoke": try revoke(KeyID(id ?? ""), in: cabinet, context)
            default: try list(cabinet, context)
            }
        }
    }

    private static func create(
        _ arguments: ParsedArguments, in cabinet: KeyCabinet, _ context: CommandContext
    ) throws {
        let name = try CabinetUse.name(arguments)
        let account = AccountID(arguments.options["--account"] ?? Account.root.rawValue)
        guard let owner = try cabinet.keys.account(account), owner.closedAt == nil else {
            throw CommandFailure("there is no open account `\(account)`; `aigateway account list` shows them")
        }
        let role = try role(arguments.options["--role"], of: account)
        let issued = try cabinet.issuer.issue(name: name, account: account, role: role)
        try? StandardStream.error.write("created \(issued.key.id)\n")
        try context.write(issued.secret.reveal() + "\n")
    }

    private static func role(_ text: String?, of account: AccountID) throws(UsageError) -> Role {
        guard let text else { return account == Account.root ? .root : .member }
        guard let role = Role(rawValue: text), role != .root || account == Account.root else {
            throw UsageError("`--role` is key-only, member or admin; root only for \(Account.root)")
        }
        return role
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
            try context.write(
                "\(key.id)\t\(state)\t\(key.prefix)…\t\(created)\t\(key.name)\t\(key.accountID)\t\(key.role.rawValue)\n"
            )
        }
    }
}
