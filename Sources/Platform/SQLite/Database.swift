import CSQLite

/// One connection to one database file. Not thread-safe: one owner uses it at a time.
public final class Database {
    public enum OpenMode: Hashable, Sendable {
        case readOnly
        case readWrite
        /// Like `readWrite`; a missing file is made, readable by its owner only.
        case create
    }

    public enum TransactionKind: Hashable, Sendable {
        /// Takes the write lock at once, so that a reader never has to be promoted.
        case immediate
        /// A consistent view for several reads.
        case deferred
    }

    /// Statements kept prepared; the next ones are prepared for each use.
    public static let statementCacheLimit = 64

    private let connection: Connection
    @unsafe var handle: OpaquePointer { unsafe connection.handle }
    private var cache: [String: Statement] = [:]

    public init(path: String, mode: OpenMode) throws(SQLiteError) {
        connection = try Connection(path: path, mode: mode)
    }

    /// How long a call waits for another connection's lock before it fails as busy.
    public func setBusyTimeout(milliseconds: Int32) throws(SQLiteError) {
        try SQLiteError.check(unsafe sqlite3_busy_timeout(connection.handle, milliseconds))
    }

    /// Whether the file could be opened for reading only.
    public var isReadOnly: Bool {
        unsafe sqlite3_db_readonly(connection.handle, "main") != 0
    }

    /// Rows changed by the latest insert, update or delete, triggers not counted.
    public var changedRows: Int64 {
        unsafe sqlite3_changes64(connection.handle)
    }

    /// The row id of the latest row inserted through this connection.
    public var lastInsertedRow: Int64 {
        unsafe sqlite3_last_insert_rowid(connection.handle)
    }

    /// The prepared statement for this SQL. Literals only, so no value can be pasted into it.
    public func statement(_ sql: StaticString) throws(SQLiteError) -> Statement {
        try statement(text: sql.description)
    }

    func statement(text: String) throws(SQLiteError) -> Statement {
        if let cached = cache[text], !cached.isRunning { return cached }
        let statement = try Statement(text, on: connection)
        if cache.count < Self.statementCacheLimit { cache[text] = statement }
        return statement
    }

    /// Runs several statements that take no values and return no rows.
    public func execute(_ script: StaticString) throws(SQLiteError) {
        try execute(text: script.description)
    }

    /// Runs one statement with values, for where speed does not matter.
    public func run(_ sql: StaticString, _ values: Value...) throws(SQLiteError) {
        let statement = try statement(sql)
        try statement.bind(values)
        try statement.run()
    }

    /// Commits when the body returns and rolls back when it throws.
    public func transaction<Result>(
        _ kind: TransactionKind = .immediate, _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        switch kind {
        case .immediate: try statement("BEGIN IMMEDIATE").run()
        case .deferred: try statement("BEGIN").run()
        }
        do throws(SQLiteError) {
            let result = try body()
            try statement("COMMIT").run()
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// SQLite ends a transaction by itself after some errors; then there is nothing to roll back.
    private func rollBack() {
        guard unsafe sqlite3_get_autocommit(connection.handle) == 0 else { return }
        try? statement("ROLLBACK").run()
    }

    func execute(text: String) throws(SQLiteError) {
        let result = unsafe sqlite3_exec(connection.handle, text, nil, nil, nil)
        guard result == SQLITE_OK else {
            throw unsafe SQLiteError(result, on: connection.handle, words: .code)
        }
    }

    func uncached(_ sql: String) throws(SQLiteError) -> Statement {
        try Statement(sql, on: connection)
    }
}
