import Domain
import OperatingSystem
import SQLite

/// One of the two database files: whose it is, how it is laid out and opened.
struct LogFile: Sendable {
    /// The file's layout, as a list of steps. A step that has been released is never changed.
    struct Layout: Sendable {
        let name: String
        let applicationID: Int64
        let pageSize: Int64
        /// KiB of page cache of the connection that writes.
        let writerCacheKibibytes: Int64
        let steps: [StaticString]

        var version: Int64 { Int64(steps.count) }
    }

    /// Only another program that looks into the file can be in the way.
    static let busyTimeoutMilliseconds: Int32 = 5_000
    /// Pages of WAL after which a commit moves them into the database.
    static let walPages: Int64 = 4_000
    /// Bytes of WAL left on disk after it was emptied, when something let it grow.
    static let walBytesKept: Int64 = 16 << 20
    /// KiB of page cache of a connection that reads. The system's own cache has the rest of the file.
    static let readerCacheKibibytes: Int64 = 2_048

    let layout: Layout
    let path: String
    private let directory: String

    init(_ layout: Layout, in directory: String) {
        self.layout = layout
        self.directory = directory
        path = directory.hasSuffix("/") ? directory + layout.name : directory + "/" + layout.name
    }

    /// The connection that writes: makes the file or refuses it, and brings its layout up to date.
    func open() throws(StoreError) -> Database {
        // SQLite does not wait when two connections begin to log ahead at the same time; one of them would fail.
        try DirectoryTurn.take(at: directory) { () throws(StoreError) in try prepare() }
    }

    /// A connection that can only read.
    func connectForReading() throws(StoreError) -> Database {
        try refusing { () throws(SQLiteError) in
            let database = try Database(path: path, mode: .readOnly)
            try configure(database, cacheKibibytes: Self.readerCacheKibibytes)
            return database
        }
    }

    private func prepare() throws(StoreError) -> Database {
        let database = try refusing { () throws(SQLiteError) in
            let database = try Database(path: path, mode: .create)
            try configure(database, cacheKibibytes: layout.writerCacheKibibytes)
            return database
        }
        if let refusal = try refusing({ () throws(SQLiteError) in try refusal(of: database) }) {
            throw .unusable("\(path) \(refusal)")
        }
        if database.isReadOnly { throw .unusable("\(path) is read-only") }
        for suffix in ["", "-wal", "-shm"] { PrivateFile.restrictToOwner(path + suffix) }
        let isLogged = try refusing { () throws(SQLiteError) in
            // Of effect on an empty file only, and never again once it logs ahead.
            try database.setPragma(.pageSize, to: layout.pageSize)
            return try database.enableWriteAheadLog()
        }
        guard isLogged else {
            throw .unusable("\(path) lies on a file system that cannot share memory, which WAL needs")
        }
        try refusing { () throws(SQLiteError) in
            try bringUpToDate(database)
            try configureForWriting(database)
        }
        return database
    }

    private func configure(_ database: Database, cacheKibibytes: Int64) throws(SQLiteError) {
        try database.setBusyTimeout(milliseconds: Self.busyTimeoutMilliseconds)
        try database.setPragma(.trustedSchema, to: 0)
        try database.setPragma(.cacheSize, to: -cacheKibibytes)
    }

    private func configureForWriting(_ database: Database) throws(SQLiteError) {
        try database.setSynchronous(.normal)
        try database.setPragma(.walAutocheckpoint, to: Self.walPages)
        try database.setPragma(.journalSizeLimit, to: Self.walBytesKept)
        try database.enableFastSecureDelete()
    }

    private func bringUpToDate(_ database: Database) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            let done = Int(try database.pragma(.userVersion))
            guard done < layout.steps.count else { return }
            for step in layout.steps[done...] { try database.execute(step) }
            try database.setPragma(.applicationID, to: layout.applicationID)
            try database.setPragma(.userVersion, to: layout.version)
        }
    }

    /// Why the file must be left alone; nil when it is ours or nobody's.
    private func refusal(of database: Database) throws(SQLiteError) -> String? {
        let (applicationID, version, isEmpty) = try database.transaction(.deferred) { () throws(SQLiteError) in
            (
                try database.pragma(.applicationID), try database.pragma(.userVersion),
                try database.statement("SELECT 1 FROM sqlite_schema").first { _ in true } == nil
            )
        }
        if applicationID == 0 && version == 0 && isEmpty { return nil }
        guard applicationID == layout.applicationID else {
            return "is the database of another program (application id \(applicationID))"
        }
        guard version <= layout.version else {
            return "was written by a newer version (layout \(version), this one knows up to \(layout.version))"
        }
        return nil
    }

    private func refusing<Success>(
        _ body: () throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success {
        do throws(SQLiteError) { return try body() } catch { throw StoreError(opening: path, error) }
    }
}
