import CSQLite

/// A prepared statement. Every run starts with nothing bound and leaves nothing open behind it.
@safe
public final class Statement {
    /// Text up to this many bytes per run is bound without an allocation.
    static let inlineTextBytes = 1_024

    private let connection: Connection
    private let handle: OpaquePointer
    /// Where bound text lies until the run is over. Made at the first text.
    private var texts: UnsafeMutablePointer<UInt8>?
    private var textsUsed = 0

    init(_ sql: String, on connection: Connection) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let result = unsafe sqlite3_prepare_v3(connection.handle, sql, -1, flags, &prepared, nil)
        guard result == SQLITE_OK else {
            throw unsafe SQLiteError(result, on: connection.handle, words: .connection)
        }
        // Nothing to prepare: an empty text or a comment.
        guard let prepared = unsafe prepared else { throw SQLiteError(SQLITE_MISUSE) }
        self.connection = connection
        unsafe handle = prepared
        unsafe texts = nil
    }

    deinit {
        unsafe sqlite3_finalize(handle)
        unsafe texts?.deallocate()
    }

    // MARK: Binding, from 1 on

    public func bind(_ value: Int64, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(handle, index, value))
    }

    public func bind(_ value: Double, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_double(handle, index, value))
    }

    public func bindNull(at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_null(handle, index))
    }

    public func bind(_ value: String, at index: Int32) throws(SQLiteError) {
        let result =
            unsafe value.utf8.withContiguousStorageIfAvailable { text in unsafe bind(text, at: index) }
            ?? Array(value.utf8).withUnsafeBufferPointer { text in unsafe bind(text, at: index) }
        try check(result)
    }

    public func bind(_ value: [UInt8], at index: Int32) throws(SQLiteError) {
        let result = unsafe value.withUnsafeBytes { bytes in
            // SQLite takes a null pointer for NULL, and an empty array may have no address.
            guard let start = bytes.baseAddress, bytes.count > 0 else {
                return unsafe sqlite3_bind_zeroblob(handle, index, 0)
            }
            return unsafe csqlite_bind_blob_copied(handle, index, start, UInt64(bytes.count))
        }
        try check(result)
    }

    public func bind(_ value: Int64?, at index: Int32) throws(SQLiteError) {
        if let value { try bind(value, at: index) } else { try bindNull(at: index) }
    }

    public func bind(_ value: String?, at index: Int32) throws(SQLiteError) {
        if let value { try bind(value, at: index) } else { try bindNull(at: index) }
    }

    public func bind(_ values: [Value]) throws(SQLiteError) {
        var index: Int32 = 0
        for value in values {
            index += 1
            switch value {
            case .null: try bindNull(at: index)
            case .integer(let number): try bind(number, at: index)
            case .real(let number): try bind(number, at: index)
            case .text(let text): try bind(text, at: index)
            case .blob(let bytes): try bind(bytes, at: index)
            }
        }
    }

    // MARK: Running

    /// Runs to the end and drops rows, if any come.
    public func run() throws(SQLiteError) {
        defer { finish() }
        while try step() {}
    }

    /// The first row, read by the body; nil when there is none.
    public func first<Result>(
        _ body: (borrowing Row) throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result? {
        defer { finish() }
        guard try step() else { return nil }
        return try body(unsafe Row(handle))
    }

    /// Every row, read by the body. Bound the number of rows in the SQL.
    public func rows<Element>(
        _ body: (borrowing Row) throws(SQLiteError) -> Element
    ) throws(SQLiteError) -> [Element] {
        defer { finish() }
        var elements: [Element] = []
        while try step() {
            elements.append(try body(unsafe Row(handle)))
        }
        return elements
    }

    /// Every row, read by the body and forgotten: for tables of any length.
    public func eachRow(_ body: (borrowing Row) throws(SQLiteError) -> Void) throws(SQLiteError) {
        defer { finish() }
        while try step() { try body(unsafe Row(handle)) }
    }

    /// Whether a row is being read at this moment.
    var isRunning: Bool {
        unsafe sqlite3_stmt_busy(handle) != 0
    }

    private func step() throws(SQLiteError) -> Bool {
        let result = unsafe sqlite3_step(handle)
        if result == SQLITE_ROW { return true }
        if result == SQLITE_DONE { return false }
        throw unsafe SQLiteError(result, on: connection.handle, words: .code)
    }

    /// An open statement would hold its locks and keep the WAL from being emptied.
    private func finish() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
        textsUsed = 0
    }

    private func check(_ result: Int32) throws(SQLiteError) {
        guard result == SQLITE_OK else {
            throw unsafe SQLiteError(result, on: connection.handle, words: .code)
        }
    }

    /// Short text is kept beside the statement, which saves SQLite an allocation for each value.
    private func bind(_ text: UnsafeBufferPointer<UInt8>, at index: Int32) -> Int32 {
        guard let source = text.baseAddress, text.count > 0 else {
            return unsafe csqlite_bind_text_copied(handle, index, "", 0)
        }
        let length = UInt64(text.count)
        guard text.count <= Self.inlineTextBytes - textsUsed else {
            return unsafe source.withMemoryRebound(to: CChar.self, capacity: text.count) { pointer in
                unsafe csqlite_bind_text_copied(handle, index, pointer, length)
            }
        }
        let target = unsafe textStorage() + textsUsed
        unsafe target.update(from: source, count: text.count)
        textsUsed += text.count
        return unsafe target.withMemoryRebound(to: CChar.self, capacity: text.count) { pointer in
            unsafe csqlite_bind_text_kept(handle, index, pointer, length)
        }
    }

    private func textStorage() -> UnsafeMutablePointer<UInt8> {
        if let texts = unsafe texts { return unsafe texts }
        let made = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.inlineTextBytes)
        unsafe made.initialize(repeating: 0, count: Self.inlineTextBytes)
        unsafe texts = made
        return unsafe made
    }
}
