import Accounts
import Domain
import JSON

/// `/v1/balance` and `/v1/statements`
enum StatementRoutes {
    /// `GET /v1/balance`
    static func balance(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let account = try call.caller.account
        let spent = desks.money.spent(.account(account.id))
        return .json([
            "object": "balance", "currency": "usd", "account_id": .string(account.id.rawValue),
            "plan": .string(account.plan.rawValue), "balance_cents": .cents(desks.money.balance(of: account)),
            "held_cents": .cents(desks.money.held(of: account)), "spend_today_cents": .cents(spent.today),
            "spend_month_cents": .cents(spent.month),
        ])
    }

    /// `GET /v1/statements/{month}`
    static func statement(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let form = try ReportForm(call)
        guard let month = CalendarMonth(call.id) else {
            throw RequestFields.invalid("month", "must be a month, YYYY-MM.")
        }
        let statement = try desks.usage.statement(of: month, for: try call.caller)
        if case .csv = form { return .csv(lines(statement), fileName: "statement-\(month.text).csv") }
        return .json([
            "object": "statement", "account_id": .string(statement.accountID.rawValue),
            "month": .string(month.text), "currency": "usd", "opening_balance_cents": .cents(statement.opening),
            "postings": .array(statement.postings.map { .object(PostingRoutes.json($0)) }),
            "charges": UsageTable(statement.charges, name: "model_id").table.json,
            "total": UsageTable.sum(statement.charges), "closing_balance_cents": .cents(statement.closing),
        ])
    }

    /// One line for each movement: the amounts between opening and closing make the difference between them.
    private static func lines(_ statement: Statement) -> Table {
        let opening: [Table.Cell] = [
            .text("opening"), .text(statement.month.firstDay.text), .none, .none, .cents(statement.opening),
        ]
        let closing: [Table.Cell] = [
            .text("closing"), .text(statement.month.lastDay.text), .none, .none, .cents(statement.closing),
        ]
        let postings = statement.postings.map { stored -> [Table.Cell] in
            [
                .text(stored.posting.kind.rawValue), .text(CalendarDay(stored.createdAt).text),
                .text(stored.posting.reference), .none, .cents(stored.posting.credited),
            ]
        }
        let charges = statement.charges.map { row -> [Table.Cell] in
            [.text("usage"), .none, .text(row.label ?? ""), .int(row.requests), .cents(.zero - row.cost)]
        }
        return Table(
            columns: ["type", "date", "description", "requests", "amount_cents"],
            rows: [opening] + postings + charges + [closing])
    }
}
