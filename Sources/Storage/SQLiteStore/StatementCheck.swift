import Domain
import SQLite

/// Whether statements that were given out say what the journal and the sums of days say.
///
/// Goes along while the journal is read in the order of time, and remembers what was in each wallet where a statement
/// of it begins or ends.
struct StatementCheck {
    private struct Key: Hashable {
        let account: String
        let month: CalendarMonth
    }

    private struct Written {
        let opening: Int128
        let closing: Int128
        var postings: [Int64] = []
        var charges: [UsageRow] = []
    }

    private struct Found {
        var opening: Int128 = 0
        var closing: Int128 = 0
        var postings: [Int64] = []
        var charges: [UsageRow] = []
    }

    /// The beginning of a month: statements that begin there, and those that end.
    private struct Boundary {
        let at: Int64
        var openings: [Key] = []
        var closings: [Key] = []
    }

    private let database: Database
    private var written: [Key: Written] = [:]
    private var found: [Key: Found] = [:]
    private var boundaries: ArraySlice<Boundary> = []
    private var strays: [String] = []

    var count: Int64 { Int64(written.count) }

    init(_ database: Database) throws(SQLiteError) {
        self.database = database
        try readStatements()
        try readPostings()
        try readCharges()
        boundaries = Self.boundaries(of: written.keys)
    }

    // MARK: Along the journal

    /// To be told of each moment before what was moved then is part of the sums.
    mutating func pass(_ moment: Int64, _ sums: [String: Int128]) {
        while let boundary = boundaries.first, moment >= boundary.at {
            boundaries.removeFirst()
            for key in boundary.openings { found[key, default: Found()].opening = sums[Self.wallet(key)] ?? 0 }
            for key in boundary.closings { found[key, default: Found()].closing = sums[Self.wallet(key)] ?? 0 }
        }
    }

    /// Movements of a posting come one after the other.
    mutating func add(posting id: Int64, at moment: Int64, _ places: String...) {
        guard !written.isEmpty else { return }
        let month = CalendarDay(Timestamp(microseconds: moment)).calendarMonth
        for place in places {
            guard case .wallet(let account) = LedgerAccount(name: place) else { continue }
            let key = Key(account: account.rawValue, month: month)
            guard written[key] != nil, found[key]?.postings.last != id else { continue }
            found[key, default: Found()].postings.append(id)
        }
    }

    mutating func finish(_ sums: [String: Int128], _ differences: inout Differences) throws(SQLiteError) {
        pass(.max, sums)
        for month in Set(written.keys.map(\.month)) { try sumCharges(of: month) }
        for stray in strays { differences.add(stray) }
        for (key, written) in written.sorted(by: { Self.order($0.key) < Self.order($1.key) }) {
            compare(key, written, found[key] ?? Found(), &differences)
        }
    }

    private func compare(_ key: Key, _ written: Written, _ found: Found, _ differences: inout Differences) {
        let name = "statement of \(key.account) for \(key.month.text)"
        if written.opening != found.opening {
            differences.add("\(name) opens with \(written.opening), the journal says \(found.opening)")
        }
        if written.closing != found.closing {
            differences.add("\(name) closes with \(written.closing), the journal says \(found.closing)")
        }
        if written.postings != found.postings {
            differences.add("\(name): its postings are not those of the journal")
        }
        if written.charges != found.charges {
            differences.add("\(name): its charges are not those of the calls")
        }
    }

    // MARK: Reading

    private mutating func readStatements() throws(SQLiteError) {
        let all = try database.statement("SELECT account_id, month, opening, closing FROM statements")
        try all.eachRow { (row) throws(SQLiteError) in
            guard let key = key(row) else { return }
            written[key] = Written(opening: Int128(row.integer(at: 2)), closing: Int128(row.integer(at: 3)))
        }
    }

    private mutating func readPostings() throws(SQLiteError) {
        let all = try database.statement(
            "SELECT account_id, month, posting_id FROM statement_postings ORDER BY account_id, month, posting_id")
        try all.eachRow { (row) throws(SQLiteError) in
            guard let key = key(row) else { return }
            if written[key]?.postings.append(row.integer(at: 2)) == nil { addStray(key, "postings") }
        }
    }

    private mutating func readCharges() throws(SQLiteError) {
        let all = try database.statement(
            """
            SELECT account_id, month, model, requests, prompt_tokens, completion_tokens, cost, own_key_cost
            FROM statement_charges ORDER BY account_id, month, position
            """)
        try all.eachRow { (row) throws(SQLiteError) in
            guard let key = key(row) else { return }
            if written[key]?.charges.append(UsageRow(row, at: 2)) == nil { addStray(key, "charges") }
        }
    }

    private mutating func key(_ row: borrowing Row) -> Key? {
        let (account, text) = (row.text(at: 0), row.text(at: 1))
        guard let month = CalendarMonth(text) else {
            let stray = "a statement of \(account) is of no month"
            if !strays.contains(stray) { strays.append(stray) }
            return nil
        }
        return Key(account: account, month: month)
    }

    private mutating func addStray(_ key: Key, _ what: String) {
        let stray = "\(what) are of the statement of \(key.account) for \(key.month.text), which does not exist"
        if !strays.contains(stray) { strays.append(stray) }
    }

    /// In the order in which statements have them.
    private mutating func sumCharges(of month: CalendarMonth) throws(SQLiteError) {
        let select = try database.statement(
            """
            SELECT payer, model, sum(requests), sum(prompt_tokens), sum(completion_tokens), sum(cost), sum(own_key_cost)
            FROM usage_days WHERE day BETWEEN ?1 AND ?2
            GROUP BY payer, model ORDER BY payer, sum(cost) DESC, sum(own_key_cost) DESC, model
            """)
        try select.bind([.integer(month.firstDay.number), .integer(month.lastDay.number)])
        try select.eachRow { row in
            let key = Key(account: row.text(at: 0), month: month)
            if written[key] != nil { found[key, default: Found()].charges.append(UsageRow(row, at: 1)) }
        }
    }

    // MARK: Parts

    private static func boundaries(of keys: some Sequence<Key>) -> ArraySlice<Boundary> {
        var boundaries: [Int64: Boundary] = [:]
        for key in keys {
            let begin = key.month.firstDay.startsAt.microseconds
            let end = key.month.next.firstDay.startsAt.microseconds
            boundaries[begin, default: Boundary(at: begin)].openings.append(key)
            boundaries[end, default: Boundary(at: end)].closings.append(key)
        }
        return boundaries.values.sorted { $0.at < $1.at }[...]
    }

    private static func wallet(_ key: Key) -> String { LedgerAccount.wallet(AccountID(key.account)).name }
    private static func order(_ key: Key) -> String { "\(key.month.text) \(key.account)" }
}
