import Domain
import JSON
import Routing
import Testing

@testable import CloudflareDoor

@Suite("Filters of logs")
struct LogFilterReaderTests {
    private static func read(_ query: String) throws(GatewayError) -> LogQuery {
        try LogFilterReader(query: QueryParameters(query)).query(
            account: AccountID("acc_1"), gateway: GatewayID("default"))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let query: String
        let filters: [LogFilter]
        var testDescription: String { query }
    }

    static let cases: [Case] = [
        Case(query: "", filters: []),
        Case(
            query: #"filters=[{"key":"provider","operator":"eq","value":["openai","google"]}]"#,
            filters: [LogFilter(.provider, .equal, [.text("openai"), .text("google")])]),
        Case(
            query:
                #"filters=[{"key":"cost","operator":"gt","value":[0.0025]},{"key":"cached","operator":"eq","value":true}]"#,
            filters: [
                LogFilter(.cost, .greater, [.money(Nanodollars(2_500_000))]),
                LogFilter(.cached, .equal, [.bool(true)]),
            ]),
        Case(
            query: #"filters=[{"key":"model","operator":"eq","value":[null,"x"]}]"#,
            filters: [LogFilter(.model, .equal, [.text("x")])]),
        // Flattened by a client that loses which value belongs to which key.
        Case(
            query: "filters.key=provider&filters.key=success&filters.operator=eq&filters.operator=eq"
                + "&filters.value=openai&filters.value=true",
            filters: [LogFilter(.provider, .equal, [.text("openai")]), LogFilter(.success, .equal, [.bool(true)])]),
        Case(
            query: "filters.key=model&filters.operator=contains&filters.value=a%2Cb&filters.value=c",
            filters: [LogFilter(.model, .contains, [.text("a,b"), .text("c")])]),
        Case(
            query: "min_cost=0.1&max_duration=20&min_total_tokens=3&success=false&provider=openai&feedback=0",
            filters: [
                LogFilter(.success, .equal, [.bool(false)]), LogFilter(.provider, .equal, [.text("openai")]),
                LogFilter(.cost, .atLeast, [.money(Nanodollars(100_000_000))]),
                LogFilter(.duration, .atMost, [.integer(20)]), LogFilter(.tokens, .atLeast, [.integer(3)]),
                LogFilter(.feedback, .equal, [.integer(-1)]),
            ]),
        Case(
            query: "start_date=2026-11-21T00:00:00Z&end_date=2026-11-22",
            filters: [
                LogFilter(.createdAt, .atLeast, [.time(Timestamp(seconds: 1_795_219_200))]),
                LogFilter(.createdAt, .atMost, [.time(Timestamp(seconds: 1_795_305_600))]),
            ]),
    ]

    @Test(arguments: cases)
    func `every written form says the same`(wanted: Case) throws {
        #expect(try Self.read(wanted.query).filters == wanted.filters)
    }

    @Test(arguments: LogFilter.Key.allCases)
    func `every key is known in both forms`(key: LogFilter.Key) throws {
        let value: String =
            switch key {
            case .success, .cached, .authentication, .wholesale, .compatibilityMode: "true"
            case .createdAt: "2026-11-21"
            default: "1"
            }
        let flat = try Self.read("filters.key=\(key.rawValue)&filters.operator=eq&filters.value=\(value)").filters
        let listed = try Self.read(
            #"filters=[{"key":"\#(key.rawValue)","operator":"eq","value":["\#(value)"]}]"#
        ).filters
        #expect(flat == listed && flat.map(\.key) == [key])
    }

    @Test(arguments: [
        "filters={}", "filters=[1]", "filters=x", #"filters=[{"key":"nonsense","operator":"eq","value":[1]}]"#,
        #"filters=[{"key":"cost","operator":"like","value":[1]}]"#,
        #"filters=[{"key":"cost","operator":"gt","value":["much"]}]"#,
        #"filters=[{"key":"cost","operator":"gt","value":[]}]"#,
        "filters.key=a&filters.key=b&filters.operator=eq",
        "filters.key=model&filters.key=provider&filters.operator=eq&filters.operator=eq&filters.value=x",
        "order_by=colour", "order_by_direction=up", "feedback=2", "start_date=yesterday", "min_cost=-x",
    ])
    func `what cannot be understood is refused, and nothing else is meant instead`(query: String) {
        #expect(throws: GatewayError.self) { try Self.read(query) }
    }

    @Test func `order and search`() throws {
        let query = try Self.read("order_by=cost&order_by_direction=asc&search=o4")
        #expect(query.order == .cost && query.isAscending && query.search == "o4")
        #expect(try Self.read("direction=asc").isAscending)
        #expect(try !Self.read("").isAscending)
    }
}
