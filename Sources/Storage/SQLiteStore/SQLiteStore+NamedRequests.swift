public import Domain
import SQLite

extension SQLiteStore {
    public func insert(_ account: Account?, _ key: APIKey, for request: NamedRequest?) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in
            try database.transaction { () throws(SQLiteError) in
                if let account { try Self.insert(account, into: database) }
                try Self.insert(key, into: database)
                guard let request else { return }
                try database.run(
                    "DELETE FROM named_requests WHERE made_at < ?1",
                    Value(Timestamp(seconds: request.madeAt.seconds - NamedRequest.keptSeconds)))
                try database.statement("INSERT INTO named_requests VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
                    .run(request.columns)
            }
        }
    }

    public func namedRequest(
        _ name: [UInt8], _ subject: NamedRequest.Subject, of account: AccountID, since: Timestamp
    ) throws(StoreError) -> NamedRequest? {
        try keys.read { (database) throws(SQLiteError) in
            let select = try database.statement(
                """
                SELECT * FROM named_requests WHERE account_id = ?1 AND subject = ?2 AND name = ?3 AND made_at >= ?4
                """)
            try select.bind([.text(account.rawValue), .text(subject.rawValue), .blob(name), Value(since)])
            return try select.first { (row) throws(SQLiteError) in try NamedRequest(row) }
        }
    }

    public func namedRequests(of account: AccountID, since: Timestamp) throws(StoreError) -> Int {
        try keys.read { (database) throws(SQLiteError) in
            let select = try database.statement(
                "SELECT count(*) FROM named_requests WHERE account_id = ?1 AND made_at >= ?2")
            try select.bind([.text(account.rawValue), Value(since)])
            return Int(try select.first { row in row.integer(at: 0) } ?? 0)
        }
    }
}

extension NamedRequest {
    fileprivate var columns: [Value] {
        [
            .text(accountID.rawValue), .text(subject.rawValue), .blob(name), .blob(body), .text(objectID),
            .text(keyID.rawValue), Value(madeAt),
        ]
    }

    /// Reads a row of `named_requests` selected with `*`.
    fileprivate init(_ row: borrowing Row) throws(SQLiteError) {
        guard let subject = Subject(rawValue: row.text(at: 1)) else { throw .corruptValue("named_requests.subject") }
        self.init(
            accountID: AccountID(row.text(at: 0)), subject: subject, name: row.blob(at: 2), body: row.blob(at: 3),
            objectID: row.text(at: 4), keyID: KeyID(row.text(at: 5)), madeAt: row.moment(at: 6))
    }
}
