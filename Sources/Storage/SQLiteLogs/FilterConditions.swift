import Domain
import SQLite

/// Turns the filters of a question into conditions on the entries of one gateway.
///
/// A value of another kind than its key's fits nothing, and neither does an operation that means nothing for the key,
/// such as `contains` for numbers. What is missing in an entry fits nothing; so `notEqual` holds for it.
struct FilterConditions {
    let gateway: Int64
    let database: Database
    let functions: SearchFunctions

    func all(_ filters: [LogFilter], search: String?) throws(SQLiteError) -> Condition {
        var cheap: [Condition] = []
        var dear: [Condition] = []
        let isPaired = filters.count { $0.key == .metadataKey } == 1 && filters.count { $0.key == .metadataValue } == 1
        for filter in filters {
            switch filter.key {
            case .metadataKey where isPaired: continue
            case .metadataValue where isPaired: dear.append(pair(filters))
            case .metadataKey, .metadataValue, .id, .eventID: dear.append(try condition(filter))
            default: cheap.append(try condition(filter))
            }
        }
        if let search, !search.isEmpty { dear.append(try condition(search: search)) }
        // SQLite asks in this order.
        return .all(of: cheap + dear)
    }

    private func condition(_ filter: LogFilter) throws(SQLiteError) -> Condition {
        guard filter.operation == .notEqual else { return try fitting(filter) }
        return try fitting(LogFilter(filter.key, .equal, filter.values)).negated
    }

    private func fitting(_ filter: LogFilter) throws(SQLiteError) -> Condition {
        switch filter.key {
        case .id: text(filter, "e.id")
        case .eventID: text(filter, "e.event_id")
        case .provider: try sharedText(filter, .provider)
        case .model: try sharedText(filter, .model)
        case .modelType: try sharedText(filter, .modelType)
        case .requestType: try sharedText(filter, .requestType)
        case .requestContentType: try sharedText(filter, .requestContentType)
        case .responseContentType: try sharedText(filter, .responseContentType)
        case .userAgent: try sharedText(filter, .userAgent)
        case .dlpAction: try sharedText(filter, .dlpAction)
        case .createdAt: number(filter, "e.created", filter.values.times)
        case .cost: number(filter, "e.cost", filter.values.amounts)
        case .tokens: number(filter, "e.tokens_in + e.tokens_out", filter.values.integers)
        case .tokensIn: number(filter, "e.tokens_in", filter.values.integers)
        case .tokensOut: number(filter, "e.tokens_out", filter.values.integers)
        case .duration: number(filter, "e.duration", filter.values.integers)
        case .feedback: number(filter, "e.feedback", filter.values.integers)
        case .success: flag(filter, "e.flags & 1")
        case .cached: flag(filter, "e.flags & 2")
        case .authentication: flag(filter, "e.flags & 4")
        case .wholesale: flag(filter, "e.flags & 8")
        case .compatibilityMode: flag(filter, "e.flags & 16")
        case .metadataKey: metadata(.key(TextTest(filter.operation, filter.values.texts)))
        case .metadataValue: metadata(.value(ValueTest(filter.operation, filter.values.spellings)))
        }
    }

    /// The two filters on metadata when there is one of each: they speak of the same entry of it.
    private func pair(_ filters: [LogFilter]) -> Condition {
        guard let key = filters.first(where: { $0.key == .metadataKey }),
            let value = filters.first(where: { $0.key == .metadataValue })
        else { return .always }
        return metadata(
            .pair(TextTest(key.operation, key.values.texts), ValueTest(value.operation, value.values.spellings)))
    }

    private func condition(search: String) throws(SQLiteError) -> Condition {
        let test = TextTest(.contains, [search])
        var found: [Condition] = []
        for kind in [TextKind.provider, .model, .path] {
            found.append(functions.condition(on: kind.column, among: try numbers(of: kind, fitting: test)))
        }
        found.append(functions.condition(on: "e.id", .text(test)))
        found.append(functions.condition(on: "e.event_id", .text(test)))
        found.append(metadata(.either(test)))
        return .any(of: found)
    }

    private func metadata(_ test: MetadataTest) -> Condition {
        functions.condition(on: "e.metadata", .metadata(test))
    }

    private func text(_ filter: LogFilter, _ column: SQLText) -> Condition {
        let texts = filter.values.texts
        if filter.operation == .equal { return .isOne(of: texts.map { .text($0) }, column) }
        return functions.condition(on: column, .text(TextTest(filter.operation, texts)))
    }

    private func sharedText(_ filter: LogFilter, _ kind: TextKind) throws(SQLiteError) -> Condition {
        let texts = filter.values.texts
        let found =
            filter.operation == .equal
            ? try numbers(of: kind, equalTo: texts)
            : try numbers(of: kind, fitting: TextTest(filter.operation, texts))
        return functions.condition(on: kind.column, among: found)
    }

    private func number(_ filter: LogFilter, _ expression: SQLText, _ values: [Int64]) -> Condition {
        switch filter.operation {
        case .equal, .notEqual: .compare(expression, .equal, values)
        case .less: .compare(expression, .less, values)
        case .greater: .compare(expression, .greater, values)
        case .atMost: .compare(expression, .atMost, values)
        case .atLeast: .compare(expression, .atLeast, values)
        case .contains: .never
        }
    }

    private func flag(_ filter: LogFilter, _ expression: SQLText) -> Condition {
        guard filter.operation == .equal else { return .never }
        let wanted = filter.values.bools
        return switch (wanted.contains(true), wanted.contains(false)) {
        case (true, true): .always
        case (true, false): .sql("(" + expression + ") <> 0", [])
        case (false, true): .sql("(" + expression + ") = 0", [])
        case (false, false): .never
        }
    }

    private func numbers(of kind: TextKind, equalTo texts: [String]) throws(SQLiteError) -> Set<Int64> {
        let select = try database.statement(
            "SELECT number FROM texts WHERE gateway = ?1 AND kind = ?2 AND text = ?3")
        var found: Set<Int64> = []
        for text in texts {
            try select.bind([.integer(gateway), .integer(kind.rawValue), .text(text)])
            if let number = try select.first({ row in row.integer(at: 0) }) { found.insert(number) }
        }
        return found
    }

    private func numbers(of kind: TextKind, fitting test: TextTest) throws(SQLiteError) -> Set<Int64> {
        guard case .sql(let sql, let values) = functions.condition(on: "text", .text(test)) else { return [] }
        let select = try database.prepare("SELECT number FROM texts WHERE gateway = ? AND kind = ? AND " + sql)
        try select.bind([.integer(gateway), .integer(kind.rawValue)] + values)
        var found: Set<Int64> = []
        try select.eachRow { row in found.insert(row.integer(at: 0)) }
        return found
    }
}

extension [LogFilter.Value] {
    var texts: [String] { compactMap { value in if case .text(let text) = value { text } else { nil } } }
    var integers: [Int64] { compactMap { value in if case .integer(let number) = value { number } else { nil } } }
    var bools: [Bool] { compactMap { value in if case .bool(let bool) = value { bool } else { nil } } }

    fileprivate var times: [Int64] {
        compactMap { value in if case .time(let moment) = value { moment.microseconds } else { nil } }
    }

    fileprivate var amounts: [Int64] {
        compactMap { value in if case .money(let amount) = value { amount.rawValue } else { nil } }
    }

    /// As values of metadata are written.
    var spellings: [String] {
        compactMap { value in
            switch value {
            case .text(let text): text
            case .integer(let number): String(number)
            case .bool(let bool): bool ? "true" : "false"
            case .money, .time: nil
            }
        }
    }
}
