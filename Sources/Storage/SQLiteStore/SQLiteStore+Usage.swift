public import Domain
import SQLite

extension SQLiteStore: UsageReader {
    /// Groups that one answer has at most: the dearest, or the first days.
    public static let maximumGroups = 10_000

    /// Calls that one look at the latest goes back at most. Calls have no index, which spares every commit.
    public static let recentReach: Int64 = 200_000

    /// Days in their order, other groups the dearest first. One row when nothing groups them.
    public func usage(_ query: UsageQuery) throws(StoreError) -> [UsageRow] {
        try reader.read { (database) throws(SQLiteError) in
            let select = try database.statement(
                """
                SELECT
                    CASE ?6
                        WHEN 'day' THEN day WHEN 'model' THEN model WHEN 'key' THEN key_id
                        WHEN 'tag' THEN nullif(tag, '') WHEN 'sub_account' THEN account_id
                    END AS label,
                    sum(requests), sum(prompt_tokens), sum(completion_tokens), sum(cost), sum(own_key_cost)
                FROM usage_days
                WHERE day BETWEEN ?2 AND ?3 AND payer = ?1 AND (?4 IS NULL OR account_id = ?4)
                    AND (?5 IS NULL OR key_id = ?5)
                GROUP BY label
                ORDER BY CASE ?6 WHEN 'day' THEN label END, sum(cost) DESC, sum(own_key_cost) DESC, label
                LIMIT ?7
                """)
            try select.bind([
                .text(query.payer.rawValue), .integer(query.first.number), .integer(query.last.number),
                Value(query.accountID?.rawValue), Value(query.keyID?.rawValue), .text(query.grouping.rawValue),
                .integer(Int64(Self.maximumGroups)),
            ])
            let rows = try select.rows { row in UsageRow(row, isDay: query.grouping == .day) }
            return rows.isEmpty && query.grouping == .none ? [.nothing] : rows
        }
    }

    /// At most `maximumPage`, among the latest `recentReach` calls of all.
    public func recentCalls(of query: RecentCallsQuery) throws(StoreError) -> [CallRecord] {
        try reader.read { (database) throws(SQLiteError) in
            let select = try database.statement(
                """
                SELECT * FROM calls
                WHERE id > (SELECT max(id) FROM calls) - ?5 AND coalesce(payer, account_id) = ?1
                    AND (?2 IS NULL OR account_id = ?2) AND (?3 IS NULL OR key_id = ?3)
                ORDER BY id DESC LIMIT ?4
                """)
            try select.bind([
                .text(query.payer.rawValue), Value(query.accountID?.rawValue), Value(query.keyID?.rawValue),
                .integer(Int64(min(max(query.limit, 0), Self.maximumPage))), .integer(Self.recentReach),
            ])
            return try select.rows { (row) throws(SQLiteError) in try CallColumns.read(row).record }
        }
    }
}

extension UsageRow {
    fileprivate static let nothing = UsageRow(
        label: nil, requests: 0, promptTokens: 0, completionTokens: 0, cost: .zero, ownKeyCost: .zero)

    /// Reads a label and five sums, which stand side by side.
    init(_ row: borrowing Row, at column: Int32 = 0, isDay: Bool = false) {
        self.init(
            label: isDay ? CalendarDay(daysSince1970: Int(row.integer(at: column))).text : row.optionalText(at: column),
            requests: row.integer(at: column + 1), promptTokens: row.integer(at: column + 2),
            completionTokens: row.integer(at: column + 3), cost: row.amount(at: column + 4),
            ownKeyCost: row.amount(at: column + 5))
    }
}
