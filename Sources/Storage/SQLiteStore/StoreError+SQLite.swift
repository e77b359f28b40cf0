import Domain
import SQLite

extension StoreError {
    /// What a failed write means to the caller.
    init(writing error: SQLiteError) {
        switch error.code {
        case .constraint(.unique): self = .duplicate("a value that must be unique exists: \(error)")
        case .diskFull: self = .notWritten("the disk is full: \(error)")
        case .readOnly: self = .notWritten("the database is read-only: \(error)")
        case .ioError: self = .notWritten("the disk is failing: \(error)")
        case .busy: self = .notWritten("another process holds the database: \(error)")
        case .constraint(.foreignKey): self = .notWritten("the account does not exist: \(error)")
        case .corrupt, .notADatabase: self = .notWritten("the database is damaged: \(error)")
        default: self = .notWritten("SQLite refused the write: \(error)")
        }
    }

    /// What a failed read means to the caller.
    init(reading error: SQLiteError) {
        self = .unusable("the database cannot be read: \(error)")
    }

    init(opening path: String, _ error: SQLiteError) {
        switch error.code {
        case .notADatabase: self = .unusable("\(path) is not an SQLite database")
        case .corrupt: self = .unusable("\(path) is damaged: \(error)")
        case .readOnly: self = .unusable("\(path) is read-only: \(error)")
        case .busy: self = .unusable("\(path) is held by another process: \(error)")
        default: self = .unusable("\(path) cannot be opened: \(error)")
        }
    }
}
