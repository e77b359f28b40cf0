import CSQLite

/// Why SQLite could not do what it was asked. The text never holds bound values.
public struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Code: Hashable, Sendable {
        case diskFull
        case readOnly
        case ioError
        /// Another connection holds the lock.
        case busy
        case constraint(Constraint)
        case corrupt
        case notADatabase
        case cannotOpen
        case tooBig
        case outOfMemory
        /// Stopped by a limit of work.
        case interrupted
        /// The SQL or its use is wrong.
        case misuse
        case other
    }

    /// The kind of rule that a row broke.
    public enum Constraint: Hashable, Sendable {
        /// A unique column or a primary key.
        case unique
        case foreignKey
        case notNull
        case check
        case other
    }

    public let code: Code
    /// SQLite's own number, for logs.
    public let extendedCode: Int32
    public let message: String

    public init(code: Code, extendedCode: Int32, message: String) {
        self.code = code
        self.extendedCode = extendedCode
        self.message = message
    }

    public var description: String { "\(message) (\(extendedCode))" }
}

extension SQLiteError {
    /// A row that this program cannot have written.
    public static func corruptValue(_ column: StaticString) -> SQLiteError {
        SQLiteError(code: .corrupt, extendedCode: SQLITE_CORRUPT, message: "unexpected value in \(column)")
    }

    /// Whose words to use: SQLite's message for a connection may quote a value handed to an SQL function.
    enum Words {
        /// The connection's message; for what only holds names from the program's own SQL.
        case connection
        /// The fixed text for the code.
        case code
    }

    static func check(_ result: Int32) throws(SQLiteError) {
        guard result == SQLITE_OK else { throw SQLiteError(result) }
    }

    init(_ result: Int32) {
        self.init(code: Code(result), extendedCode: result, message: Self.text(result))
    }

    /// Reads what a connection has to say about the call that just failed.
    @unsafe
    init(_ result: Int32, on connection: OpaquePointer, words: Words) {
        let code = Code(result)
        var message = Self.text(result)
        if words == .connection || code.isConstraint, let text = unsafe sqlite3_errmsg(connection) {
            message = unsafe String(cString: text)
        }
        if code == .ioError || code == .cannotOpen {
            let cause = unsafe sqlite3_system_errno(connection)
            if cause != 0 { message += ", errno \(cause)" }
        }
        self.init(code: code, extendedCode: result, message: message)
    }

    private static func text(_ result: Int32) -> String {
        guard let text = unsafe sqlite3_errstr(result) else { return "unknown error" }
        return unsafe String(cString: text)
    }
}

extension SQLiteError.Code {
    var isConstraint: Bool {
        if case .constraint = self { true } else { false }
    }

    init(_ result: Int32) {
        // The low byte is the primary code, the rest tells more.
        switch result & 0xFF {
        case SQLITE_FULL: self = .diskFull
        case SQLITE_READONLY: self = .readOnly
        case SQLITE_IOERR: self = .ioError
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        case SQLITE_CONSTRAINT: self = .constraint(SQLiteError.Constraint(detail: result >> 8))
        case SQLITE_CORRUPT: self = .corrupt
        case SQLITE_NOTADB: self = .notADatabase
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: self = .cannotOpen
        case SQLITE_TOOBIG: self = .tooBig
        case SQLITE_NOMEM: self = .outOfMemory
        case SQLITE_INTERRUPT: self = .interrupted
        case SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE, SQLITE_MISMATCH, SQLITE_SCHEMA: self = .misuse
        default: self = .other
        }
    }
}

extension SQLiteError.Constraint {
    /// The second byte of SQLITE_CONSTRAINT_…, whose macros Swift does not import.
    init(detail: Int32) {
        switch detail {
        case 1: self = .check
        case 3: self = .foreignKey
        case 5: self = .notNull
        case 6, 8, 10: self = .unique  // PRIMARYKEY, UNIQUE, ROWID
        default: self = .other
        }
    }
}
