import Domain
import SQLite

/// Writes `log-bodies.db`. Belongs to the writer's thread.
final class BodyWriter {
    let database: Database
    private let insert: PreparedStatement
    private let delete: PreparedStatement
    private let deleteOldest: PreparedStatement

    init(_ database: Database) throws(SQLiteError) {
        self.database = database
        insert = try database.statement(
            """
            INSERT OR IGNORE INTO bodies (id, account, gateway, created, is_stream, request, response)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """)
        delete = try database.statement("DELETE FROM bodies WHERE id = ?1 AND account = ?2 AND gateway = ?3")
        deleteOldest = try database.statement(
            """
            DELETE FROM bodies
            WHERE number IN (SELECT number FROM bodies WHERE created < ?1 ORDER BY created LIMIT ?2)
            """)
    }

    /// Writes all of them or none.
    func write(_ batch: ArraySlice<PendingEntry>) throws(SQLiteError) {
        guard batch.contains(where: { $0.bodies != nil }) else { return }
        try database.transaction { () throws(SQLiteError) in
            for pending in batch {
                if let bodies = pending.bodies { try write(bodies, of: pending.entry) }
            }
        }
    }

    func delete(_ ids: [LogID], of gateway: GatewayKey) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            for id in ids {
                try delete.bind([
                    .text(id.rawValue), .text(gateway.account.rawValue), .text(gateway.gateway.rawValue),
                ])
                try delete.run()
            }
        }
    }

    /// Deletes the oldest of before that time, so many at most. Returns how many it were.
    func deleteOldest(before moment: Timestamp, limit: Int64) throws(SQLiteError) -> Int64 {
        try deleteOldest.bind([.integer(moment.microseconds), .integer(limit)])
        try deleteOldest.run()
        return database.changedRows
    }

    /// Bytes of the file that hold something.
    func usedBytes() throws(SQLiteError) -> Int64 {
        let pages = try database.pragma(.pageCount) - database.pragma(.freelistCount)
        return try pages * database.pragma(.pageSize)
    }

    private func write(_ bodies: LogBodies, of entry: GatewayLogEntry) throws(SQLiteError) {
        try insert.bind(entry.id.rawValue, at: 1)
        try insert.bind(entry.account.rawValue, at: 2)
        try insert.bind(entry.gateway.rawValue, at: 3)
        try insert.bind(entry.createdAt.microseconds, at: 4)
        try insert.bind(Int64(bodies.isResponseStream ? 1 : 0), at: 5)
        if let request = bodies.request { try insert.bind(request, at: 6) }
        if let response = bodies.response { try insert.bind(response, at: 7) }
        try insert.run()
    }
}
