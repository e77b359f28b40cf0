import Domain
import Testing

@testable import SQLiteLogs

@Suite("Filters of log entries, against a reference that looks at them one by one")
struct FilterTests {
    private let shelf: Shelf

    init() throws {
        shelf = try Shelf.shared.get()
    }

    /// Values to ask for: those of some entries, and some that none has.
    private func values(of key: LogFilter.Key) -> [[LogFilter.Value]] {
        let some = [shelf.entries[100], shelf.entries[634], shelf.entries[999]]
        switch key {
        case .id:
            return [[.text(some[0].id.rawValue)], some.map { .text($0.id.rawValue) }, [.text("01k")], [.text("x")]]
        case .createdAt: return [[.time(some[0].createdAt)], some.map { .time($0.createdAt) }, [.time(Samples.began)]]
        case .requestContentType, .responseContentType:
            return [
                [.text("application/json")], [.text("APPLICATION")], [.text("image/png"), .text("text/event-stream")],
            ]
        case .requestType: return [[.text("chat")], [.text("C")], [.text("chat"), .text("embeddings")]]
        case .success, .cached, .authentication, .wholesale, .compatibilityMode:
            return [[.bool(true)], [.bool(false)], [.bool(true), .bool(false)], [.text("true")]]
        case .provider:
            return [[.text("openai")], [.text("AI")], [.text("anthropic"), .text("workers-ai")], [.text("xai")]]
        case .model: return [[.text("openai/small")], [.text("%")], [.text("_")], [.text("LARGE")], [.text("openai")]]
        case .modelType: return [[.text("text")], [.text("embeddings")], [.text("e")]]
        case .cost:
            return [[.money(Nanodollars(500_000))], [.money(.zero), .money(Nanodollars(999_000))], [.integer(5)]]
        case .tokens, .tokensIn, .tokensOut, .duration:
            return [[.integer(250)], [.integer(100), .integer(400)], [.text("250")]]
        case .feedback: return [[.integer(1)], [.integer(-1)], [.integer(1), .integer(-1)], [.integer(0)]]
        case .eventID:
            return [[.text("evt_33")], [.text("evt_33"), .text("evt_411"), .text("evt_none")], [.text("VT_4")]]
        case .metadataKey:
            return [[.text("user")], [.text("User")], [.text("s")], [.text("plan"), .text("isPaid")], [.text("x")]]
        case .metadataValue:
            return [
                [.text("anna")], [.text("ANN")], [.text("10")], [.integer(10)], [.bool(true)], [.text("0%")],
                [.text("_")],
                [.text("'")], [.text("\\")], [.text("anna"), .text("Bert"), .text("nobody")], [.text("nobody")],
            ]
        case .dlpAction: return [[.text("FLAG")], [.text("block")], [.text("FLAG"), .text("BLOCK")]]
        case .userAgent:
            return [[.text("curl/7.88.1")], [.text("CURL")], [.text("ü")], [.text("Ü")], [.text("nowhere")]]
        }
    }

    @Test(arguments: LogFilter.Key.allCases, LogFilter.Operation.allCases)
    func `each operation on each key finds what it says`(_ key: LogFilter.Key, _ operation: LogFilter.Operation) throws
    {
        for values in values(of: key) + [[]] + [[.text("")]] {
            try shelf.check(Samples.query([LogFilter(key, operation, values)]))
        }
    }

    @Test(arguments: LogFilter.Operation.allCases, LogFilter.Operation.allCases)
    func `a key and a value of metadata mean the same entry of it`(
        _ onKey: LogFilter.Operation, _ onValue: LogFilter.Operation
    ) throws {
        for key in ["user", "U"] {
            for value in ["anna", "10"] {
                try shelf.check(
                    Samples.query([
                        LogFilter(.metadataKey, onKey, [.text(key)]), LogFilter(.success, .equal, [.bool(true)]),
                        LogFilter(.metadataValue, onValue, [.text(value)]),
                    ]))
            }
        }
    }

    @Test func `two values of metadata beside a key stand each for itself`() throws {
        try shelf.check(
            Samples.query([
                LogFilter(.metadataKey, .equal, [.text("plan")]), LogFilter(.metadataValue, .equal, [.text("anna")]),
                LogFilter(.metadataValue, .equal, [.text("free")]),
            ]))
    }

    @Test(arguments: [
        "openai", "SMALL", "%", "_", "\\", "'", "zzz", "evt_12", "01K0", "plan", "ANNA", "generatecontent", "a", "ü",
    ])
    func `a search looks at every text it should`(_ text: String) throws {
        try shelf.check(Samples.query(search: text))
        try shelf.check(Samples.query([LogFilter(.cached, .equal, [.bool(true)])], search: text, ascending: true))
    }

    @Test(arguments: LogQuery.Order.allCases, [true, false])
    func `each order holds, with and without filters`(_ order: LogQuery.Order, _ isAscending: Bool) throws {
        try shelf.check(Samples.query(order: order, ascending: isAscending))
        let filters = [
            LogFilter(.metadataValue, .equal, [.text("anna")]), LogFilter(.provider, .contains, [.text("o")]),
        ]
        try shelf.check(Samples.query(filters, order: order, ascending: isAscending))
        try shelf.check(Samples.query(search: "evt_1", order: order, ascending: isAscending))
    }

    @Test func `random questions find what the reference finds`() throws {
        var random = SeededGenerator(seed: 7)
        let keys = LogFilter.Key.allCases
        let operations = LogFilter.Operation.allCases
        let orders = LogQuery.Order.allCases
        for _ in 0..<80 {
            let filters = (0...random.below(4)).map { _ -> LogFilter in
                let key = keys[random.below(keys.count)]
                let values = values(of: key)
                return LogFilter(key, operations[random.below(operations.count)], values[random.below(values.count)])
            }
            let query = Samples.query(
                filters, search: random.below(3) == 0 ? "e" : nil, order: orders[random.below(orders.count)],
                ascending: random.below(2) == 0)
            try shelf.check(query)
        }
    }
}
