/// A setting of a connection or a file that is a number.
public enum Pragma: String, Hashable, Sendable, CaseIterable {
    /// Tells whose file it is.
    case applicationID = "application_id"
    /// The version of the schema.
    case userVersion = "user_version"
    case synchronous
    case foreignKeys = "foreign_keys"
    /// Bytes of WAL that are kept after it was emptied.
    case journalSizeLimit = "journal_size_limit"
    /// Pages of WAL after which a commit moves them into the database.
    case walAutocheckpoint = "wal_autocheckpoint"
    /// Bytes; only of effect before the file has content.
    case pageSize = "page_size"
    case pageCount = "page_count"
    /// Pages of the file that hold nothing.
    case freelistCount = "freelist_count"
    /// Pages that this connection lets the file grow to.
    case maxPageCount = "max_page_count"
    /// Pages of memory, or KiB when negative.
    case cacheSize = "cache_size"
    /// Whether SQL in the schema may call functions with side effects.
    case trustedSchema = "trusted_schema"
}

/// Which commits wait for the disk.
public enum Synchronous: Int64, Hashable, Sendable {
    /// WAL commits survive the death of the process.
    case normal = 1
    /// WAL commits survive the loss of power.
    case full = 2
}

extension Database {
    public func pragma(_ pragma: Pragma) throws(SQLiteError) -> Int64 {
        let value = try uncached("PRAGMA \(pragma.rawValue)").first { row in row.integer(at: 0) }
        return value ?? 0
    }

    public func setPragma(_ pragma: Pragma, to value: Int64) throws(SQLiteError) {
        try execute(text: "PRAGMA \(pragma.rawValue) = \(value)")
    }

    public func setSynchronous(_ level: Synchronous) throws(SQLiteError) {
        try setPragma(.synchronous, to: level.rawValue)
    }

    /// Overwrites what is deleted as far as that costs no further writing.
    public func enableFastSecureDelete() throws(SQLiteError) {
        _ = try uncached("PRAGMA secure_delete = FAST").first { row in row.integer(at: 0) }
    }

    /// Moves what the write-ahead log holds into the file as far as nobody is in the way, and waits for the disk.
    public func checkpoint() throws(SQLiteError) {
        _ = try uncached("PRAGMA wal_checkpoint(PASSIVE)").first { row in row.integer(at: 0) }
    }

    /// Switches the file to write-ahead logging; false when the file system cannot do it.
    public func enableWriteAheadLog() throws(SQLiteError) -> Bool {
        try uncached("PRAGMA journal_mode = WAL").first { row in row.text(at: 0) } == "wal"
    }
}
