import Domain
import SQLite

/// Reckons everything anew from the journal and the records, within one read transaction.
///
/// Reads the journal and the calls row by row, in the order in which they were written. In memory are a sum for each
/// place that has money, the sums of one day, and the statements.
struct LedgerCheck {
    let database: Database
    var differences = Differences()
    private var callCount: Int64 = 0
    private var transferCount: Int64 = 0
    private var sums: [String: Int128] = [:]
    private var callsAreInOrder = true

    init(_ database: Database) {
        self.database = database
    }

    mutating func run() throws(SQLiteError) -> LedgerReport {
        var statements = try StatementCheck(database)
        try checkTransfers(&statements)
        try statements.finish(sums, &differences)
        try checkBalances()
        try checkPostings()
        try checkCalls()
        let postings = try database.statement("SELECT count(*) FROM postings").first { row in row.integer(at: 0) }
        return LedgerReport(
            calls: callCount, postings: postings ?? 0, transfers: transferCount, statements: statements.count,
            differences: differences.texts)
    }

    /// Sums the journal, and looks whether it is in the order of time.
    private mutating func checkTransfers(_ statements: inout StatementCheck) throws(SQLiteError) {
        var latest: Int64 = .min
        var latestCall: Int64 = 0
        let all = try database.statement(
            "SELECT id, at, call_id, from_account, to_account, amount, posting_id FROM transfers ORDER BY id")
        try all.eachRow { (row) throws(SQLiteError) in
            transferCount += 1
            let (moment, amount) = (row.integer(at: 1), Int128(row.integer(at: 5)))
            let (from, to) = (row.text(at: 3), row.text(at: 4))
            statements.pass(moment, sums)
            if let posting = row.optionalInteger(at: 6) { statements.add(posting: posting, at: moment, from, to) }
            sums[from, default: 0] -= amount
            sums[to, default: 0] += amount
            if moment < latest {
                differences.add("transfer \(row.integer(at: 0)) is older than the one before it")
            }
            latest = max(latest, moment)
            guard let call = row.optionalInteger(at: 2) else { return }
            if call < latestCall { callsAreInOrder = false }
            latestCall = call
        }
    }

    private mutating func checkBalances() throws(SQLiteError) {
        var total: Int128 = 0
        let all = try database.statement("SELECT account, amount FROM balances ORDER BY account")
        try all.eachRow { (row) throws(SQLiteError) in
            let (account, amount) = (row.text(at: 0), Int128(row.integer(at: 1)))
            total += amount
            let sum = sums.removeValue(forKey: account) ?? 0
            if sum != amount { differences.add("balance of \(account) is \(amount), the journal says \(sum)") }
        }
        for (account, sum) in sums.sorted(by: { $0.key < $1.key }) {
            differences.add("balance of \(account) is missing, the journal says \(sum)")
        }
        if total != 0 { differences.add("the balances sum to \(total) instead of zero") }
    }

    private mutating func checkPostings() throws(SQLiteError) {
        let bare = try database.statement(
            """
            SELECT id FROM postings
            WHERE NOT EXISTS (SELECT 1 FROM transfers WHERE posting_id = postings.id) ORDER BY id
            """)
        try bare.eachRow { row in differences.add("posting \(row.integer(at: 0)) moves nothing") }
        let strays = try database.statement(
            """
            SELECT DISTINCT posting_id FROM transfers
            WHERE posting_id IS NOT NULL AND posting_id NOT IN (SELECT id FROM postings) ORDER BY posting_id
            """)
        try strays.eachRow { row in
            differences.add("transfers are of posting \(row.integer(at: 0)), which does not exist")
        }
    }

    /// Goes through calls and their movements side by side.
    private mutating func checkCalls() throws(SQLiteError) {
        var calls = CallPages(database)
        var days = UsageDayCheck(database)
        var group = CallTransfers()
        // They lie in the order of calls unless somebody changed them.
        let movements =
            try callsAreInOrder
            ? database.statement(
                """
                SELECT call_id, from_account, to_account, amount FROM transfers WHERE call_id IS NOT NULL ORDER BY id
                """)
            : database.statement(
                """
                SELECT call_id, from_account, to_account, amount FROM transfers WHERE call_id IS NOT NULL
                ORDER BY call_id, id
                """)
        try movements.eachRow { (row) throws(SQLiteError) in
            let callID = row.integer(at: 0)
            if callID != group.callID {
                try check(group, against: &calls, &days)
                group = CallTransfers(of: callID)
            }
            group.add(row)
        }
        try check(group, against: &calls, &days)
        while let call = try calls.next() { try check(call, [], &days) }
        try days.finish(&differences)
    }

    /// Checks the calls up to the one that the movements are of.
    private mutating func check(
        _ group: CallTransfers, against calls: inout CallPages, _ days: inout UsageDayCheck
    ) throws(SQLiteError) {
        guard let callID = group.callID else { return }
        while let call = try calls.next(through: callID) {
            let isTheirs = call.rowID == callID
            try check(call, isTheirs ? group.movements : [], &days)
            if isTheirs { return }
        }
        differences.add("transfers are of call \(callID), which does not exist")
    }

    private mutating func check(
        _ call: StoredCall, _ movements: [CallTransfers.Movement], _ days: inout UsageDayCheck
    ) throws(SQLiteError) {
        callCount += 1
        CallCheck.run(call, movements, &differences)
        try days.add(call, &differences)
    }
}
