import Domain
import SQLite
import Testing

@testable import SQLiteStore

@Suite("Recording calls")
struct CallRecorderTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteStore.open(directory: directory.path)
    }

    @Test func `a call comes back as it was recorded`() async throws {
        try await store.record(Samples.call("req_1"))
        #expect(try store.call(RequestID("req_1"))?.record == Samples.call("req_1"))
        #expect(try store.call(RequestID("req_none")) == nil)
    }

    @Test func `what may be missing comes back missing`() async throws {
        var call = Samples.call("")
        call.firstByteMicroseconds = nil
        call.errorReason = "vendor_timeout"
        call.streamed = false
        call.status = 504
        call.usage = TokenUsage()
        call.tag = nil
        call.charge = Charge(payer: Account.root)
        try await store.record(call)
        #expect(try store.recentCalls(limit: 1).map(\.record) == [call])
    }

    @Test(arguments: CallOutcome.allCases, UsageSource.allCases)
    func `every outcome and usage source comes back`(_ outcome: CallOutcome, _ source: UsageSource) async throws {
        var call = Samples.call("req_1")
        call.outcome = outcome
        call.usageSource = source
        try await store.record(call)
        #expect(try store.recentCalls(limit: 1).map(\.record) == [call])
    }

    @Test func `the numbers on disk never change`() async throws {
        for outcome in [CallOutcome.complete, .partial, .cancelled, .failed] {
            var call = Samples.call("req_1")
            call.outcome = outcome
            call.usageSource = outcome == .partial ? .unknown : outcome == .cancelled ? .none : .reported
            try await store.record(call)
        }
        for source in [UsageSource.estimated, .mismatched] {
            var call = Samples.call("req_1")
            call.usageSource = source
            try await store.record(call)
        }
        let numbers = try Database(path: directory.file(), mode: .readOnly)
            .statement("SELECT outcome, usage_source FROM calls ORDER BY id")
            .rows { row in [row.integer(at: 0), row.integer(at: 1)] }
        #expect(numbers == [[0, 0], [1, 1], [2, 2], [3, 0], [0, 3], [0, 4]])
    }

    @Test func `extreme numbers come back`() async throws {
        var call = Samples.call(String(repeating: "r", count: 5_000))
        call.startedAt = Timestamp(microseconds: .max)
        call.durationMicroseconds = .min
        call.usage = TokenUsage(
            promptTokens: .max, completionTokens: .min, totalTokens: 1, cachedPromptTokens: -1, reasoningTokens: 0)
        try await store.record(call)
        #expect(try store.recentCalls(limit: 1).map(\.record) == [call])
    }

    @Test func `pages are keyed by the last row of the page before`() async throws {
        for number in 1...5 { try await store.record(Samples.call("req_\(number)")) }
        let first = try store.recentCalls(limit: 2)
        let second = try store.recentCalls(limit: 2, before: first.last?.rowID)
        let third = try store.recentCalls(limit: 2, before: second.last?.rowID)
        let ids = [first, second, third].map { page in page.map(\.record.requestID.rawValue) }
        #expect(ids == [["req_5", "req_4"], ["req_3", "req_2"], ["req_1"]])
        #expect(try store.recentCalls(limit: 2, before: third.last?.rowID).isEmpty)
        #expect(try store.recentCalls(limit: -1).isEmpty)
    }

    @Test func `the newest call of an id that came twice is found`() async throws {
        var second = Samples.call("req_1")
        second.status = 429
        try await store.record(Samples.call("req_1"))
        try await store.record(second)
        #expect(try store.call(RequestID("req_1"))?.record.status == 429)
    }

    @Test func `many calls at once are all there, in fewer commits`() async throws {
        let ids = (0..<500).map { number in "req_\(number)" }
        // A lock held elsewhere keeps the first commit waiting until all the calls have come.
        let blocker = try Database(path: directory.file(), mode: .readWrite)
        try blocker.execute("BEGIN IMMEDIATE")
        async let recording: Void = store.recordAll(ids)
        var taken = 0
        while taken < ids.count {
            await Task.yield()
            taken = store.acceptedCount
        }
        try blocker.execute("ROLLBACK")
        try await recording
        #expect(try Set(store.recentCalls(limit: 1_000).map(\.record.requestID.rawValue)) == Set(ids))
        #expect((1...2).contains(store.commitCount))
    }

    @Test func `a call is seen by another store as soon as it was recorded`() async throws {
        let other = try SQLiteStore.open(directory: directory.path)
        for number in 1...20 {
            try await (number.isMultiple(of: 2) ? store : other).record(Samples.call("req_\(number)"))
            #expect(try store.callCount() == Int64(number))
            #expect(try other.callCount() == Int64(number))
        }
    }

    @Test func `close commits what was accepted, and nothing is accepted afterwards`() async throws {
        let ids = (0..<200).map { number in "req_\(number)" }
        let blocker = try Database(path: directory.file(), mode: .readWrite)
        try blocker.execute("BEGIN IMMEDIATE")
        async let recording: Void = store.recordAll(ids)
        while store.acceptedCount < ids.count { await Task.yield() }
        let store = store
        async let closing: Void = Task.detached { store.close() }.value
        try blocker.execute("ROLLBACK")
        try await recording
        await closing
        await #expect(throws: StoreError.closed) { try await store.record(Samples.call("late")) }
        let again = try SQLiteStore.open(directory: directory.path)
        #expect(try again.callCount() == 200)
    }

    @Test func `a store that is let go has committed everything`() async throws {
        try await SQLiteStore.open(directory: directory.path).record(Samples.call("req_1"))
        #expect(try store.callCount() == 1)
    }

    @Test func `power durability records the same`() async throws {
        let store = try SQLiteStore.open(directory: directory.path, durability: .power)
        try await store.recordAll((0..<10).map { number in "req_\(number)" })
        #expect(try store.callCount() == 10)
    }
}
