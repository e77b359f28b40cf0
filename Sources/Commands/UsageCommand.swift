import Bootstrap
import Domain
import OperatingSystem
import Settings

/// `aigateway usage`.
enum UsageCommand: Command {
    static let name = "usage"
    static let summary = "show what calls have used and cost"
    static let shape = ArgumentShape(
        options: ["--data", "--config", "--account", "--month", "--by"], positional: 0...0)
    static let help = """
        Usage: aigateway usage [--month YYYY-MM] [--by GROUP] [--account ID] [--data DIR]

        Works on the data directory, also while a server runs on it. Prints a line for each group, separated by tabs:
        name, calls, prompt tokens, completion tokens, cost in dollars.

        Options:
          --month YYYY-MM  the month (default: this one, UTC)
          --by GROUP       day, model, key, tag or sub_account (default model)
          --account ID     whose wallet paid (default acc_root)
          --data DIR       the data directory (default ./data)
          --config FILE    settings file to read the data directory from
        """

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        let today = CalendarDay(Timestamp(microseconds: SystemClock().wallMicroseconds()))
        let month = try arguments.options["--month"].map(Self.month) ?? today.calendarMonth
        let grouping = try arguments.options["--by"].map(Self.grouping) ?? .model
        let query = UsageQuery(
            payer: AccountID(arguments.options["--account"] ?? Account.root.rawValue), first: month.firstDay,
            last: month.lastDay, grouping: grouping)
        try CabinetUse.open(settings.data) { cabinet in
            for row in try cabinet.usage.usage(query) {
                let tokens = "\(row.promptTokens)\t\(row.completionTokens)"
                try context.write(
                    "\(row.label ?? "untagged")\t\(row.requests)\t\(tokens)\t\(row.cost.exactDollarsText)\n")
            }
        }
    }

    private static func month(_ text: String) throws(UsageError) -> CalendarMonth {
        guard let month = CalendarMonth(text) else { throw UsageError("`--month` is written YYYY-MM") }
        return month
    }

    private static func grouping(_ text: String) throws(UsageError) -> UsageQuery.Grouping {
        guard let grouping = UsageQuery.Grouping(rawValue: text), grouping != .none else {
            throw UsageError("`--by` is day, model, key, tag or sub_account")
        }
        return grouping
    }
}
