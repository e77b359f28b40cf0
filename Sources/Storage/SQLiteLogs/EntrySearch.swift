import Domain
import SQLite

/// One question to the entries of a gateway. Lives within one transaction, so that all it says is of one moment.
struct EntrySearch {
    private let query: LogQuery
    private let gateway: GatewayRow
    private let database: Database
    private let functions: SearchFunctions
    /// From `FROM` on, without an order.
    private let source: SQLText
    private let values: [Value]
    /// More entries than these are sorted while all of them are read once more.
    private let mostGathered: Int
    /// Whether every entry of the gateway fits.
    private let isOfAll: Bool

    /// Nil when nothing can fit. Entries with higher numbers than `latest` are left out.
    init?(
        _ query: LogQuery, in gateway: GatewayRow, latest: Int64? = nil, database: Database, functions: SearchFunctions,
        limits: LogLimits
    ) throws(SQLiteError) {
        self.query = query
        self.gateway = gateway
        self.database = database
        self.functions = functions
        mostGathered = limits.candidates
        let conditions = FilterConditions(gateway: gateway.number, database: database, functions: functions)
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
        if query.order == .createdAt || isOfAll { return try keys(of: source, values, offset: offset, limit: limit) }
        return try sorted(offset: offset, limit: limit, countingUpTo: mostGathered + 1).keys
    }

    /// The same, and how many fit; `most` when they are more.
    func page(offset: Int, limit: Int, countingUpTo most: Int) throws(SQLiteError) -> (keys: [EntryKey], total: Int) {
        if isOfAll {
            let keys = try keys(of: source, values, offset: offset, limit: limit)
            return (keys, min(Int(gateway.entries), most))
        }
        guard query.order == .createdAt else {
            return try sorted(offset: offset, limit: limit, countingUpTo: max(most, mostGathered + 1), most)
        }
        // In the order of time both come out of one reading.
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

    /// Reads what fits once; when it is not too much it is then sorted by itself.
    private func sorted(
        offset: Int, limit: Int, countingUpTo bound: Int, _ most: Int = .max
    ) throws(SQLiteError) -> (keys: [EntryKey], total: Int) {
        let select = try database.prepare("SELECT e.created, e.number " + source + " LIMIT ?")
        try select.bind(values + [.integer(Int64(bound))])
        var gathered: [EntryKey] = []
        var count = 0
        try select.eachRow { row in
            count += 1
            if count <= mostGathered { gathered.append(EntryKey(row)) }
        }
        guard count <= mostGathered else {
            return (try keys(of: source, values, offset: offset, limit: limit), min(count, most))
        }
        guard offset < count, limit > 0 else { return ([], min(count, most)) }
        try Candidates.pick(gathered, in: database)
        let number = [Value.integer(gateway.number)]
        return (try keys(of: Self.fromPicked, number, offset: offset, limit: limit), min(count, most))
    }

    private func keys(
        of source: SQLText, _ values: [Value], offset: Int, limit: Int
    ) throws(SQLiteError) -> [EntryKey] {
        let (order, bound) = try order()
        let select = try database.prepare("SELECT e.created, e.number " + source + order + " LIMIT ? OFFSET ?")
        try select.bind(values + bound + [.integer(Int64(limit)), .integer(Int64(offset))])
        return try select.rows { row in EntryKey(row) }
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
        let (rank, value) = functions.rank(of: kind.column, in: try select.rows { row in row.integer(at: 0) })
        return (" ORDER BY " + rank + direction + ", " + byTime, [value])
    }
}

extension EntryKey {
    fileprivate init(_ row: borrowing Row) {
        self.init(created: row.integer(at: 0), number: row.integer(at: 1))
    }
}
