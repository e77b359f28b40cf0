import Domain

/// What a question means, said once more and without SQL: entries are looked at one by one.
enum Reference {
    /// The entries must stand in the order of time, alike ones as they were handed over.
    static func page(_ query: LogQuery, of entries: [GatewayLogEntry]) -> [GatewayLogEntry] {
        let found = entries.filter { fits($0, query) }
        var sorted = found
        if query.order != .createdAt {
            let ranked = found.enumerated().map { (rank: rank($0.element, query.order), place: $0.offset) }
            let inOrder = ranked.sorted { left, right in
                left.rank == right.rank ? left.place < right.place : left.rank.lexicographicallyPrecedes(right.rank)
            }
            sorted = inOrder.map { found[$0.place] }
        }
        return query.isAscending ? sorted : sorted.reversed()
    }

    static func fits(_ entry: GatewayLogEntry, _ query: LogQuery) -> Bool {
        guard entry.account == query.account, entry.gateway == query.gateway else { return false }
        if let search = query.search, !search.isEmpty {
            let texts =
                [entry.id.rawValue, entry.provider, entry.model, entry.path, entry.eventID ?? ""]
                + entry.metadata.entries.flatMap { [$0.key, $0.value.text] }
            guard texts.contains(where: { holds($0, search) }) else { return false }
        }
        let keys = query.filters.filter { $0.key == .metadataKey }
        let values = query.filters.filter { $0.key == .metadataValue }
        let isPaired = keys.count == 1 && values.count == 1
        if isPaired, !entry.metadata.entries.contains(where: { holdsPair($0, keys[0], values[0]) }) { return false }
        return query.filters.allSatisfy { filter in
            isPaired && (filter.key == .metadataKey || filter.key == .metadataValue) || fits(entry, filter)
        }
    }

    private static func fits(_ entry: GatewayLogEntry, _ filter: LogFilter) -> Bool {
        if filter.operation == .notEqual {
            return !fits(entry, LogFilter(filter.key, .equal, filter.values))
        }
        switch filter.key {
        case .metadataKey: return entry.metadata.entries.contains { holdsKey($0.key, filter) }
        case .metadataValue: return entry.metadata.entries.contains { holdsValue($0.value, filter) }
        default:
            guard let value = value(of: filter.key, in: entry) else { return false }
            return filter.values.contains { holds(value, filter.operation, $0) }
        }
    }

    private static func value(of key: LogFilter.Key, in entry: GatewayLogEntry) -> LogFilter.Value? {
        switch key {
        case .id: .text(entry.id.rawValue)
        case .createdAt: .time(entry.createdAt)
        case .requestContentType: entry.requestContentType.map { .text($0) }
        case .responseContentType: entry.responseContentType.map { .text($0) }
        case .requestType: entry.requestType.map { .text($0) }
        case .success: .bool(entry.isSuccess)
        case .cached: .bool(entry.isCached)
        case .provider: .text(entry.provider)
        case .model: .text(entry.model)
        case .modelType: entry.modelType.map { .text($0) }
        case .cost: entry.cost.map { .money($0) }
        case .tokens: .integer(entry.tokensIn + entry.tokensOut)
        case .tokensIn: .integer(entry.tokensIn)
        case .tokensOut: .integer(entry.tokensOut)
        case .duration: .integer(entry.durationMilliseconds)
        case .feedback: entry.feedback.map { .integer(Int64($0)) }
        case .eventID: entry.eventID.map { .text($0) }
        case .authentication: .bool(entry.isAuthenticated)
        case .wholesale: .bool(entry.isWholesale)
        case .compatibilityMode: .bool(entry.isCompatibilityMode)
        case .dlpAction: entry.dlpAction.map { .text($0) }
        case .userAgent: entry.userAgent.map { .text($0) }
        case .metadataKey, .metadataValue: nil
        }
    }

    private static func holds(
        _ value: LogFilter.Value, _ operation: LogFilter.Operation, _ wanted: LogFilter.Value
    ) -> Bool {
        switch (value, wanted) {
        case (.text(let value), .text(let wanted)):
            operation == .contains ? holds(value, wanted) : compare(Array(value.utf8), operation, Array(wanted.utf8))
        case (.integer(let value), .integer(let wanted)): compare([value], operation, [wanted])
        case (.money(let value), .money(let wanted)): compare([value], operation, [wanted])
        case (.time(let value), .time(let wanted)): compare([value], operation, [wanted])
        case (.bool(let value), .bool(let wanted)): operation == .equal && value == wanted
        default: false
        }
    }

    private static func compare<Part: Comparable>(
        _ value: [Part], _ operation: LogFilter.Operation, _ wanted: [Part]
    ) -> Bool {
        let isLess = value.lexicographicallyPrecedes(wanted)
        return switch operation {
        case .equal: value == wanted
        case .notEqual: value != wanted
        case .less: isLess
        case .atMost: isLess || value == wanted
        case .greater: !isLess && value != wanted
        case .atLeast: !isLess
        case .contains: false
        }
    }

    /// The letters of ASCII are the same in either case.
    private static func holds(_ text: String, _ part: String) -> Bool {
        let (text, part) = (lowered(text), lowered(part))
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }

    private static func lowered(_ text: String) -> [UInt8] {
        text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
    }

    private static func holdsPair(_ pair: CallMetadata.Entry, _ key: LogFilter, _ value: LogFilter) -> Bool {
        func asked(_ filter: LogFilter, _ fits: (LogFilter) -> Bool) -> Bool {
            filter.operation == .notEqual ? !fits(LogFilter(filter.key, .equal, filter.values)) : fits(filter)
        }
        return asked(key) { holdsKey(pair.key, $0) } && asked(value) { holdsValue(pair.value, $0) }
    }

    private static func holdsKey(_ key: String, _ filter: LogFilter) -> Bool {
        filter.values.contains { holds(.text(key), filter.operation, $0) }
    }

    private static func holdsValue(_ value: CallMetadata.Value, _ filter: LogFilter) -> Bool {
        filter.values.contains { wanted in
            let text: String
            switch wanted {
            case .text(let given): text = given
            case .integer(let given): text = String(given)
            case .bool(let given): text = given ? "true" : "false"
            case .money, .time: return false
            }
            let isOrder = [.less, .greater, .atMost, .atLeast].contains(filter.operation)
            if isOrder, case .number(let spelling) = value, let number = Double(spelling), let bound = Double(text) {
                return compare([number], filter.operation, [bound])
            }
            return holds(.text(value.text), filter.operation, .text(text))
        }
    }

    /// What is missing is least.
    private static func rank(_ entry: GatewayLogEntry, _ order: LogQuery.Order) -> [Int64] {
        func text(_ text: String?) -> [Int64] { text.map { [0] + $0.utf8.map { Int64($0) } } ?? [-1] }
        switch order {
        case .createdAt: return []
        case .provider: return text(entry.provider)
        case .model: return text(entry.model)
        case .modelType: return text(entry.modelType)
        case .success: return [entry.isSuccess ? 1 : 0]
        case .cached: return [entry.isCached ? 1 : 0]
        case .cost: return [entry.cost?.rawValue ?? -1]
        case .tokensIn: return [entry.tokensIn]
        case .tokensOut: return [entry.tokensOut]
        case .duration: return [entry.durationMilliseconds]
        case .feedback: return [Int64(entry.feedback ?? -2)]
        }
    }
}
