import Domain
import Gateways
import JSON
import Routing

/// Reads which log entries a request means: the filters in both of their written forms, and the parameters beside them.
struct LogFilterReader {
    /// More conditions than this are a mistake.
    static let mostFilters = 32

    let query: QueryParameters

    func query(account: AccountID, gateway: GatewayID) throws(GatewayError) -> LogQuery {
        var filters = try listed()
        filters += try parameters()
        guard filters.count <= Self.mostFilters else {
            throw Self.invalid("filters", "There are more than \(Self.mostFilters) conditions.")
        }
        return LogQuery(
            account: account, gateway: gateway, filters: filters, search: query.first("search"),
            order: try word("order_by", LogQuery.Order.self) ?? .createdAt,
            isAscending: try isAscending())
    }

    // MARK: filters

    private func listed() throws(GatewayError) -> [LogFilter] {
        if let text = query.first("filters") { return try read(json: text) }
        return try zipped(
            keys: query.every("filters.key"), operators: query.every("filters.operator"),
            values: query.every("filters.value"))
    }

    /// `filters=[{"key":…,"operator":…,"value":[…]}]`
    private func read(json text: String) throws(GatewayError) -> [LogFilter] {
        guard let list = try? JSONScanner().value(Array(text.utf8)).arrayValue else {
            throw Self.invalid("filters", "must be a JSON array of {key, operator, value}.")
        }
        var filters: [LogFilter] = []
        for item in list { filters.append(try LogFilterForm.filter(item)) }
        return filters
    }

    /// Some clients send the parts of all conditions one after another, so that it must be guessed what belongs to what.
    private func zipped(
        keys: [String], operators: [String], values: [String]
    ) throws(GatewayError) -> [LogFilter] {
        guard keys.count == operators.count else {
            throw Self.invalid("filters", "There are \(keys.count) keys and \(operators.count) operators.")
        }
        if keys.count == 1 { return [try LogFilterForm.filter(keys[0], operators[0], values)] }
        guard values.count == keys.count else {
            throw Self.invalid(
                "filters", "It is not clear which values belong to which keys. Send `filters` as a JSON array.")
        }
        var filters: [LogFilter] = []
        for position in keys.indices {
            filters.append(try LogFilterForm.filter(keys[position], operators[position], [values[position]]))
        }
        return filters
    }

    // MARK: Parameters of their own

    private static let bounded: [(name: String, key: LogFilter.Key)] = [
        ("cost", .cost), ("duration", .duration), ("tokens_in", .tokensIn), ("tokens_out", .tokensOut),
        ("total_tokens", .tokens),
    ]
    private static let plain: [LogFilter.Key] = [
        .success, .cached, .provider, .model, .modelType, .requestContentType, .responseContentType,
    ]

    private func parameters() throws(GatewayError) -> [LogFilter] {
        var filters: [LogFilter] = []
        for key in Self.plain {
            if let text = query.first(key.rawValue) {
                filters.append(LogFilter(key, .equal, [try LogFilterForm.value(text, of: key)]))
            }
        }
        for (name, key) in Self.bounded {
            if let text = query.first("min_\(name)") {
                filters.append(LogFilter(key, .atLeast, [try LogFilterForm.value(text, of: key)]))
            }
            if let text = query.first("max_\(name)") {
                filters.append(LogFilter(key, .atMost, [try LogFilterForm.value(text, of: key)]))
            }
        }
        if let text = query.first("start_date") {
            filters.append(LogFilter(.createdAt, .atLeast, [try LogFilterForm.value(text, of: .createdAt)]))
        }
        if let text = query.first("end_date") {
            filters.append(LogFilter(.createdAt, .atMost, [try LogFilterForm.value(text, of: .createdAt)]))
        }
        if let text = query.first("feedback") { filters.append(try Self.feedback(text)) }
        return filters
    }

    /// Here, unlike in filters, 0 stands for a thumb that points down.
    private static func feedback(_ text: String) throws(GatewayError) -> LogFilter {
        switch text {
        case "1": LogFilter(.feedback, .equal, [.integer(1)])
        case "0", "-1": LogFilter(.feedback, .equal, [.integer(-1)])
        default: throw invalid("feedback", "must be 0 or 1.")
        }
    }

    private func isAscending() throws(GatewayError) -> Bool {
        let text = query.first("order_by_direction") ?? query.first("direction")
        switch text?.lowercased() {
        case nil, "desc": return false
        case "asc": return true
        default: throw Self.invalid("order_by_direction", "must be `asc` or `desc`.")
        }
    }

    private func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _: Word.Type
    ) throws(GatewayError) -> Word? where Word.RawValue == String {
        guard let text = query.first(name) else { return nil }
        guard let word = Word(rawValue: text) else { throw Self.invalid(name, Self.words(Word.self) + ".") }
        return word
    }

    private static func words<Word: RawRepresentable & CaseIterable>(
        _: Word.Type
    ) -> String where Word.RawValue == String {
        "there are " + Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    }

    private static func invalid(_ name: String, _ text: String) -> GatewayError {
        GatewayError(.invalidValue, "`\(name)`: \(text)", param: name)
    }
}
