import Accounts
import Bootstrap
import Domain
import OperatingSystem
import Settings

/// `aigateway ledger`.
enum LedgerCommand: Command {
    static let name = "ledger"
    static let summary = "check the journal of money, and list what was posted"
    static let shape = ArgumentShape(
        options: ["--data", "--config", "--limit"], positional: 1...1)
    static let help = """
        Usage: aigateway ledger verify [--data DIR]
               aigateway ledger list [--limit N] [--data DIR]
               aigateway ledger balances [--data DIR]

        Works on the data directory, also while a server runs on it.
        `verify` reckons every balance, charge, sum and monthly statement anew from the journal and the records of
        calls. It ends with status 1 when anything differs, and says what.
        `list` prints the latest postings that are not calls: id, time, kind, account, amount in dollars, reference.
        `balances` prints what is where: account and dollars. Everything together is zero.

        Options:
          --data DIR      the data directory (default ./data)
          --config FILE   settings file to read the data directory from
          --limit N       lines of `list`, the latest (default 100)
        """

    private static let mostLines = 10_000

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        let action = arguments.positional[0]
        guard ["verify", "list", "balances"].contains(action) else {
            throw UsageError("there is no `ledger \(action)`; it is verify, list or balances")
        }
        let limit = try limit(arguments.options["--limit"])
        try CabinetUse.open(settings.data) { cabinet in
            switch action {
            case "verify": try verify(cabinet.ledger, context)
            case "balances": try balances(cabinet.ledger, context)
            default: try list(cabinet.ledger, limit, context)
            }
        }
    }

    private static func verify(_ ledger: any LedgerStore, _ context: CommandContext) throws {
        let report = try ledger.verify()
        context.print(
            "checked \(report.calls) calls, \(report.postings) postings, \(report.transfers) transfers, "
                + "\(report.statements) statements")
        guard report.differences.isEmpty else {
            throw CommandFailure("the books do not agree:\n  " + report.differences.joined(separator: "\n  "))
        }
        context.print("everything agrees")
    }

    private static func balances(_ ledger: any LedgerStore, _ context: CommandContext) throws {
        let balances = try ledger.balances().of.map { ($0.key.name, $0.value) }.sorted { $0.0 < $1.0 }
        for (name, amount) in balances { try context.write("\(name)\t\(amount.exactDollarsText)\n") }
    }

    private static func list(_ ledger: any LedgerStore, _ limit: Int, _ context: CommandContext) throws {
        let latest = try ledger.balances().latestPosting
        for stored in try ledger.postings(after: max(0, latest - Int64(limit)), limit: limit) {
            let posting = stored.posting
            let amount = posting.credited
            let at = ISO8601.format(wallMicroseconds: stored.createdAt.microseconds)
            try context.write(
                "\(stored.id)\t\(at)\t\(posting.kind.rawValue)\t\(posting.accountID)\t\(amount.exactDollarsText)\t"
                    + "\(posting.reference)\n")
        }
    }

    private static func limit(_ text: String?) throws(UsageError) -> Int {
        guard let text else { return 100 }
        guard let limit = Int(text), (1...mostLines).contains(limit) else {
            throw UsageError("`--limit` is a number from 1 to \(mostLines)")
        }
        return limit
    }
}
