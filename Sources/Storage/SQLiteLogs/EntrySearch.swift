import Domain
import SQLite

/// One question to the entries of a gateway. Lives within one transaction, so that all it says is of one moment.
struct EntrySearch {
    private let query: LogQuery
    private let gateway: GatewayRow
    private let database: Database
    private let tests: SearchTests
    /// From `FROM` on, without an order.
    private let source: SQLText
    private let values: [Value]
    /// Whether every entry of the gateway fits.
    private let isOfAll: Bool

    /// Nil when nothing can fit. Entries with higher numbers than `latest` are left out.
    init?(
        _ query: LogQuery, in gateway: GatewayRow, latest: Int64? = nil, database: Database, tests: SearchTests,
        limits: LogLimits
    ) throws(SQLiteError) {
        self.query = query
        self.gateway = gateway
        self.database = database
        self.tests = tests
        let conditions = FilterConditions(gateway: gateway.number, database: database, tests: tests)
        var condition = try conditions.all(query.filters, search: query.search)
        if let latest, latest < gateway.latest {
            condition = .all(of: [.sql("e.number <= ?", [.integer(latest)]), condition])
        }
        switch condition {
        case .never: return nil
        case .always:
            source = "FROM entries AS e WHERE e.gateway = ?"
            values = [.integer(gateway.number)]
            isOfAll = true
        case .sql(let sql, let bound):
            let candidates = Candidates(gateway: gateway.number, database: database, most: limits.candidates)
            let picks = try candidates.pick(for: query.filters)
            source = (picks ? Self.fromPicked : "FROM entries AS e WHERE e.gateway = ?") + " AND (" + sql + ")"
            values = [.integer(gateway.number)] + bound
            isOfAll = false
        }
    }

    private static let fromPicked: SQLText = """
        FROM temp.picked AS p CROSS JOIN entries AS e ON e.created = p.created AND e.number = p.number
        WHERE e.gateway = ?
        """

    /// Entries in the order of the question, without the first `offset` of them.
    func keys(offset: Int, limit: Int) throws(SQLiteError) -> [EntryKey] {
        let (order, bound) = try order()
        let select = try database.prepare("SELECT e.created, e.number " + source + order + " LIMIT ? OFFSET ?")
        try select.bind(values + bound + [.integer(Int64(limit)), .integer(Int64(offset))])
        return try select.rows { row in EntryKey(row) }
    }

    /// How many fit; `most` when they are more.
    func count(upTo most: Int) throws(SQLiteError) -> Int {
        if isOfAll { return min(Int(gateway.entries), most) }
        let select = try database.prepare("SELECT count(*) FROM (SELECT 1 " + source + " LIMIT ?)")
        try select.bind(values + [.integer(Int64(most))])
        return try select.first { row in Int(row.integer(at: 0)) } ?? 0
    }

    /// Both at once. In the order of time they come out of one reading.
    func page(offset: Int, limit: Int, countingUpTo most: Int) throws(SQLiteError) -> (keys: [EntryKey], total: Int) {
        guard query.order == .createdAt, !isOfAll else {
            return (try keys(offset: offset, limit: limit), try count(upTo: most))
        }
        let (order, bound) = try order()
        let select = try database.prepare("SELECT e.created, e.number " + source + order + " LIMIT ?")
        let (end, isBeyond) = offset.addingReportingOverflow(limit)
        try select.bind(values + bound + [.integer(Int64(max(most, isBeyond ? .max : end)))])
        var keys: [EntryKey] = []
        var count = 0
        try select.eachRow { row in
            if count >= offset, keys.count < limit { keys.append(EntryKey(row)) }
            count += 1
        }
        return (keys, min(count, most))
    }

    func summary() throws(SQLiteError) -> LogSummary {
        var summary = LogSummary()
        let select = try database.prepare(
            "SELECT e.created, e.duration, e.tokens_in, e.tokens_out, e.cost, e.feedback, e.flags " + source)
        try select.bind(values)
        try select.eachRow { row in summary.add(row) }
        return summary
    }

    /// Entries that are alike stand in the order of time, in the same direction; what is missing counts as least.
    private func order() throws(SQLiteError) -> (SQLText, [Value]) {
        let direction: SQLText = query.isAscending ? " ASC" : " DESC"
        let byTime = "e.created" + direction + ", e.number" + direction
        let expression: SQLText
        switch query.order {
        case .createdAt: return (" ORDER BY " + byTime, [])
        case .provider: return try order(by: .provider, direction, byTime)
        case .model: return try order(by: .model, direction, byTime)
        case .modelType: return try order(by: .modelType, direction, byTime)
        case .success: expression = "e.flags & 1"
        case .cached: expression = "e.flags & 2"
        case .cost: expression = "e.cost"
        case .tokensIn: expression = "e.tokens_in"
        case .tokensOut: expression = "e.tokens_out"
        case .duration: expression = "e.duration"
        case .feedback: expression = "e.feedback"
        }
        return (" ORDER BY " + expression + direction + ", " + byTime, [])
    }

    private func order(
        by kind: TextKind, _ direction: SQLText, _ byTime: SQLText
    ) throws(SQLiteError) -> (SQLText, [Value]) {
        let select = try database.statement("SELECT number FROM texts WHERE gateway = ?1 AND kind = ?2 ORDER BY text")
        try select.bind([.integer(gateway.number), .integer(kind.rawValue)])
        let (rank, value) = tests.rank(of: kind.column, in: try select.rows { row in row.integer(at: 0) })
        return (" ORDER BY " + rank + direction + ", " + byTime, [value])
    }
}

extension EntryKey {
    fileprivate init(_ row: borrowing Row) {
        self.init(created: row.integer(at: 0), number: row.integer(at: 1))
    }
}
