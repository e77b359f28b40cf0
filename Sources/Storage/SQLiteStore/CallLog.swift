import Domain
import SQLite

/// Appends calls to the table, their movements to the journal, and both to their sums: all of a batch or none of it.
final class CallLog: CallSink {
    private let database: Database
    private let clock: JournalClock
    private let call: PreparedStatement
    private let transfer: PreparedStatement
    private let probe: PreparedStatement
    private var balances: BalanceChanges
    private var usage: UsageChanges

    /// Bytes that a probe writes: about as many as a batch of calls.
    private static let probeSQL: StaticString = """
        INSERT OR REPLACE INTO probes (id, at, filler) VALUES (1, ?1, zeroblob(16384))
        """

    static let transferSQL: StaticString = """
        INSERT INTO transfers (at, posting_id, call_id, from_account, to_account, amount)
        VALUES (?1, NULL, ?2, ?3, ?4, ?5)
        """

    init(_ database: Database, clock: JournalClock) throws(StoreError) {
        self.database = database
        self.clock = clock
        do throws(SQLiteError) {
            call = try database.statement(CallColumns.insert)
            transfer = try database.statement(Self.transferSQL)
            probe = try database.statement(Self.probeSQL)
            balances = try BalanceChanges(database)
            usage = try UsageChanges(database)
        } catch {
            throw StoreError(reading: error)
        }
    }

    func commit(_ batch: [PendingCall]) throws(StoreError) {
        defer {
            balances.clear()
            usage.clear()
        }
        do throws(SQLiteError) {
            try database.transaction { () throws(SQLiteError) in
                // Under the write lock, so that times grow in the order of rows.
                try write(batch, at: clock.next())
            }
        } catch {
            throw StoreError(writing: error)
        }
    }

    private func write(_ batch: [PendingCall], at moment: Timestamp) throws(SQLiteError) {
        var isProbed = false
        for pending in batch {
            if let record = pending.record { try append(record, at: moment) } else { isProbed = true }
        }
        try balances.write()
        try usage.write(day: CalendarDay(moment))
        if isProbed {
            try probe.bind(moment.microseconds, at: 1)
            try probe.run()
        }
    }

    private func append(_ record: borrowing CallRecord, at moment: Timestamp) throws(SQLiteError) {
        try CallColumns.bind(record, committedAt: moment, to: call)
        try call.run()
        usage.add(record)
        let transfers = record.charge.transfers(to: record.provider)
        guard !transfers.isEmpty else { return }
        let callID = database.lastInsertedRow
        for moved in transfers {
            let (from, to) = balances.add(moved)
            try transfer.bind(moment.microseconds, at: 1)
            try transfer.bind(callID, at: 2)
            try transfer.bind(from, at: 3)
            try transfer.bind(to, at: 4)
            try transfer.bind(moved.amount.rawValue, at: 5)
            try transfer.run()
        }
    }
}
