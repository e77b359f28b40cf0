import Domain
import SQLite

/// Not a wallet's.
typealias PreparedStatement = SQLite.Statement

/// How an entry lies in its row.
enum EntryColumns {
    /// An entry whose id is there already is left out.
    static let insert: StaticString = """
        INSERT OR IGNORE INTO entries (
            gateway, created, number, flags, provider, model, model_type, path, request_type, request_content_type,
            response_content_type, user_agent, dlp_action, duration, tokens_in, tokens_out, cost, feedback, id, event_id,
            metadata, status, step, score, error_code, request_size, response_size, request_id, dlp_findings,
            guardrails
        ) VALUES (
            ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
            ?25, ?26, ?27, ?28, ?29, ?30
        )
        """

    /// The columns that `read` reads, of entries named `e`.
    static let select: SQLText = """
        SELECT
            e.created, e.flags, e.duration, e.tokens_in, e.tokens_out, e.cost, e.feedback, e.id, e.event_id, e.metadata,
            e.status, e.step, e.score, e.error_code, e.request_size, e.response_size, e.request_id, e.dlp_findings,
            (SELECT text FROM texts WHERE number = e.provider), (SELECT text FROM texts WHERE number = e.model),
            (SELECT text FROM texts WHERE number = e.path), (SELECT text FROM texts WHERE number = e.model_type),
            (SELECT text FROM texts WHERE number = e.request_type),
            (SELECT text FROM texts WHERE number = e.request_content_type),
            (SELECT text FROM texts WHERE number = e.response_content_type),
            (SELECT text FROM texts WHERE number = e.user_agent), (SELECT text FROM texts WHERE number = e.dlp_action),
            e.guardrails
        FROM entries AS e
        """

    static let byKey: SQLText = select + " WHERE e.gateway = ? AND e.created = ? AND e.number = ?"
    static let byID: SQLText = select + " WHERE e.gateway = ? AND e.id = ?"

    /// Column of the first of the texts' numbers; they stand in the order of their kinds.
    private static let firstText: Int32 = 5

    static func bind(
        _ entry: GatewayLogEntry, gateway: Int64, number: Int64, texts: [Int64?], to row: PreparedStatement
    ) throws(SQLiteError) {
        try row.bind(gateway, at: 1)
        try row.bind(entry.createdAt.microseconds, at: 2)
        try row.bind(number, at: 3)
        try row.bind(EntryFlags(entry).rawValue, at: 4)
        var column = firstText
        for text in texts {
            try row.bind(text, at: column)
            column += 1
        }
        try row.bind(entry.durationMilliseconds, at: 14)
        try row.bind(entry.tokensIn, at: 15)
        try row.bind(entry.tokensOut, at: 16)
        try row.bind(entry.cost?.rawValue, at: 17)
        try row.bind(entry.feedback.map { Int64($0) }, at: 18)
        try row.bind(entry.id.rawValue, at: 19)
        try row.bind(entry.eventID, at: 20)
        if let metadata = MetadataBytes.encode(entry.metadata) { try row.bind(metadata, at: 21) }
        try row.bind(Int64(entry.statusCode), at: 22)
        try row.bind(entry.step.map { Int64($0) }, at: 23)
        try row.bind(entry.score.map { Int64($0) }, at: 24)
        try row.bind(entry.errorCode.map { Int64($0) }, at: 25)
        try row.bind(entry.requestSize, at: 26)
        try row.bind(entry.responseSize, at: 27)
        try row.bind(entry.requestID.rawValue, at: 28)
        try row.bind(entry.dlpFindings, at: 29)
        try row.bind(entry.guardrails, at: 30)
    }

    static func read(_ row: borrowing Row, of key: GatewayKey) throws(SQLiteError) -> GatewayLogEntry {
        let flags = EntryFlags(rawValue: row.integer(at: 1))
        guard let provider = row.optionalText(at: 18), let model = row.optionalText(at: 19),
            let path = row.optionalText(at: 20)
        else { throw .corruptValue("entries: a text is missing") }
        var entry = GatewayLogEntry(
            id: LogID(row.text(at: 7)), account: key.account, gateway: key.gateway,
            createdAt: Timestamp(microseconds: row.integer(at: 0)), requestID: RequestID(row.text(at: 16)),
            provider: provider, model: model, path: path, durationMilliseconds: row.integer(at: 2),
            statusCode: Int(row.integer(at: 10)), isSuccess: flags.contains(.success))
        entry.set(flags)
        try entry.setNumbers(row)
        entry.setTexts(row)
        return entry
    }
}

extension GatewayLogEntry {
    fileprivate mutating func set(_ flags: EntryFlags) {
        isCached = flags.contains(.cached)
        isAuthenticated = flags.contains(.authenticated)
        isWholesale = flags.contains(.wholesale)
        isCompatibilityMode = flags.contains(.compatibilityMode)
        isCustomCost = flags.contains(.customCost)
        isOnOwnKey = flags.contains(.ownKey)
    }

    fileprivate mutating func setNumbers(_ row: borrowing Row) throws(SQLiteError) {
        tokensIn = row.integer(at: 3)
        tokensOut = row.integer(at: 4)
        cost = row.optionalInteger(at: 5).map { Nanodollars($0) }
        feedback = row.optionalInteger(at: 6).map { Int($0) }
        if !row.isNull(at: 9) {
            guard let read = MetadataBytes.decode(row.blob(at: 9)) else { throw .corruptValue("entries.metadata") }
            metadata = read
        }
        step = row.optionalInteger(at: 11).map { Int($0) }
        score = row.optionalInteger(at: 12).map { Int($0) }
        errorCode = row.optionalInteger(at: 13).map { Int($0) }
        requestSize = row.integer(at: 14)
        responseSize = row.integer(at: 15)
    }

    fileprivate mutating func setTexts(_ row: borrowing Row) {
        eventID = row.optionalText(at: 8)
        dlpFindings = row.optionalText(at: 17)
        modelType = row.optionalText(at: 21)
        requestType = row.optionalText(at: 22)
        requestContentType = row.optionalText(at: 23)
        responseContentType = row.optionalText(at: 24)
        userAgent = row.optionalText(at: 25)
        dlpAction = row.optionalText(at: 26)
        guardrails = row.optionalText(at: 27)
    }
}
