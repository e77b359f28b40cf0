public import Domain
import SQLite

extension SQLiteStore {
    /// Nil for an account that does not exist, too.
    public func statement(
        of account: AccountID, month: CalendarMonth, now: Timestamp
    ) throws(StoreError) -> Domain.Statement? {
        guard month < CalendarDay(now).calendarMonth else { return nil }
        if let stored = try storedStatement(of: account, month) { return stored }
        guard try self.account(account) != nil else { return nil }
        try end(month)
        let statement = try reader.read { (database) throws(SQLiteError) in
            try database.transaction(.deferred) { () throws(SQLiteError) in
                try StatementMaker(account, month, database).make()
            }
        }
        // A month in which nothing was there is found the same each time, and needs no row.
        guard !statement.isEmpty else { return statement }
        try keys.write { (database) throws(SQLiteError) in
            try database.transaction { () throws(SQLiteError) in try StatementRows.write(statement, to: database) }
        }
        // Another thread may have been first; what lies in the file is what counts.
        return try storedStatement(of: account, month) ?? statement
    }

    /// Whoever writes after this, writes after the month: commits that have begun are awaited, later ones get later
    /// times, whatever the wall clock says.
    private func end(_ month: CalendarMonth) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in
            try database.transaction { () throws(SQLiteError) in clock.advance(to: month.next.firstDay.startsAt) }
        }
    }

    private func storedStatement(
        of account: AccountID, _ month: CalendarMonth
    ) throws(StoreError) -> Domain.Statement? {
        try reader.read { (database) throws(SQLiteError) in
            try database.transaction(.deferred) { () throws(SQLiteError) in
                try StatementRows.read(account, month, in: database)
            }
        }
    }
}

extension Domain.Statement {
    fileprivate var isEmpty: Bool { opening == .zero && closing == .zero && postings.isEmpty && charges.isEmpty }
}
