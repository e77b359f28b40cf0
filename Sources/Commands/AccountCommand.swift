import Bootstrap
import Crypto
import Domain
import OperatingSystem
import Settings

/// `aigateway account`.
enum AccountCommand: Command {
    static let name = "account"
    static let summary = "open and list accounts, and give them credit"
    static let shape = ArgumentShape(
        options: ["--data", "--config", "--name", "--plan", "--reference"], positional: 1...3)
    static let help = """
        Usage: aigateway account create [--name NAME] [--plan PLAN] [--data DIR]
               aigateway account list [--data DIR]
               aigateway account top-up ID DOLLARS [--reference TEXT] [--data DIR]
               aigateway account credit ID DOLLARS [--reference TEXT] [--data DIR]

        Works on the data directory, also while a server runs on it: the server sees the change within a second.
        `create` prints the account's id; `aigateway key create --account ID` makes a key for it.
        `list` prints id, plan, balance in dollars, state and name, separated by tabs.
        `top-up` enters a payment: the fee of the settings is kept, the rest can be spent.
        `credit` gives the whole amount, as an adjustment.
        Into a closed account's wallet goes no more than it owes.

        Options:
          --name NAME       whose account it is
          --plan PLAN       payg (default): spends what was paid before; postpaid: is billed for what it spent
          --reference TEXT  names the payment; one that was entered before is not entered again
          --data DIR        the data directory (default ./data)
          --config FILE     settings file to read the data directory and the fee from
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        let action = arguments.positional[0]
        let rest = arguments.positional.dropFirst()
        guard ["create", "list", "top-up", "credit"].contains(action) else {
            throw UsageError("there is no `account \(action)`; it is create, list, top-up or credit")
        }
        let wanted = ["top-up", "credit"].contains(action) ? 2 : 0
        guard rest.count == wanted else {
            throw UsageError("`account \(action)` " + (wanted == 2 ? "needs ID and DOLLARS" : "takes no id"))
        }
        try CabinetUse.open(settings.data) { cabinet in
            switch action {
            case "create": try create(arguments, cabinet, context)
            case "list": try list(cabinet, context)
            default: try pay(action, Array(rest), arguments, settings, cabinet, context)
            }
        }
    }

    private static func create(
        _ arguments: ParsedArguments, _ cabinet: KeyCabinet, _ context: CommandContext
    ) throws {
        guard let plan = Account.Plan(rawValue: arguments.options["--plan"] ?? Account.Plan.prepaid.rawValue) else {
            throw UsageError("`--plan` is payg or postpaid")
        }
        let account = Account(
            id: AccountID("acc_" + SecureRandom.base62(length: 16)), name: try CabinetUse.name(arguments),
            createdAt: Timestamp(microseconds: SystemClock().wallMicroseconds()), plan: plan)
        try cabinet.keys.insert(account)
        try context.write("\(account.id)\n")
    }

    private static func list(_ cabinet: KeyCabinet, _ context: CommandContext) throws {
        let balances = try cabinet.ledger.balances().of
        for account in try cabinet.keys.accounts() {
            let balance = account.parentID == nil ? balances[.wallet(account.id)] ?? .zero : nil
            let state = account.closedAt == nil ? "open" : "closed"
            try context.write(
                "\(account.id)\t\(account.parentID.map { "sub-account of \($0)" } ?? account.plan.rawValue)\t"
                    + "\(balance?.exactDollarsText ?? "-")\t\(state)\t\(account.name)\n")
        }
    }

    private static func pay(
        _ action: String, _ rest: [String], _ arguments: ParsedArguments, _ settings: Settings,
        _ cabinet: KeyCabinet, _ context: CommandContext
    ) throws {
        let id = AccountID(rest[0])
        let amount = try CabinetUse.dollars(rest[1])
        guard let account = try cabinet.keys.account(id), account.parentID == nil else {
            throw CommandFailure("there is no account with a wallet `\(id)`; `aigateway account list` shows them")
        }
        let reference = "cli:" + (arguments.options["--reference"] ?? SecureRandom.base62(length: 16))
        let posting =
            action == "top-up"
            ? settings.topUpTerms.posting(paid: amount, of: id, reference: reference)
            : Transfer(amount, from: .adjustments, to: .wallet(id)).map {
                Posting(.adjustment, of: id, [$0], reference: reference)
            }
        guard let posting else { throw UsageError("nothing is left of $\(rest[1]) to spend") }
        let credit = posting.transfers.filter { $0.to == .wallet(id) }.reduce(.zero) { $0 + $1.amount }
        guard account.accepts(credit, with: try cabinet.ledger.balances().of[.wallet(id)] ?? .zero) else {
            throw CommandFailure("`\(id)` is closed: no more can be put into its wallet than it owes")
        }
        guard try cabinet.ledger.post(posting) != nil else {
            throw CommandFailure("`\(reference)` was entered before; nothing was changed")
        }
        let balance = try cabinet.ledger.balances().of[.wallet(id)] ?? .zero
        try context.write("\(balance.exactDollarsText)\n")
    }
}
