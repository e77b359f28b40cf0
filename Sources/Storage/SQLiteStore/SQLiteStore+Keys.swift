public import Domain
import SQLite

extension SQLiteStore: KeyStore {
    public func keyGeneration() throws(StoreError) -> Int64 {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT value FROM key_generation").first { row in row.integer(at: 0) } ?? 0
        }
    }

    public func activeKeys() throws(StoreError) -> [APIKey] {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT * FROM keys WHERE revoked_at IS NULL ORDER BY created_at, id")
                .rows { row in APIKey(row) }
        }
    }

    public func allKeys() throws(StoreError) -> [APIKey] {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT * FROM keys ORDER BY created_at, id").rows { row in APIKey(row) }
        }
    }

    public func account(_ id: AccountID) throws(StoreError) -> Account? {
        try keys.read { (database) throws(SQLiteError) in
            let select = try database.statement("SELECT name, created_at FROM accounts WHERE id = ?1")
            try select.bind(id.rawValue, at: 1)
            return try select.first { row in
                Account(
                    id: id, name: row.text(at: 0), createdAt: Timestamp(microseconds: row.integer(at: 1)))
            }
        }
    }

    public func insert(_ account: Account) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in
            try database.run(
                "INSERT INTO accounts (id, name, created_at) VALUES (?1, ?2, ?3)",
                .text(account.id.rawValue), .text(account.name), .integer(account.createdAt.microseconds))
        }
    }

    public func insert(_ key: APIKey) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in
            try database.run(
                """
                INSERT INTO keys (id, account_id, name, prefix, hash, created_at, revoked_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                .text(key.id.rawValue), .text(key.accountID.rawValue), .text(key.name), .text(key.prefix),
                .blob(key.hash), .integer(key.createdAt.microseconds),
                key.revokedAt.map { moment in .integer(moment.microseconds) } ?? .null)
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
    /// Reads a row of `keys` selected with `*`.
    fileprivate init(_ row: borrowing Row) {
        self.init(
            id: KeyID(row.text(at: 0)), accountID: AccountID(row.text(at: 1)), name: row.text(at: 2),
            prefix: row.text(at: 3), hash: row.blob(at: 4),
            createdAt: Timestamp(microseconds: row.integer(at: 5)),
            revokedAt: row.optionalInteger(at: 6).map(Timestamp.init(microseconds:)))
    }
}
