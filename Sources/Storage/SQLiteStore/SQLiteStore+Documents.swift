public import Domain
import SQLite

// Through the connection of the keys, whose writes wait for the disk: what an operator was told is defined stays so.

extension SQLiteStore: DocumentStore {
    public func documentGeneration() throws(StoreError) -> Int64 {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT value FROM document_generation").first { row in row.integer(at: 0) } ?? 0
        }
    }

    public func documents(
        _ kind: DocumentKind, account: AccountID?, gateway: GatewayID?
    ) throws(StoreError) -> [StoredDocument] {
        try keys.read { (database) throws(SQLiteError) in
            // Two statements, for the account's leads through the index.
            let select =
                if account == nil {
                    try database.statement(
                        """
                        SELECT * FROM documents
                        WHERE kind = ?1 AND ?2 IS NULL AND (?3 IS NULL OR gateway = ?3) ORDER BY position
                        """)
                } else {
                    try database.statement(
                        """
                        SELECT * FROM documents
                        WHERE kind = ?1 AND account_id = ?2 AND (?3 IS NULL OR gateway = ?3) ORDER BY position
                        """)
                }
            try select.bind([.text(kind.rawValue), Value(account?.rawValue), Value(gateway?.rawValue)])
            return try select.rows { (row) throws(SQLiteError) in try StoredDocument(row) }
        }
    }

    public func document(
        _ kind: DocumentKind, _ id: String, account: AccountID
    ) throws(StoreError) -> StoredDocument? {
        try keys.read { (database) throws(SQLiteError) in
            let select = try database.statement(
                "SELECT * FROM documents WHERE kind = ?1 AND account_id = ?2 AND id = ?3")
            try select.bind([.text(kind.rawValue), .text(account.rawValue), .text(id)])
            return try select.first { (row) throws(SQLiteError) in try StoredDocument(row) }
        }
    }

    public func insert(_ document: StoredDocument) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in
            try database.run(
                """
                INSERT INTO documents (kind, account_id, gateway, id, name, body, created_at, modified_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                """,
                .text(document.kind.rawValue), .text(document.account.rawValue), Value(document.gateway?.rawValue),
                .text(document.id), .text(document.name), .text(document.body), Value(document.createdAt),
                Value(document.modifiedAt))
        }
    }

    public func update(_ document: StoredDocument) throws(StoreError) -> Bool {
        try keys.write { (database) throws(SQLiteError) in
            try database.run(
                """
                UPDATE documents SET name = ?4, body = ?5, modified_at = ?6
                WHERE kind = ?1 AND account_id = ?2 AND id = ?3
                """,
                .text(document.kind.rawValue), .text(document.account.rawValue), .text(document.id),
                .text(document.name), .text(document.body), Value(document.modifiedAt))
            return database.changedRows > 0
        }
    }

    public func delete(_ kind: DocumentKind, _ id: String, account: AccountID) throws(StoreError) -> Bool {
        try keys.write { (database) throws(SQLiteError) in
            try database.run(
                "DELETE FROM documents WHERE kind = ?1 AND account_id = ?2 AND id = ?3",
                .text(kind.rawValue), .text(account.rawValue), .text(id))
            return database.changedRows > 0
        }
    }
}

extension StoredDocument {
    /// Reads a row of `documents` selected with `*`.
    fileprivate init(_ row: borrowing Row) throws(SQLiteError) {
        guard let kind = DocumentKind(rawValue: row.text(at: 1)) else { throw .corruptValue("documents.kind") }
        self.init(
            kind: kind, account: AccountID(row.text(at: 2)),
            gateway: row.optionalText(at: 3).map(GatewayID.init(rawValue:)), id: row.text(at: 4),
            name: row.text(at: 5), body: row.text(at: 6), createdAt: row.moment(at: 7), modifiedAt: row.moment(at: 8))
    }
}
