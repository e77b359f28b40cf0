public import Domain
import SQLite

extension SQLiteStore: AccountHistory {
    /// At most `maximumPage`.
    public func postings(
        of account: AccountID, kind: PostingKind, limit: Int
    ) throws(StoreError) -> [StoredPosting] {
        try reader.read { (database) throws(SQLiteError) in
            try database.transaction(.deferred) { () throws(SQLiteError) in
                let select = try database.statement(
                    "SELECT * FROM postings WHERE account_id = ?1 AND kind = ?2 ORDER BY id DESC LIMIT ?3")
                try select.bind([
                    .text(account.rawValue), .text(kind.rawValue),
                    .integer(Int64(min(max(limit, 0), Self.maximumPage))),
                ])
                return try select.rows { (row) throws(SQLiteError) in try Journal.posting(row, in: database) }
            }
        }
    }

    /// Among the latest `recentReach` calls of all: what came before them is not looked at.
    public func hourlySpending(
        payer: AccountID, accountID: AccountID?, from start: Timestamp, before end: Timestamp
    ) throws(StoreError) -> HourlySpending {
        try reader.read { (database) throws(SQLiteError) in
            try database.transaction(.deferred) { () throws(SQLiteError) in
                let select = try database.statement(
                    """
                    SELECT coalesce(committed_at, started_at) / 3600000000, sum(cost) FROM calls
                    WHERE id > (SELECT max(id) FROM calls) - ?5 AND coalesce(payer, account_id) = ?1
                        AND (?2 IS NULL OR account_id = ?2)
                        AND coalesce(committed_at, started_at) >= ?3 AND coalesce(committed_at, started_at) < ?4
                    GROUP BY 1
                    """)
                try select.bind([
                    .text(payer.rawValue), Value(accountID?.rawValue), Value(start), Value(end),
                    .integer(Self.recentReach),
                ])
                var spending = HourlySpending(completeSince: try Self.beginningOfReach(database))
                try select.eachRow { row in spending.costs[row.integer(at: 0)] = row.amount(at: 1) }
                return spending
            }
        }
    }

    /// When the latest call that is out of reach was written; nil when all are within it.
    private static func beginningOfReach(_ database: Database) throws(SQLiteError) -> Timestamp? {
        let select = try database.statement(
            """
            SELECT coalesce(committed_at, started_at) FROM calls
            WHERE id <= (SELECT max(id) FROM calls) - ?1 ORDER BY id DESC LIMIT 1
            """)
        try select.bind(recentReach, at: 1)
        return try select.first { row in row.moment(at: 0) }
    }
}
