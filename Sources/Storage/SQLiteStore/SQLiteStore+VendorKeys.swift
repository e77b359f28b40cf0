public import Domain
import SQLite

extension SQLiteStore {
    /// Revoked ones as well, the oldest first.
    public func vendorKeys() throws(StoreError) -> [VendorKey] {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT * FROM vendor_keys ORDER BY created_at, id")
                .rows { row in VendorKey(row) }
        }
    }

    public func insert(_ key: VendorKey) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in
            try database.run(
                """
                INSERT INTO vendor_keys (
                    id, account_id, provider, alias, weight, sealed, hint, created_at, revoked_at
                ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                """,
                .text(key.id.rawValue), .text(key.accountID.rawValue), .text(key.provider.rawValue),
                .text(key.alias), Value(key.weight), .blob(key.sealed), .text(key.hint), Value(key.createdAt),
                Value(key.revokedAt))
        }
    }

    /// Writes the hint too, for it tells of the sealed key.
    public func update(_ key: VendorKey) throws(StoreError) -> Bool {
        try keys.write { (database) throws(SQLiteError) in
            try database.run(
                """
                UPDATE vendor_keys SET alias = ?2, weight = ?3, sealed = ?4, hint = ?5
                WHERE id = ?1 AND revoked_at IS NULL
                """,
                .text(key.id.rawValue), .text(key.alias), Value(key.weight), .blob(key.sealed), .text(key.hint))
            return database.changedRows > 0
        }
    }

    public func revoke(_ id: VendorKeyID, at moment: Timestamp) throws(StoreError) -> Bool {
        try keys.write { (database) throws(SQLiteError) in
            try database.run(
                "UPDATE vendor_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
                .text(id.rawValue), Value(moment))
            return database.changedRows > 0
        }
    }
}

extension VendorKey {
    /// Reads a row of `vendor_keys` selected with `*`.
    fileprivate init(_ row: borrowing Row) {
        self.init(
            id: VendorKeyID(row.text(at: 0)), accountID: AccountID(row.text(at: 1)),
            provider: ProviderID(row.text(at: 2)), alias: row.text(at: 3), weight: Int(row.integer(at: 4)),
            sealed: row.blob(at: 5), hint: row.text(at: 6), createdAt: row.moment(at: 7),
            revokedAt: row.optionalMoment(at: 8))
    }
}
