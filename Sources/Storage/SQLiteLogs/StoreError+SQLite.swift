import Domain
import SQLite

extension StoreError {
    /// What a failed write means to the caller.
    init(writing error: SQLiteError) {
        switch error.code {
        case .diskFull: self = .notWritten("the disk is full: \(error)")
        case .readOnly: self = .notWritten("the logs are read-only: \(error)")
        case .ioError: self = .notWritten("the disk is failing: \(error)")
        case .busy: self = .notWritten("another process holds the logs: \(error)")
        case .corrupt, .notADatabase: self = .notWritten("the logs are damaged: \(error)")
        default: self = .notWritten("SQLite refused the write: \(error)")
        }
    }

    /// What a failed read means to the caller.
    init(reading error: SQLiteError) {
        switch error.code {
        case .interrupted: self = .unusable("the logs are too many for this question; ask for a shorter time")
        default: self = .unusable("the logs cannot be read: \(error)")
        }
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
