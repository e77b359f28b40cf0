import Domain
import SQLite

/// Reckons a statement from the balance of now, back through what came since. That reads postings and the days' sums,
/// which are few, and not the movements of calls, which are many.
struct StatementMaker {
    private let account: AccountID
    private let month: CalendarMonth
    private let wallet: String
    private let database: Database

    init(_ account: AccountID, _ month: CalendarMonth, _ database: Database) {
        self.account = account
        self.month = month
        wallet = LedgerAccount.wallet(account).name
        self.database = database
    }

    func make() throws(SQLiteError) -> Domain.Statement {
        let end = month.next.firstDay
        let closing = try balance() - posted(since: end) + charged(since: end)
        let opening = try balance() - posted(since: month.firstDay) + charged(since: month.firstDay)
        return Domain.Statement(
            accountID: account, month: month, opening: opening, postings: try postings(), charges: try charges(),
            closing: closing)
    }

    private func balance() throws(SQLiteError) -> Nanodollars {
        let select = try database.statement("SELECT amount FROM balances WHERE account = ?1")
        try select.bind(wallet, at: 1)
        return try select.first { row in row.amount(at: 0) } ?? .zero
    }

    /// What postings brought, less what they took.
    private func posted(since day: CalendarDay) throws(SQLiteError) -> Nanodollars {
        let select = try database.statement(
            """
            SELECT coalesce(sum(CASE WHEN to_account = ?1 THEN amount ELSE -amount END), 0)
            FROM transfers
            WHERE posting_id IS NOT NULL AND at >= ?2 AND (to_account = ?1 OR from_account = ?1)
            """)
        try select.bind([.text(wallet), Value(day.startsAt)])
        return try select.first { row in row.amount(at: 0) } ?? .zero
    }

    private func charged(since day: CalendarDay) throws(SQLiteError) -> Nanodollars {
        let select = try database.statement(
            "SELECT coalesce(sum(cost), 0) FROM usage_days WHERE day >= ?2 AND payer = ?1")
        try select.bind([.text(account.rawValue), .integer(day.number)])
        return try select.first { row in row.amount(at: 0) } ?? .zero
    }

    private func postings() throws(SQLiteError) -> [StoredPosting] {
        let select = try database.statement(
            """
            SELECT * FROM postings
            WHERE at >= ?2 AND at < ?3 AND EXISTS (
                SELECT 1 FROM transfers
                WHERE posting_id = postings.id AND (to_account = ?1 OR from_account = ?1))
            ORDER BY id
            """)
        try select.bind([.text(wallet), Value(month.firstDay.startsAt), Value(month.next.firstDay.startsAt)])
        return try select.rows { (row) throws(SQLiteError) in try Journal.posting(row, in: database) }
    }

    private func charges() throws(SQLiteError) -> [UsageRow] {
        let select = try database.statement(
            """
            SELECT model, sum(requests), sum(prompt_tokens), sum(completion_tokens), sum(cost), sum(own_key_cost)
            FROM usage_days WHERE day BETWEEN ?2 AND ?3 AND payer = ?1
            GROUP BY model ORDER BY sum(cost) DESC, sum(own_key_cost) DESC, model
            """)
        try select.bind([
            .text(account.rawValue), .integer(month.firstDay.number), .integer(month.lastDay.number),
        ])
        return try select.rows { row in UsageRow(row) }
    }
}
