public import Domain
import SQLite

extension SQLiteStore {
    public func account(_ id: AccountID) throws(StoreError) -> Account? {
        try keys.read { (database) throws(SQLiteError) in
            let select = try database.statement("SELECT * FROM accounts WHERE id = ?1")
            try select.bind(id.rawValue, at: 1)
            return try select.first { (row) throws(SQLiteError) in try Account(row) }
        }
    }

    public func accounts() throws(StoreError) -> [Account] {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT * FROM accounts ORDER BY created_at, id")
                .rows { (row) throws(SQLiteError) in try Account(row) }
        }
    }

    public func insert(_ account: Account) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in try Self.insert(account, into: database) }
    }

    static func insert(_ account: Account, into database: Database) throws(SQLiteError) {
        try database.statement(
            """
            INSERT INTO accounts (
                id, created_at, name, plan, parent_id, external_reference, default_tag, requests_per_minute,
                tokens_per_minute, concurrency, daily, monthly, allowed_models, closed_at
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """
        ).run([.text(account.id.rawValue), Value(account.createdAt)] + account.columns)
    }

    public func update(_ account: Account) throws(StoreError) -> Bool {
        try keys.write { (database) throws(SQLiteError) in
            try database.statement(
                """
                UPDATE accounts SET
                    name = ?2, plan = ?3, parent_id = ?4, external_reference = ?5, default_tag = ?6,
                    requests_per_minute = ?7, tokens_per_minute = ?8, concurrency = ?9, daily = ?10, monthly = ?11,
                    allowed_models = ?12, closed_at = ?13
                WHERE id = ?1
                """
            ).run([.text(account.id.rawValue)] + account.columns)
            return database.changedRows > 0
        }
    }
}

extension Account {
    /// What may change, in the order of the statements above.
    fileprivate var columns: [Value] {
        [
            .text(name), .text(plan.rawValue), Value(parentID?.rawValue), Value(externalReference), Value(defaultTag),
        ] + limits.columns + [Value(TextList.column(allowedModels.patterns)), Value(closedAt)]
    }

    /// Reads a row of `accounts` selected with `*`.
    fileprivate init(_ row: borrowing Row) throws(SQLiteError) {
        guard let plan = Plan(rawValue: row.text(at: 3)) else { throw .corruptValue("accounts.plan") }
        self.init(
            id: AccountID(row.text(at: 0)), name: row.text(at: 1), createdAt: row.moment(at: 2), plan: plan,
            parentID: row.optionalText(at: 4).map(AccountID.init(rawValue:)),
            externalReference: row.optionalText(at: 5), defaultTag: row.optionalText(at: 6),
            limits: Limits(row, at: 7), allowedModels: ModelAllowList(TextList.texts(row.optionalText(at: 12))),
            closedAt: row.optionalMoment(at: 13))
    }
}
