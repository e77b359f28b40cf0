import Domain
import OperatingSystem
import SQLite

/// The database file: whose it is, how it is opened, and with which settings.
struct StoreFile {
    static let name = "gateway.db"
    /// How long a write waits for another process before it fails.
    static let busyTimeoutMilliseconds: Int32 = 5_000
    /// Bytes. A commit of one call writes one page, so small ones spare the disk.
    static let pageSize: Int64 = 2_048
    /// Pages of WAL (64 MiB) after which a commit itself moves them into the database. The checkpointer moves them
    /// long before, but only a commit that finds nothing left to move can begin the log anew.
    static let walPages: Int64 = 32_000
    /// Bytes of WAL left on disk after it was emptied, when something let it grow.
    static let walBytesKept: Int64 = 16 * 1_024 * 1_024
    /// KiB of page cache per connection; appends need a few pages, keys are few.
    static let cacheKibibytes: Int64 = 1_024

    let path: String
    private let directory: String

    init(directory: String) {
        self.directory = directory
        path = directory.hasSuffix("/") ? directory + Self.name : directory + "/" + Self.name
    }

    /// The first connection: makes the file or refuses it, and brings its layout up to date.
    func open(_ synchronous: Synchronous) throws(StoreError) -> Database {
        // SQLite does not wait when two connections begin to log ahead at the same time; one of them would fail.
        try DirectoryTurn.take(at: directory) { () throws(StoreError) in try prepare(synchronous) }
    }

    private func prepare(_ synchronous: Synchronous) throws(StoreError) -> Database {
        let database = try refusing { () throws(SQLiteError) in try Database(path: path, mode: .create) }
        try database.prepare(in: self)
        try refusing { () throws(SQLiteError) in try configureForWriting(database, synchronous) }
        return database
    }

    /// One more connection to a file that was opened.
    func connect(_ synchronous: Synchronous) throws(StoreError) -> Database {
        try refusing { () throws(SQLiteError) in
            let database = try Database(path: path, mode: .readWrite)
            try configure(database)
            try configureForWriting(database, synchronous)
            return database
        }
    }

    /// A connection that can only read.
    func connectForReading() throws(StoreError) -> Database {
        try refusing { () throws(SQLiteError) in
            let database = try Database(path: path, mode: .readOnly)
            try configure(database)
            return database
        }
    }

    fileprivate func configure(_ database: Database) throws(SQLiteError) {
        try database.setBusyTimeout(milliseconds: Self.busyTimeoutMilliseconds)
        try database.setPragma(.trustedSchema, to: 0)
        try database.setPragma(.cacheSize, to: -Self.cacheKibibytes)
    }

    private func configureForWriting(_ database: Database, _ synchronous: Synchronous) throws(SQLiteError) {
        try database.setSynchronous(synchronous)
        try database.setPragma(.foreignKeys, to: 1)
        try database.setPragma(.walAutocheckpoint, to: Self.walPages)
        try database.setPragma(.journalSizeLimit, to: Self.walBytesKept)
    }

    fileprivate func refusing<Success>(
        _ body: () throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success {
        do throws(SQLiteError) { return try body() } catch { throw StoreError(opening: path, error) }
    }

    fileprivate func restrictToOwner() {
        for suffix in ["", "-wal", "-shm"] { PrivateFile.restrictToOwner(path + suffix) }
    }
}

extension Database {
    /// Nothing is written before the file is known to be ours, or empty.
    fileprivate func prepare(in file: StoreFile) throws(StoreError) {
        let identity = try file.refusing { () throws(SQLiteError) in
            try file.configure(self)
            return try FileIdentity(of: self)
        }
        if let refusal = identity.refusal { throw .unusable("\(file.path) \(refusal)") }
        if isReadOnly { throw .unusable("\(file.path) is read-only") }
        file.restrictToOwner()
        let isLogged = try file.refusing { () throws(SQLiteError) in
            // Of effect on an empty file only, and never again once it logs ahead.
            try setPragma(.pageSize, to: StoreFile.pageSize)
            return try enableWriteAheadLog()
        }
        guard isLogged else {
            throw .unusable("\(file.path) lies on a file system that cannot share memory, which WAL needs")
        }
        try file.refusing { () throws(SQLiteError) in try Schema.bringUpToDate(self) }
    }
}
