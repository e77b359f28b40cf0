import Domain
import Foundation
import SQLite
import Testing

@testable import SQLiteLogs

@Suite("Keeping logs")
struct LogStoreTests {
    let directory: TemporaryDirectory
    let store: SQLiteLogStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteLogStore.open(directory: directory.path)
    }

    private func entry(_ number: Int) throws -> GatewayLogEntry? {
        try store.entry(Samples.id(number), account: Samples.account, gateway: Samples.gateway)
    }

    private func bodies(_ number: Int) throws -> LogBodies? {
        try store.bodies(Samples.id(number), account: Samples.account, gateway: Samples.gateway)
    }

    @Test func `an entry comes back as it was handed over`() throws {
        #expect(store.append(Samples.fullEntry(1), bodies: nil))
        #expect(store.append(Samples.entry(2), bodies: nil))
        #expect(try entry(1) == Samples.fullEntry(1))
        #expect(try entry(2) == Samples.entry(2))
        #expect(try entry(3) == nil)
        #expect(
            try store.page(Samples.query(), offset: 0, limit: 10).entries == [Samples.entry(2), Samples.fullEntry(1)])
    }

    @Test func `reading sees everything that was appended before`() throws {
        for number in 1...500 {
            store.append(Samples.entry(number), bodies: Samples.bodies("\(number)"))
            if number % 50 != 0 { continue }
            #expect(try store.page(Samples.query(), offset: 0, limit: 1).total == number)
            #expect(try bodies(number) == Samples.bodies("\(number)"))
        }
    }

    @Test(arguments: [
        LogBodies(request: [], response: nil), LogBodies(request: nil, response: [0, 255]),
        LogBodies(
            request: Array(repeating: 7, count: 100_000), response: Array("data: x\n\n".utf8), isResponseStream: true),
        LogBodies(),
    ])
    func `bodies come back as they were handed over`(_ given: LogBodies) throws {
        store.append(Samples.entry(1), bodies: given)
        store.append(Samples.entry(2), bodies: nil)
        #expect(try bodies(1) == given)
        #expect(try bodies(2) == nil)
    }

    @Test func `nothing of an account or a gateway is found through another`() throws {
        store.append(Samples.fullEntry(1), bodies: Samples.bodies("secret"))
        var query = Samples.query()
        for (account, gateway) in [("acc_two", "default"), ("acc_one", "other"), ("acc_one'--", "default"), ("", "")] {
            (query.account, query.gateway) = (AccountID(account), GatewayID(gateway))
            #expect(try store.page(query, offset: 0, limit: 10) == LogPage(entries: [], total: 0))
            #expect(try store.summary(query) == LogSummary())
            #expect(try store.delete(query, limit: nil) == 0)
            let id = Samples.id(1)
            #expect(try store.entry(id, account: query.account, gateway: query.gateway) == nil)
            #expect(try store.bodies(id, account: query.account, gateway: query.gateway) == nil)
            let patch = LogPatch(feedback: .some(1))
            #expect(try store.patch(id, account: query.account, gateway: query.gateway, patch) == nil)
            #expect(store.count(account: query.account, gateway: query.gateway) == 0)
        }
        #expect(try entry(1) == Samples.fullEntry(1))
    }

    @Test func `the same id may be used in another gateway but not twice in one`() throws {
        var other = Samples.entry(1, gateway: GatewayID("other"))
        other.path = "elsewhere"
        store.append(Samples.entry(1), bodies: Samples.bodies("first"))
        store.append(other, bodies: Samples.bodies("other"))
        store.append(Samples.fullEntry(1), bodies: Samples.bodies("again"))
        #expect(try entry(1) == Samples.entry(1))
        #expect(try bodies(1) == Samples.bodies("first"))
        #expect(try store.bodies(other.id, account: other.account, gateway: other.gateway) == Samples.bodies("other"))
        #expect(store.count(account: Samples.account, gateway: Samples.gateway) == 1)
        #expect(store.statistics.repeated == 1)
        #expect(store.statistics.written == 2)
    }

    @Test func `pages follow each other without gaps and end empty`() throws {
        for number in 0..<57 { store.append(Samples.entry(number), bodies: nil) }
        var seen: [LogID] = []
        for page in 0..<4 {
            let page = try store.page(Samples.query(), offset: page * 20, limit: 20)
            #expect(page.total == 57)
            seen += page.entries.map(\.id)
        }
        #expect(seen == (0..<57).reversed().map { Samples.id($0) })
        #expect(try store.page(Samples.query(), offset: 60, limit: 20).entries.isEmpty)
        #expect(try store.page(Samples.query(), offset: -1, limit: -1) == LogPage(entries: [], total: 57))
        #expect(try store.page(Samples.query(), offset: .max, limit: .max) == LogPage(entries: [], total: 57))
    }

    @Test func `a total is counted up to its bound and pages go on behind it`() throws {
        var limits = LogLimits()
        limits.countedEntries = 10
        let directory = try TemporaryDirectory()
        let store = try SQLiteLogStore.open(directory: directory.path, limits: limits)
        for number in 0..<30 { store.append(Samples.entry(number), bodies: nil) }
        let ok = LogFilter(.success, .equal, [.bool(true)])
        for query in [Samples.query(), Samples.query([ok]), Samples.query([ok], order: .cost)] {
            #expect(try store.page(query, offset: 0, limit: 20).total == 10)
            let page = try store.page(query, offset: 25, limit: 20)
            #expect(page.entries.map(\.id) == (0..<5).reversed().map { Samples.id($0) })
            #expect(page.total == 10)
        }
    }

    @Test(arguments: [9, 10, 11, 15, 25]) func `an order holds on both sides of what is gathered`(_ count: Int) throws {
        var limits = LogLimits()
        limits.candidates = 10
        let directory = try TemporaryDirectory()
        let store = try SQLiteLogStore.open(directory: directory.path, limits: limits)
        for number in 0..<count {
            var entry = Samples.entry(number)
            entry.cost = Nanodollars(Int64(number * 7 % 13))
            entry.metadata = CallMetadata([CallMetadata.Entry(key: "k", value: .text("v"))])
            store.append(entry, bodies: nil)
        }
        let expected = (0..<count).sorted { ($0 * 7 % 13, $0) < ($1 * 7 % 13, $1) }.map { Samples.id($0) }
        let filters = [LogFilter(.success, .equal, [.bool(true)]), LogFilter(.metadataValue, .equal, [.text("v")])]
        for filters in [[filters[0]], [filters[1]], filters] {
            let page = try store.page(Samples.query(filters, order: .cost, ascending: true), offset: 0, limit: 100)
            #expect(page.entries.map(\.id) == expected)
            #expect(page.total == count)
        }
    }

    @Test func `a summary sums and spans what fits`() throws {
        let entries = RandomEntries.make(300, seed: 5)
        for entry in entries { store.append(entry, bodies: nil) }
        let summary = try store.summary(Samples.query([LogFilter(.cached, .equal, [.bool(false)])]))
        let fitting = entries.filter { !$0.isCached }
        #expect(summary.count == Int64(fitting.count))
        #expect(summary.knownCosts == Int64(fitting.compactMap(\.cost).count))
        #expect(summary.cost == fitting.compactMap(\.cost).reduce(.zero, +))
        #expect(summary.durationMilliseconds == fitting.map(\.durationMilliseconds).reduce(0, +))
        #expect(summary.tokensIn == fitting.map(\.tokensIn).reduce(0, +))
        #expect(summary.tokensOut == fitting.map(\.tokensOut).reduce(0, +))
        #expect(summary.successes == Int64(fitting.count { $0.isSuccess }) && summary.cached == 0)
        #expect(summary.tokensIn == fitting.map(\.tokensIn).reduce(0, +))
        #expect(summary.tokensOut == fitting.map(\.tokensOut).reduce(0, +))
        #expect(summary.successes == Int64(fitting.count { $0.isSuccess }))
        #expect(summary.cached == 0)
        #expect(summary.positiveFeedback == Int64(fitting.count { $0.feedback == 1 }))
        #expect(summary.negativeFeedback == Int64(fitting.count { $0.feedback == -1 }))
        #expect(summary.costRange == range(fitting.compactMap(\.cost)))
        #expect(summary.durationRange == range(fitting.map(\.durationMilliseconds)))
        #expect(summary.tokensInRange == range(fitting.map(\.tokensIn)))
        #expect(summary.tokensOutRange == range(fitting.map(\.tokensOut)))
        #expect(summary.totalTokensRange == range(fitting.map { $0.tokensIn + $0.tokensOut }))
        #expect(summary.timeRange == range(fitting.map(\.createdAt)))
    }

    private func range<Value: Comparable>(_ values: [Value]) -> ClosedRange<Value>? {
        guard let least = values.min(), let most = values.max() else { return nil }
        return least...most
    }

    @Test func `sums that do not fit stop at the end`() throws {
        for number in 1...3 {
            var entry = Samples.entry(number)
            entry.cost = .max
            entry.durationMilliseconds = .max
            (entry.tokensIn, entry.tokensOut) = (.max, 1)
            store.append(entry, bodies: nil)
        }
        let summary = try store.summary(Samples.query())
        #expect(summary.cost == .max)
        #expect(summary.durationMilliseconds == .max && summary.tokensIn == .max && summary.tokensOut == 3)
        #expect(summary.totalTokensRange == .max ... .max)
        #expect(
            try store.page(Samples.query([LogFilter(.tokens, .greater, [.integer(5)])]), offset: 0, limit: 1).total == 3
        )
    }

    @Test func `a long text is cut at a character`() throws {
        var entry = Samples.entry(1)
        entry.userAgent = "x" + String(repeating: "ü", count: 2_000)
        store.append(entry, bodies: nil)
        #expect(try self.entry(1)?.userAgent == "x" + String(repeating: "ü", count: 1_023))
    }

    @Test func `a question that takes too much work is given up`() throws {
        var limits = LogLimits()
        limits.searchSteps = 0
        let directory = try TemporaryDirectory()
        let store = try SQLiteLogStore.open(directory: directory.path, limits: limits)
        for number in 0..<12_000 { store.append(Samples.entry(number), bodies: nil) }
        #expect(throws: StoreError.unusable("the logs are too many for this question; ask for a shorter time")) {
            try store.page(Samples.query(search: "nowhere"), offset: 0, limit: 20)
        }
        #expect(try store.page(Samples.query(), offset: 0, limit: 20).total == 12_000)
    }
}
