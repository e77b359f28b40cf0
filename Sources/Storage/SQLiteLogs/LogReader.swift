import Domain
import SQLite

/// Two connections for reading, used by one thread at a time.
final class LogReader {
    private let index: Database
    private let bodies: Database
    private let functions = SearchFunctions()
    private let limits: LogLimits

    init(index: Database, bodies: Database, limits: LogLimits) throws(SQLiteError) {
        self.index = index
        self.bodies = bodies
        self.limits = limits
        try functions.install(in: index)
        try Candidates.prepare(index)
    }

    func page(_ query: LogQuery, offset: Int, limit: Int) throws(SQLiteError) -> LogPage {
        let none = LogPage(entries: [], total: 0)
        return try search(query, otherwise: none) { (search, row) throws(SQLiteError) in
            let (keys, total) = try search.page(offset: offset, limit: limit, countingUpTo: limits.countedEntries)
            return LogPage(entries: try entries(keys, in: row, of: query.gatewayKey), total: total)
        }
    }

    func summary(_ query: LogQuery) throws(SQLiteError) -> LogSummary {
        try search(query, otherwise: LogSummary()) { (search, _) throws(SQLiteError) in try search.summary() }
    }

    /// The first entries that the question finds, none of them later than `latest`.
    func keys(_ query: LogQuery, latest: Int64, limit: Int) throws(SQLiteError) -> [EntryKey] {
        try search(query, latest: latest, otherwise: []) { (search, _) throws(SQLiteError) in
            try search.keys(offset: 0, limit: limit)
        }
    }

    func entry(_ id: LogID, of key: GatewayKey) throws(SQLiteError) -> GatewayLogEntry? {
        guard let row = try GatewayRow.find(key, in: index) else { return nil }
        let select = try index.prepare(EntryColumns.byID)
        try select.bind([.integer(row.number), .text(id.rawValue)])
        return try select.first { (row) throws(SQLiteError) in try EntryColumns.read(row, of: key) }
    }

    func bodies(_ id: LogID, of key: GatewayKey) throws(SQLiteError) -> LogBodies? {
        guard let row = try GatewayRow.find(key, in: index) else { return nil }
        let entry = try index.statement("SELECT 1 FROM entries WHERE gateway = ?1 AND id = ?2")
        try entry.bind([.integer(row.number), .text(id.rawValue)])
        guard try entry.first({ _ in true }) != nil else { return nil }
        let select = try bodies.statement(
            "SELECT is_stream, request, response FROM bodies WHERE id = ?1 AND account = ?2 AND gateway = ?3")
        try select.bind([.text(id.rawValue), .text(key.account.rawValue), .text(key.gateway.rawValue)])
        return try select.first { row in
            LogBodies(
                request: row.isNull(at: 1) ? nil : row.blob(at: 1), response: row.isNull(at: 2) ? nil : row.blob(at: 2),
                isResponseStream: row.integer(at: 0) != 0)
        }
    }

    func gateway(_ key: GatewayKey) throws(SQLiteError) -> GatewayRow? { try GatewayRow.find(key, in: index) }

    func gateways() throws(SQLiteError) -> [GatewayKey: GatewayRow] { try GatewayRow.all(in: index) }

    /// The lowest number of the gateway's entries.
    func leastNumber(in gateway: Int64) throws(SQLiteError) -> Int64? {
        let select = try index.statement("SELECT min(+number) FROM entries WHERE gateway = ?1")
        try select.bind(gateway, at: 1)
        return try select.first { row in row.optionalInteger(at: 0) } ?? nil
    }

    /// Numbers of the gateway's texts that none of its entries has.
    func unusedTexts(in gateway: Int64) throws(SQLiteError) -> [Int64] {
        try index.transaction(.deferred) { () throws(SQLiteError) in
            var used: Set<Int64> = []
            let entries = try index.statement(
                """
                SELECT provider, model, model_type, path, request_type, request_content_type, response_content_type,
                    user_agent, dlp_action
                FROM entries WHERE gateway = ?1
                """)
            try entries.bind(gateway, at: 1)
            // No text has the number 0, which stands for none here.
            try entries.eachRow { row in for column in Int32(0)..<9 { used.insert(row.integer(at: column)) } }
            let texts = try index.statement("SELECT number FROM texts WHERE gateway = ?1")
            try texts.bind(gateway, at: 1)
            return try texts.rows { row in row.integer(at: 0) }.filter { !used.contains($0) }
        }
    }

    func textCount(in gateway: Int64) throws(SQLiteError) -> Int64 {
        let select = try index.statement("SELECT count(*) FROM texts WHERE gateway = ?1")
        try select.bind(gateway, at: 1)
        return try select.first { row in row.integer(at: 0) } ?? 0
    }

    private func search<Answer>(
        _ query: LogQuery, latest: Int64? = nil, otherwise nothing: Answer,
        _ body: (EntrySearch, GatewayRow) throws(SQLiteError) -> Answer
    ) throws(SQLiteError) -> Answer {
        defer { functions.removeAll() }
        return try index.limitingWork(steps: limits.searchSteps) { () throws(SQLiteError) in
            try index.transaction(.deferred) { () throws(SQLiteError) in
                guard let row = try GatewayRow.find(query.gatewayKey, in: index),
                    let search = try EntrySearch(
                        query, in: row, latest: latest, database: index, functions: functions, limits: limits)
                else { return nothing }
                return try body(search, row)
            }
        }
    }

    private func entries(
        _ keys: [EntryKey], in row: GatewayRow, of gateway: GatewayKey
    ) throws(SQLiteError) -> [GatewayLogEntry] {
        let select = try index.prepare(EntryColumns.byKey)
        var entries: [GatewayLogEntry] = []
        entries.reserveCapacity(keys.count)
        for key in keys {
            try select.bind([.integer(row.number), .integer(key.created), .integer(key.number)])
            let entry = try select.first { (row) throws(SQLiteError) in try EntryColumns.read(row, of: gateway) }
            if let entry { entries.append(entry) }
        }
        return entries
    }
}

extension LogQuery {
    var gatewayKey: GatewayKey { GatewayKey(account: account, gateway: gateway) }
}
