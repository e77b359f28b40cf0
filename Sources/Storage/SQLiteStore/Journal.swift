import Domain
import SQLite

/// How postings and movements lie in their rows.
enum Journal {
    private static let insertPosting: StaticString = """
        INSERT INTO postings (at, kind, account_id, reference, note) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (reference) DO NOTHING
        """

    private static let insertTransfer: StaticString = """
        INSERT INTO transfers (at, posting_id, call_id, from_account, to_account, amount)
        VALUES (?1, ?2, NULL, ?3, ?4, ?5)
        """

    /// Without the cast that calls have: a posting that does not fit is refused.
    private static let addToBalance: StaticString = """
        INSERT INTO balances (account, amount) VALUES (?1, ?2)
        ON CONFLICT (account) DO UPDATE SET amount = amount + excluded.amount
        """

    /// Within a transaction that holds the write lock.
    static func append(
        _ posting: Posting, to database: Database, _ clock: JournalClock
    ) throws(SQLiteError) -> StoredPosting? {
        // Another process may have written since.
        clock.advance(to: try JournalClock.latestTime(in: database))
        let moment = clock.next()
        try database.statement(insertPosting).run([
            Value(moment), .text(posting.kind.rawValue), .text(posting.accountID.rawValue), .text(posting.reference),
            .text(posting.note),
        ])
        guard database.changedRows > 0 else { return nil }
        let stored = StoredPosting(id: database.lastInsertedRow, createdAt: moment, posting: posting)
        for transfer in posting.transfers { try append(transfer, of: stored, to: database) }
        return stored
    }

    private static func append(
        _ transfer: Transfer, of posting: StoredPosting, to database: Database
    ) throws(SQLiteError) {
        let (from, to, amount) = (transfer.from.name, transfer.to.name, transfer.amount.rawValue)
        try database.statement(insertTransfer).run([
            Value(posting.createdAt), .integer(posting.id), .text(from), .text(to), .integer(amount),
        ])
        try database.statement(addToBalance).run([.text(from), .integer(-amount)])
        try database.statement(addToBalance).run([.text(to), .integer(amount)])
    }

    /// Reads a row of `postings` selected with `*`, and its movements.
    static func posting(_ row: borrowing Row, in database: Database) throws(SQLiteError) -> StoredPosting {
        guard let kind = PostingKind(rawValue: row.text(at: 2)) else { throw .corruptValue("postings.kind") }
        let id = row.integer(at: 0)
        let select = try database.statement(
            "SELECT from_account, to_account, amount FROM transfers WHERE posting_id = ?1 ORDER BY id")
        try select.bind(id, at: 1)
        let transfers = try select.rows { (row) throws(SQLiteError) in try transfer(row, at: 0) }
        let posting = Posting(
            kind, of: AccountID(row.text(at: 3)), transfers, reference: row.text(at: 4), note: row.text(at: 5))
        return StoredPosting(id: id, createdAt: row.moment(at: 1), posting: posting)
    }

    /// Reads from, to and amount, which stand side by side.
    static func transfer(_ row: borrowing Row, at column: Int32) throws(SQLiteError) -> Transfer {
        let (from, to) = (try account(row, at: column), try account(row, at: column + 1))
        guard let transfer = Transfer(row.amount(at: column + 2), from: from, to: to) else {
            throw .corruptValue("transfers.amount")
        }
        return transfer
    }

    static func account(_ row: borrowing Row, at column: Int32) throws(SQLiteError) -> LedgerAccount {
        guard let account = LedgerAccount(name: row.text(at: column)) else { throw .corruptValue("a ledger account") }
        return account
    }
}
