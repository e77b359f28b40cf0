import Domain
import SQLite

/// How a statement lies in its rows.
enum StatementRows {
    /// Does nothing when there is one.
    static func write(_ statement: Domain.Statement, to database: Database) throws(SQLiteError) {
        let (account, month) = (Value.text(statement.accountID.rawValue), Value.text(statement.month.text))
        try database.statement(
            """
            INSERT INTO statements (account_id, month, opening, closing) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO NOTHING
            """
        ).run([account, month, Value(statement.opening), Value(statement.closing)])
        guard database.changedRows > 0 else { return }
        let posting = try database.statement("INSERT INTO statement_postings VALUES (?1, ?2, ?3)")
        for stored in statement.postings { try posting.run([account, month, .integer(stored.id)]) }
        let charge = try database.statement(
            "INSERT INTO statement_charges VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        for (position, row) in statement.charges.enumerated() {
            try charge.run([
                account, month, Value(position), .text(row.label ?? ""), .integer(row.requests),
                .integer(row.promptTokens), .integer(row.completionTokens), Value(row.cost), Value(row.ownKeyCost),
            ])
        }
    }

    static func read(
        _ account: AccountID, _ month: CalendarMonth, in database: Database
    ) throws(SQLiteError) -> Domain.Statement? {
        let key = [Value.text(account.rawValue), .text(month.text)]
        let select = try database.statement(
            "SELECT opening, closing FROM statements WHERE account_id = ?1 AND month = ?2")
        try select.bind(key)
        guard let ends = try select.first({ row in (row.amount(at: 0), row.amount(at: 1)) }) else { return nil }
        return Domain.Statement(
            accountID: account, month: month, opening: ends.0, postings: try postings(key, in: database),
            charges: try charges(key, in: database), closing: ends.1)
    }

    /// By their ids: what was posted never changes.
    private static func postings(_ key: [Value], in database: Database) throws(SQLiteError) -> [StoredPosting] {
        let select = try database.statement(
            """
            SELECT postings.* FROM statement_postings JOIN postings ON postings.id = posting_id
            WHERE statement_postings.account_id = ?1 AND month = ?2 ORDER BY posting_id
            """)
        try select.bind(key)
        return try select.rows { (row) throws(SQLiteError) in try Journal.posting(row, in: database) }
    }

    private static func charges(_ key: [Value], in database: Database) throws(SQLiteError) -> [UsageRow] {
        let select = try database.statement(
            """
            SELECT model, requests, prompt_tokens, completion_tokens, cost, own_key_cost FROM statement_charges
            WHERE account_id = ?1 AND month = ?2 ORDER BY position
            """)
        try select.bind(key)
        return try select.rows { row in UsageRow(row) }
    }
}
