public import Domain
import SQLite

extension SQLiteStore: CallRecorder {
    public func record(_ record: CallRecord) async throws(StoreError) {
        try await writer.record(record)
    }

    /// Commits an empty write, to learn whether the disk takes writes again.
    public func probe() async throws(StoreError) {
        try await writer.probe()
    }

    /// Whether the latest commit of calls, or probe, failed. Costs nothing to ask.
    public var isFailing: Bool { writer.isFailing }

    public var canRecord: Bool { !isFailing }

    /// Commits of calls since the store was opened; fewer than calls when they came in groups.
    public var commitCount: Int { writer.commitCount }

    /// Calls accepted since the store was opened, committed or not.
    public var acceptedCount: Int { writer.acceptedCount }

    /// Calls that wait to be taken by the next commit.
    public var queuedCount: Int { writer.queuedCount }
}

/// Reading back, for people and tests. These block.
extension SQLiteStore {
    /// Rows that one read returns at most.
    public static let maximumPage = 1_000

    /// The latest calls, newest first; `before` is the row id of the last one of the page before.
    public func recentCalls(limit: Int, before: Int64? = nil) throws(StoreError) -> [StoredCall] {
        try reader.read { (database) throws(SQLiteError) in
            let select = try database.statement("SELECT * FROM calls WHERE id < ?1 ORDER BY id DESC LIMIT ?2")
            try select.bind(before ?? .max, at: 1)
            try select.bind(Int64(min(max(limit, 0), Self.maximumPage)), at: 2)
            return try select.rows(CallColumns.read)
        }
    }

    /// Counts the whole table.
    public func callCount() throws(StoreError) -> Int64 {
        try reader.read { (database) throws(SQLiteError) in
            try database.statement("SELECT count(*) FROM calls").first { row in row.integer(at: 0) } ?? 0
        }
    }

    /// The latest call with this id. Reads the table from its end until it finds it.
    public func call(_ id: RequestID) throws(StoreError) -> StoredCall? {
        try reader.read { (database) throws(SQLiteError) in
            let select = try database.statement(
                "SELECT * FROM calls WHERE request_id = ?1 ORDER BY id DESC LIMIT 1")
            try select.bind(id.rawValue, at: 1)
            return try select.first(CallColumns.read)
        }
    }
}
