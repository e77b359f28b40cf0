public import Domain
import SQLite

extension SQLiteStore: KeyStore {
    public func keyGeneration() throws(StoreError) -> Int64 {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT value FROM key_generation").first { row in row.integer(at: 0) } ?? 0
        }
    }

    /// Those of sub-accounts of closed accounts are dead as well: nobody would pay for them.
    public func activeKeys() throws(StoreError) -> [APIKey] {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement(
                """
                SELECT keys.* FROM keys
                JOIN accounts ON accounts.id = keys.account_id
                LEFT JOIN accounts AS parents ON parents.id = accounts.parent_id
                WHERE keys.revoked_at IS NULL AND accounts.closed_at IS NULL AND parents.closed_at IS NULL
                ORDER BY keys.created_at, keys.id
                """
            ).rows { (row) throws(SQLiteError) in try APIKey(row) }
        }
    }

    public func allKeys() throws(StoreError) -> [APIKey] {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT * FROM keys ORDER BY created_at, id")
                .rows { (row) throws(SQLiteError) in try APIKey(row) }
        }
    }

    public func key(_ id: KeyID) throws(StoreError) -> APIKey? {
        try keys.read { (database) throws(SQLiteError) in
            let select = try database.statement("SELECT * FROM keys WHERE id = ?1")
            try select.bind(id.rawValue, at: 1)
            return try select.first { (row) throws(SQLiteError) in try APIKey(row) }
        }
    }

    public func insert(_ key: APIKey) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in try Self.insert(key, into: database) }
    }

    static func insert(_ key: APIKey, into database: Database) throws(SQLiteError) {
        try database.statement(
            """
            INSERT INTO keys (
                id, name, role, requests_per_minute, tokens_per_minute, concurrency, daily, monthly,
                allowed_models, allowed_addresses, expires_at, account_id, prefix, hash, created_at, revoked_at,
                replaces
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            """
        ).run(
            key.columns + [
                .text(key.accountID.rawValue), .text(key.prefix), .blob(key.hash), Value(key.createdAt),
                Value(key.revokedAt), Value(key.replaces?.rawValue),
            ])
    }

    public func update(_ key: APIKey) throws(StoreError) -> Bool {
        try keys.write { (database) throws(SQLiteError) in
            try database.statement(
                """
                UPDATE keys SET
                    name = ?2, role = ?3, requests_per_minute = ?4, tokens_per_minute = ?5, concurrency = ?6,
                    daily = ?7, monthly = ?8, allowed_models = ?9, allowed_addresses = ?10, expires_at = ?11
                WHERE id = ?1 AND revoked_at IS NULL
                """
            ).run(key.columns)
            return database.changedRows > 0
        }
    }

    public func revoke(_ id: KeyID, at moment: Timestamp) throws(StoreError) -> Bool {
        try keys.write { (database) throws(SQLiteError) in
            try database.run(
                "UPDATE keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
                .text(id.rawValue), .integer(moment.microseconds))
            return database.changedRows > 0
        }
    }
}

extension APIKey {
    /// The id and what may change, in the order of the statements above.
    fileprivate var columns: [Value] {
        [.text(id.rawValue), .text(name), .text(role.rawValue)] + scope.limits.columns + [
            Value(TextList.column(scope.allowedModels.patterns)), Value(TextList.column(scope.allowedAddresses)),
            Value(scope.expiresAt),
        ]
    }

    /// Reads a row of `keys` selected with `*`.
    fileprivate init(_ row: borrowing Row) throws(SQLiteError) {
        guard let role = Role(rawValue: row.text(at: 7)) else { throw .corruptValue("keys.role") }
        self.init(
            id: KeyID(row.text(at: 0)), accountID: AccountID(row.text(at: 1)), name: row.text(at: 2),
            prefix: row.text(at: 3), hash: row.blob(at: 4), createdAt: row.moment(at: 5),
            revokedAt: row.optionalMoment(at: 6), role: role,
            scope: KeyScope(
                limits: Limits(row, at: 8), allowedModels: ModelAllowList(TextList.texts(row.optionalText(at: 13))),
                allowedAddresses: TextList.texts(row.optionalText(at: 14)), expiresAt: row.optionalMoment(at: 15)),
            replaces: row.optionalText(at: 16).map(KeyID.init(rawValue:)))
    }
}
