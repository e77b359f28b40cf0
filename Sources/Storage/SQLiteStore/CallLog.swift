import Domain
import SQLite

/// Appends calls to the table: all of a batch or none of it.
final class CallLog: CallSink {
    private let database: Database
    private let insert: Statement

    init(_ database: Database) throws(StoreError) {
        self.database = database
        do throws(SQLiteError) {
            insert = try database.statement(CallColumns.insert)
        } catch {
            throw StoreError(reading: error)
        }
    }

    func commit(_ batch: [PendingCall]) throws(StoreError) {
        do throws(SQLiteError) {
            // A single statement is its own transaction, which spares two more.
            if batch.count == 1 { return try append(batch) }
            try database.transaction { () throws(SQLiteError) in try append(batch) }
        } catch {
            throw StoreError(writing: error)
        }
    }

    private func append(_ batch: [PendingCall]) throws(SQLiteError) {
        for pending in batch {
            try CallColumns.bind(pending.record, to: insert)
            try insert.run()
        }
    }
}
