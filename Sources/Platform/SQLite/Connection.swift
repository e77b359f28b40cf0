import CSQLite

/// Owner of the handle. Statements keep it alive, so none of them can outlive it.
@safe
final class Connection {
    let handle: OpaquePointer

    /// The library's global set-up; runs once, before the first connection.
    private static let libraryIsReady: Bool = {
        csqlite_disable_memory_counters() == SQLITE_OK && sqlite3_initialize() == SQLITE_OK
    }()

    init(path: String, mode: Database.OpenMode) throws(SQLiteError) {
        guard Self.libraryIsReady else { throw SQLiteError(SQLITE_MISUSE) }
        if mode == .create { PrivateFile.createIfMissing(path) }
        // One connection has one user at a time, so SQLite's own lock per connection is left out.
        let flags = mode.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        var opened: OpaquePointer?
        let result = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened = unsafe opened else { throw SQLiteError(SQLITE_NOMEM) }
        guard result == SQLITE_OK else {
            let error = unsafe SQLiteError(result, on: opened, words: .code)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe handle = opened
        unsafe csqlite_enable_defensive(opened)
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
    }
}

extension Database.OpenMode {
    var flags: Int32 {
        switch self {
        case .readOnly: SQLITE_OPEN_READONLY
        case .readWrite: SQLITE_OPEN_READWRITE
        case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        }
    }
}
