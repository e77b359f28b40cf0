public import Domain
import SQLite

extension SQLiteStore: LedgerStore {
    /// Survives the loss of power once it returns. A posting that moves nothing is refused.
    public func post(_ posting: Posting) throws(StoreError) -> StoredPosting? {
        guard !posting.transfers.isEmpty else { throw .notWritten("a posting must move something") }
        return try keys.write { (database) throws(SQLiteError) in
            try database.transaction { () throws(SQLiteError) in
                try Journal.append(posting, to: database, clock)
            }
        }
    }

    public func posting(reference: String) throws(StoreError) -> StoredPosting? {
        try reader.read { (database) throws(SQLiteError) in
            try database.transaction(.deferred) { () throws(SQLiteError) in
                let select = try database.statement("SELECT * FROM postings WHERE reference = ?1")
                try select.bind(reference, at: 1)
                return try select.first { (row) throws(SQLiteError) in try Journal.posting(row, in: database) }
            }
        }
    }

    /// At most `maximumPage`.
    public func postings(after id: Int64, limit: Int) throws(StoreError) -> [StoredPosting] {
        try reader.read { (database) throws(SQLiteError) in
            try database.transaction(.deferred) { () throws(SQLiteError) in
                let select = try database.statement("SELECT * FROM postings WHERE id > ?1 ORDER BY id LIMIT ?2")
                try select.bind(id, at: 1)
                try select.bind(Int64(min(max(limit, 0), Self.maximumPage)), at: 2)
                return try select.rows { (row) throws(SQLiteError) in try Journal.posting(row, in: database) }
            }
        }
    }

    public func balances() throws(StoreError) -> (of: [LedgerAccount: Nanodollars], latestPosting: Int64) {
        let (balances, latest) = try reader.read { (database) throws(SQLiteError) in
            try database.transaction(.deferred) { () throws(SQLiteError) in
                var balances: [LedgerAccount: Nanodollars] = [:]
                try database.statement("SELECT account, amount FROM balances").eachRow { (row) throws(SQLiteError) in
                    balances[try Journal.account(row, at: 0)] = row.amount(at: 1)
                }
                let latest = try database.statement("SELECT coalesce(max(id), 0) FROM postings")
                    .first { row in row.integer(at: 0) }
                return (balances, latest ?? 0)
            }
        }
        return (of: balances, latestPosting: latest)
    }

    /// Without those that cost nothing.
    public func spending(since day: CalendarDay) throws(StoreError) -> [Spending] {
        try reader.read { (database) throws(SQLiteError) in
            let select = try database.statement(
                """
                SELECT day, key_id, account_id, payer, tag, sum(cost) FROM usage_days
                WHERE day >= ?1 AND cost > 0 GROUP BY 1, 2, 3, 4, 5
                """)
            try select.bind(day.number, at: 1)
            return try select.rows { row in
                let tag = row.text(at: 4)
                return Spending(
                    day: CalendarDay(daysSince1970: Int(row.integer(at: 0))), keyID: KeyID(row.text(at: 1)),
                    accountID: AccountID(row.text(at: 2)), payer: AccountID(row.text(at: 3)),
                    tag: tag.isEmpty ? nil : tag, cost: row.amount(at: 5))
            }
        }
    }

    public func tags(since day: CalendarDay) throws(StoreError) -> [TagUse] {
        try reader.read { (database) throws(SQLiteError) in
            let select = try database.statement(
                "SELECT DISTINCT payer, account_id, tag FROM usage_days WHERE day >= ?1 AND tag <> '' ORDER BY 1, 2, 3")
            try select.bind(day.number, at: 1)
            return try select.rows { row in
                TagUse(payer: AccountID(row.text(at: 0)), accountID: AccountID(row.text(at: 1)), tag: row.text(at: 2))
            }
        }
    }

    /// Reads the whole journal on a connection of its own: others read and write meanwhile, and what they write is not
    /// part of what is checked.
    public func verify() throws(StoreError) -> LedgerReport {
        // A closed store says so.
        try reader.read { _ in }
        let database = try file.connectForReading()
        do throws(SQLiteError) {
            return try database.transaction(.deferred) { () throws(SQLiteError) in
                var check = LedgerCheck(database)
                return try check.run()
            }
        } catch {
            throw StoreError(reading: error)
        }
    }
}
