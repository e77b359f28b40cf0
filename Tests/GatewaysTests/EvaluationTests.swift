import Domain
import Foundation
import JSON
import MemoryStores
import SQLiteLogs
import Synchronization
import Testing

@testable import Gateways

@Suite("Gateways: datasets and evaluations")
struct EvaluationTests {
    private let house: House
    private let logs: Logs
    private let work = Work()
    private let datasets: DatasetDesk
    private let evaluations: EvaluationDesk
    private let g = GatewayID("g")

    /// Logs that go away with the test.
    final class Logs: Sendable {
        let path = NSTemporaryDirectory() + "evaluation-" + UUID().uuidString
        let store: SQLiteLogStore

        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            store = try SQLiteLogStore.open(directory: path)
        }

        deinit {
            store.close()
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// What was begun and waits for the test to do it.
    final class Work: Sendable {
        private let waiting = Mutex<[@Sendable () async -> Void]>([])

        func add(_ work: @escaping @Sendable () async -> Void) { waiting.withLock { $0.append(work) } }

        var count: Int { waiting.withLock { $0.count } }

        func doAll() async {
            let all = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            for work in all { await work() }
        }
    }

    init() throws {
        house = try House()
        logs = try Logs()
        _ = try house.desk().create(["id": "g"], in: House.acme)
        datasets = DatasetDesk(house.office)
        let work = work
        evaluations = EvaluationDesk(house.office, logs: logs.store, start: { work.add($0) })
    }

    private func log(
        _ number: Int, provider: String = "openai", cost: Int64? = nil, duration: Int64 = 100, feedback: Int? = nil,
        account: AccountID = House.acme
    ) {
        var entry = GatewayLogEntry(
            id: LogID("01K" + String(repeating: "0", count: 20) + String(100 + number)), account: account, gateway: g,
            createdAt: Timestamp(seconds: 1_779_278_000 + Int64(number)), requestID: RequestID("req_\(number)"),
            provider: provider, model: "\(provider)/m", path: "p", durationMilliseconds: duration, statusCode: 200,
            isSuccess: true)
        entry.cost = cost.map { Nanodollars($0) }
        entry.feedback = feedback
        logs.store.append(entry, bodies: nil)
    }

    private func dataset(_ filters: JSONValue, name: String = "d", enable: Bool = true) throws -> Dataset {
        try datasets.create(
            ["name": .string(name), "enable": .bool(enable), "filters": filters], in: g, House.acme)
    }

    private func evaluate(_ of: [Dataset], _ types: [EvaluationType] = EvaluationType.allCases) throws -> Evaluation {
        try evaluations.create(
            [
                "name": "e", "dataset_ids": .array(of.map { .string($0.id) }),
                "evaluation_type_ids": .array(types.map { .string($0.id) }),
            ], in: g, House.acme)
    }

    private static func filter(_ key: String, _ operation: String, _ values: JSONValue) -> JSONValue {
        ["key": .string(key), "operator": .string(operation), "value": values]
    }

    // MARK: Datasets

    @Test func `a dataset is made, changed, found and deleted`() throws {
        let made = try dataset([Self.filter("provider", "eq", ["openai", nil]), Self.filter("cost", "gt", 0.01)])
        #expect(
            made.filters == [
                Self.filter("provider", "eq", ["openai"]), Self.filter("cost", "gt", [0.01]),
            ])
        #expect(
            try made.conditions == [
                LogFilter(.provider, .equal, [.text("openai")]),
                LogFilter(.cost, .greater, [.money(Nanodollars(10_000_000))]),
            ])
        #expect(try datasets.dataset(made.id, of: g, House.acme) == made)
        house.setTime(1_779_278_500)
        let changed = try datasets.update(made.id, ["enable": false], of: g, House.acme)
        #expect(!changed.isEnabled && changed.filters == made.filters && changed.modifiedAt > made.modifiedAt)
        let other = try dataset([], name: "d")
        for (search, count) in [
            (DatasetDesk.Search(), 2), (.init(name: "d"), 2), (.init(name: "D"), 0), (.init(isEnabled: true), 1),
            (.init(text: "OPENAI"), 1), (.init(text: made.id), 1), (.init(text: "nothing"), 0),
        ] {
            #expect(try datasets.datasets(of: g, House.acme, search).count == count, "\(search)")
        }
        #expect(try datasets.delete(other.id, of: g, House.acme) == other)
        #expect(try datasets.datasets(of: g, House.acme) == [changed])
    }

    @Test(arguments: [
        (#"{"key":"nothing","operator":"eq","value":[1]}"#, "/filters/0/key"),
        (#"{"key":"metadata.key","operator":"eq","value":["a"]}"#, "/filters/0/key"),
        (#"{"key":"cost","operator":"gte","value":[1]}"#, "/filters/0/operator"),
        (#"{"key":"cost","operator":"contains","value":[1]}"#, "/filters/0/operator"),
        (#"{"key":"cost","operator":"eq"}"#, "/filters/0/value"),
        (#"{"key":"cost","operator":"eq","value":[]}"#, "/filters/0/value"),
        (#"{"key":"cost","operator":"eq","value":["much"]}"#, "/filters/0/value"),
        (#"{"key":"success","operator":"eq","value":["maybe"]}"#, "/filters/0/value"),
        (#"{"key":"created_at","operator":"lt","value":["yesterday"]}"#, "/filters/0/value"),
        (#"7"#, "/filters/0/key"),
    ])
    func `a wrong condition is refused by its place`(filter: String, place: String) async throws {
        let filter = try json(filter)
        let error = await refusal { _ = try dataset([filter]) }
        #expect(error?.reason == .invalidValue && error?.param == place)
    }

    @Test func `all fields are needed, and conditions are bounded`() async throws {
        let error = await refusal { _ = try datasets.create([:], in: g, House.acme) }
        for name in ["name", "enable", "filters"] { #expect(error?.message.contains("/\(name): is missing") == true) }
        let many = JSONValue.array(Array(repeating: Self.filter("provider", "eq", ["a"]), count: 17))
        #expect(await refusal { _ = try dataset(many) }?.param == "/filters")
        let made = try dataset([])
        let cleared = await refusal { _ = try datasets.update(made.id, ["name": nil], of: g, House.acme) }
        #expect(cleared?.param == "/name")
    }

    @Test func `whole numbers may be written with a point`() throws {
        let made = try dataset([Self.filter("duration", "gt", [.number(JSONNumber(spelling: "100.0") ?? 0)])])
        #expect(try made.conditions == [LogFilter(.duration, .greater, [.integer(100)])])
    }

    // MARK: Evaluations

    @Test func `an evaluation waits, runs and says what it found`() async throws {
        log(1, cost: 1_000_000, duration: 100, feedback: 1)
        log(2, cost: 2_000_000, duration: 201, feedback: -1)
        log(3, duration: 300, feedback: 1)
        log(4, provider: "google", cost: 9_000_000, duration: 9_000)
        let made = try evaluate([try dataset([Self.filter("provider", "eq", ["openai"])])])
        #expect(!made.isProcessed && made.results.map(\.state) == [.queued, .queued, .queued] && work.count == 1)
        #expect(try evaluations.evaluation(made.id, of: g, House.acme) == made)
        await work.doAll()
        let done = try evaluations.evaluation(made.id, of: g, House.acme)
        #expect(done.isProcessed && done.logs == 3)
        #expect(done.results.map(\.text) == ["0.0015", "200.33", "66.67"])
        #expect(done.results.map(\.logs) == [2, 3, 3] && done.results.allSatisfy { $0.state == .done })
        #expect(done.results.map(\.id) == made.results.map(\.id))
    }

    @Test func `logs that several datasets find count once`() async throws {
        for number in 0..<30 {
            log(number, provider: number % 2 == 0 ? "a" : "b", cost: Int64(number), duration: Int64(number))
        }
        let sets = [
            try dataset([Self.filter("provider", "eq", ["a"])]),
            try dataset([Self.filter("duration", "lt", [10])]),
            try dataset([Self.filter("duration", "gt", [20]), Self.filter("provider", "eq", ["b"])]),
            try dataset([Self.filter("provider", "eq", ["nobody"])]),
        ]
        let made = try evaluate(sets)
        await work.doAll()
        let done = try evaluations.evaluation(made.id, of: g, House.acme)
        let found = (0..<30).filter { $0 % 2 == 0 || $0 < 10 || $0 > 20 }
        #expect(done.logs == Int64(found.count))
        let sum = found.reduce(0, +)
        #expect(done.results[0].text == Nanodollars(Int64(sum / found.count)).exactDollarsText)
    }

    @Test func `what nothing is found for has no result, and another account's logs are not looked at`() async throws {
        log(1, cost: 5, account: House.other)
        let made = try evaluate([try dataset([])], [.cost])
        await work.doAll()
        let done = try evaluations.evaluation(made.id, of: g, House.acme)
        #expect(done.logs == 0 && done.results[0].text == "" && done.results[0].state == .done)
        #expect(done.results[0].remark == "no log to judge by")
    }

    @Test func `an evaluation keeps the datasets it was made of`() async throws {
        let set = try dataset([Self.filter("provider", "eq", ["openai"])])
        let made = try evaluate([set])
        _ = try datasets.update(set.id, ["filters": []], of: g, House.acme)
        await work.doAll()
        #expect(try evaluations.evaluation(made.id, of: g, House.acme).datasets == [set])
    }

    @Test func `they run one after another, and one that was deleted is left out`() async throws {
        let set = try dataset([])
        let (first, second, third) = (try evaluate([set]), try evaluate([set]), try evaluate([set]))
        #expect(work.count == 1)
        #expect(try evaluations.delete(second.id, of: g, House.acme) == second)
        await work.doAll()
        #expect(try evaluations.evaluations(of: g, House.acme).map(\.id) == [first.id, third.id])
        #expect(try evaluations.evaluations(of: g, House.acme).allSatisfy { $0.isProcessed })
        _ = try evaluate([set])
        #expect(work.count == 1)
    }

    @Test func `what was not finished is taken up after a start`() async throws {
        let made = try evaluate([try dataset([])])
        let later = Work()
        let desk = EvaluationDesk(house.office, logs: logs.store, start: { later.add($0) })
        try desk.resume()
        await later.doAll()
        #expect(try desk.evaluation(made.id, of: g, House.acme).isProcessed)
        try desk.resume()
        #expect(later.count == 0)
    }

    @Test func `logs that cannot be read make it fail`() async throws {
        let made = try evaluate([try dataset([])])
        logs.store.close()
        await work.doAll()
        let done = try evaluations.evaluation(made.id, of: g, House.acme)
        #expect(done.isProcessed && done.results.allSatisfy { $0.state == .failed && $0.remark.contains("logs") })
    }

    @Test func `ids are checked`() async throws {
        let set = try dataset([])
        _ = try house.desk().create(["id": "h"], in: House.acme)
        let foreign = try datasets.create(
            ["name": "x", "enable": true, "filters": []], in: GatewayID("h"), House.acme)
        let cost = JSONValue.string(EvaluationType.cost.id)
        for (sets, types, place) in [
            ([.string(set.id), .string(foreign.id)], [cost], "/dataset_ids/1"), ([], [cost], "/dataset_ids"),
            ([.string(set.id), .string(set.id)], [cost], "/dataset_ids"), ([7], [cost], "/dataset_ids"),
            ([.string(set.id)], [cost, "x"], "/evaluation_type_ids/1"), ([.string(set.id)], [], "/evaluation_type_ids"),
            (Array(repeating: "a", count: 6), [cost], "/dataset_ids"),
        ] as [([JSONValue], [JSONValue], String)] {
            let error = await refusal {
                _ = try evaluations.create(
                    ["name": "e", "dataset_ids": .array(sets), "evaluation_type_ids": .array(types)], in: g,
                    House.acme)
            }
            #expect(error?.reason == .invalidValue && error?.param == place)
        }
        #expect(try evaluations.evaluations(of: g, House.acme).isEmpty)
    }

    @Test func `searches find what they name`() async throws {
        let made = try evaluate([try dataset([])])
        for (search, count) in [
            (EvaluationDesk.Search(name: "e"), 1), (.init(name: "E"), 0), (.init(isProcessed: false), 1),
            (.init(isProcessed: true), 0), (.init(text: "E"), 1), (.init(text: made.id), 1), (.init(text: "zz"), 0),
        ] {
            #expect(try evaluations.evaluations(of: g, House.acme, search).count == count)
        }
    }

    @Test(arguments: [(1, 3, "0.33"), (2, 3, "0.67"), (1, 2, "0.5"), (5, 1, "5"), (1_999, 1_000, "2"), (0, 7, "0")])
    func `averages are rounded to hundredths`(sum: Int64, count: Int64, text: String) {
        var summary = LogSummary()
        (summary.count, summary.durationMilliseconds) = (count, sum)
        #expect(EvaluationType.speed.verdict(on: LogSums(summary))?.result == text)
    }
}

extension LogSums {
    fileprivate init(_ summary: LogSummary) {
        let logs = FixedLogs(summary: summary)
        self =
            (try? LogSums.ofUnion(
                [[]], account: House.acme, gateway: GatewayID("g"), upTo: Timestamp(seconds: 1), in: logs))
            ?? LogSums()
    }
}

/// Says the same whatever is asked.
private struct FixedLogs: GatewayLogStore {
    let summary: LogSummary

    func append(_ entry: GatewayLogEntry, bodies: LogBodies?) -> Bool { false }
    func count(account: AccountID, gateway: GatewayID) -> Int { 0 }
    func page(_ query: LogQuery, offset: Int, limit: Int) throws(StoreError) -> LogPage { throw .closed }
    func summary(_ query: LogQuery) throws(StoreError) -> LogSummary { summary }
    func entry(_ id: LogID, account: AccountID, gateway: GatewayID) throws(StoreError) -> GatewayLogEntry? { nil }
    func bodies(_ id: LogID, account: AccountID, gateway: GatewayID) throws(StoreError) -> LogBodies? { nil }
    func patch(
        _ id: LogID, account: AccountID, gateway: GatewayID, _ patch: LogPatch
    ) throws(StoreError) -> GatewayLogEntry? { nil }
    func delete(_ query: LogQuery, limit: Int?) throws(StoreError) -> Int { 0 }
    func tidy(
        capacities: [GatewayLogCapacity], defaultCapacity: Int, bodiesBefore: Timestamp
    ) throws(StoreError) {}
}
