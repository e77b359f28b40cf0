import Domain
import SQLite
import Synchronization

/// A connection that several threads use, one after the other.
final class LockedDatabase: Sendable {
    /// Nil once closed.
    private let database: Mutex<Database?>

    init(_ database: sending Database) {
        self.database = Mutex(database)
    }

    func read<Success: Sendable>(
        _ body: (Database) throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success {
        try use(body) { error in StoreError(reading: error) }
    }

    func write<Success: Sendable>(
        _ body: (Database) throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success {
        try use(body) { error in StoreError(writing: error) }
    }

    func close() {
        database.withLock { database in database = nil }
    }

    private func use<Success: Sendable>(
        _ body: (Database) throws(SQLiteError) -> Success, failure: (SQLiteError) -> StoreError
    ) throws(StoreError) -> Success {
        try database.withLock { (database) throws(StoreError) in
            guard let database else { throw .closed }
            do throws(SQLiteError) { return try body(database) } catch { throw failure(error) }
        }
    }
}
