import Domain

/// Every filter with operations that make sense, found by many, by few and by none; every order; a search.
enum Questions {
    static let agents = LogFilter(.userAgent, .contains, [.text("2.1.")])

    static func query(
        _ filters: [LogFilter], search: String? = nil, order: LogQuery.Order = .createdAt, ascending: Bool = false
    ) -> LogQuery {
        LogQuery(
            account: Entries.account, gateway: Entries.gateway, filters: filters, search: search, order: order,
            isAscending: ascending)
    }

    static func all(middle: Int) -> [(String, LogQuery)] {
        var questions: [(String, LogQuery)] = [("everything", query([]))]
        let time = Timestamp(microseconds: Entries.began + Int64(middle) * Entries.step)
        questions += texts() + numbers(time)
        questions += [
            filter("metadata.key", .metadataKey, .equal, [.text("plan")]),
            filter("metadata.key", .metadataKey, .equal, [.text("nothing")]),
            filter("metadata.value", .metadataValue, .equal, [.text("user-4711")]),
            filter("metadata.value", .metadataValue, .equal, [.text("pro")]),
            filter("metadata.value", .metadataValue, .equal, [.text("nobody")]),
            filter("metadata.value", .metadataValue, .notEqual, [.text("pro")]),
            filter("metadata.value", .metadataValue, .contains, [.text("ser-47")]),
            filter("metadata.value", .metadataValue, .contains, [.text("nobody")]),
            filter("metadata.value", .metadataValue, .greater, [.text("zz")]),
        ]
        let pair = [
            LogFilter(.metadataKey, .equal, [.text("user")]), LogFilter(.metadataValue, .contains, [.text("no")]),
        ]
        questions.append(("metadata.key and .value as a pair, none", query(pair)))
        let both = [
            agents, LogFilter(.success, .equal, [.bool(false)]), LogFilter(.cost, .greater, [.money(Nanodollars(1))]),
        ]
        questions.append(("three filters", query(both)))
        for text in ["openai", "4711", "nowhere to be found"] {
            questions.append(("search `\(text)`", query([], search: text)))
            questions.append(("search `\(text)` by cost", query([], search: text, order: .cost)))
        }
        for order in LogQuery.Order.allCases {
            for ascending in [false, true] {
                questions.append(
                    (
                        "by \(order.rawValue) \(ascending ? "asc" : "desc")",
                        query([], order: order, ascending: ascending)
                    ))
            }
        }
        questions.append(
            ("success = false by model", query([LogFilter(.success, .equal, [.bool(false)])], order: .model)))
        return questions
    }

    private static func texts() -> [(String, LogQuery)] {
        let common: [(LogFilter.Key, String)] = [
            (.provider, "openai"), (.model, "openai/model-3"), (.modelType, "text"), (.requestType, "chat"),
            (.requestContentType, "application/json"), (.responseContentType, "text/event-stream"),
            (.userAgent, "OpenAI/Python 2.7.0"), (.dlpAction, "FLAG"), (.eventID, "evt_0"), (.id, "01K0"),
        ]
        return common.flatMap { key, text in
            [
                filter(key.rawValue, key, .equal, [.text(text)]), filter(key.rawValue, key, .notEqual, [.text(text)]),
                filter(key.rawValue, key, .contains, [.text(String(text.suffix(3)))]),
                filter(key.rawValue, key, .contains, [.text("nowhere")]),
                filter(key.rawValue, key, .less, [.text(text)]),
            ]
        }
    }

    private static func numbers(_ time: Timestamp) -> [(String, LogQuery)] {
        var questions: [(String, LogQuery)] = []
        for operation in [LogFilter.Operation.less, .greater] {
            questions += [
                filter("created_at", .createdAt, operation, [.time(time)]),
                filter("cost", .cost, operation, [.money(Nanodollars(45_000_000))]),
                filter("tokens", .tokens, operation, [.integer(5_000)]),
                filter("tokens_in", .tokensIn, operation, [.integer(4_000)]),
                filter("tokens_out", .tokensOut, operation, [.integer(1_000)]),
                filter("duration", .duration, operation, [.integer(15_000)]),
                filter("feedback", .feedback, operation, [.integer(0)]),
            ]
        }
        questions += [
            filter("cost, none", .cost, .greater, [.money(.max)]),
            filter("tokens, none", .tokens, .equal, [.integer(-1)]),
            filter("duration, none", .duration, .less, [.integer(0)]),
            filter("feedback", .feedback, .equal, [.integer(-1)]),
            filter("feedback", .feedback, .notEqual, [.integer(1)]),
        ]
        for key in [LogFilter.Key.success, .cached, .authentication, .wholesale, .compatibilityMode] {
            questions.append(filter(key.rawValue, key, .equal, [.bool(false)]))
            questions.append(filter(key.rawValue, key, .equal, [.bool(true)]))
        }
        return questions
    }

    private static func filter(
        _ name: String, _ key: LogFilter.Key, _ operation: LogFilter.Operation, _ values: [LogFilter.Value]
    ) -> (String, LogQuery) {
        ("\(name) \(operation.rawValue) \(words(values))", query([LogFilter(key, operation, values)]))
    }

    private static func words(_ values: [LogFilter.Value]) -> String {
        values.map { value in
            switch value {
            case .text(let text): "`\(text)`"
            case .integer(let number): "\(number)"
            case .money(let amount): "$\(amount.exactDollarsText)"
            case .time: "the middle"
            case .bool(let bool): "\(bool)"
            }
        }.joined(separator: ", ")
    }
}
