import CSQLite

/// One row of an answer, readable only while the statement stands on it. Columns count from 0.
@safe
public struct Row: ~Copyable {
    private let statement: OpaquePointer

    @unsafe
    init(_ statement: OpaquePointer) {
        unsafe self.statement = statement
    }

    public func isNull(at column: Int32) -> Bool {
        unsafe sqlite3_column_type(statement, column) == SQLITE_NULL
    }

    public func integer(at column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(statement, column)
    }

    public func optionalInteger(at column: Int32) -> Int64? {
        isNull(at: column) ? nil : integer(at: column)
    }

    public func real(at column: Int32) -> Double {
        unsafe sqlite3_column_double(statement, column)
    }

    public func text(at column: Int32) -> String {
        guard let start = unsafe sqlite3_column_text(statement, column) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    public func optionalText(at column: Int32) -> String? {
        isNull(at: column) ? nil : text(at: column)
    }

    public func blob(at column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}
