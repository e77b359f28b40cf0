import Domain
import SQLite
import Testing

@testable import SQLiteStore

@Suite("The journal")
struct LedgerTests {
    let directory: TemporaryDirectory
    let clock: HandClock
    let store: SQLiteStore
    let openai = LedgerAccount.vendorCost(ProviderID("openai"))

    init() throws {
        directory = try TemporaryDirectory()
        clock = try HandClock("2026-03-10")
        store = try SQLiteStore.open(directory: directory.path, clock: clock)
        try store.insert(Samples.account)
    }

    @Test func `a posting comes back and moves balances`() throws {
        let posting = try #require(
            TopUpTerms().posting(
                paid: Nanodollars(100 * Nanodollars.perDollar), of: Account.root, reference: "stripe:1", note: "first"))
        let stored = try #require(try store.post(posting))
        #expect(stored == StoredPosting(id: 1, createdAt: clock.now(), posting: posting))
        #expect(try store.postings(after: 0, limit: 10) == [stored])
        let (balances, latest) = try store.balances()
        #expect(
            balances == [
                .cash: Nanodollars(-100 * Nanodollars.perDollar), .platformFee: Nanodollars(5 * Nanodollars.perDollar),
                .wallet(Account.root): Nanodollars(95 * Nanodollars.perDollar),
            ])
        #expect(latest == 1)
        #expect(try store.verify() == LedgerReport(calls: 0, postings: 1, transfers: 2, differences: []))
    }

    @Test(arguments: PostingKind.allCases) func `every kind of posting comes back`(_ kind: PostingKind) throws {
        let transfer = try #require(Transfer(Nanodollars(3), from: .adjustments, to: .wallet(Account.root)))
        let posting = Posting(kind, of: Account.root, [transfer], reference: "r")
        #expect(try store.post(posting)?.posting == posting)
        #expect(try store.postings(after: 0, limit: 1).map(\.posting) == [posting])
    }

    @Test func `a reference is posted once`() throws {
        let first = try store.post(Samples.topUp(5, reference: "r"))
        #expect(first != nil)
        #expect(try store.post(Samples.topUp(7, reference: "r")) == nil)
        #expect(try store.balances().of[.cash] == Nanodollars(-5))
        #expect(try store.postings(after: 0, limit: 9) == [first])
    }

    @Test func `a posting is found by its reference`() throws {
        #expect(try store.posting(reference: "r") == nil)
        _ = try store.post(Samples.topUp(3, reference: "r:1"))
        let first = try #require(try store.post(Samples.topUp(5, reference: "r")))
        #expect(try store.posting(reference: "r") == first)
        // A second one was not written: the first is found still.
        #expect(try store.post(Samples.topUp(7, reference: "r")) == nil)
        #expect(try store.posting(reference: "r") == first)
        #expect(try store.posting(reference: "r:1")?.id == 1)
        for other in ["", "r:", "R", "r ", "%", "é"] { #expect(try store.posting(reference: other) == nil) }
        // Compared as the journal compares when it posts: by the bytes.
        let composed = try #require(try store.post(Samples.topUp(1, reference: "\u{E9}")))
        #expect(try store.posting(reference: "\u{E9}") == composed)
        #expect(try store.posting(reference: "e\u{301}") == nil)
    }

    @Test func `a reference is posted once by eight threads in two stores`() async throws {
        let other = try SQLiteStore.open(directory: directory.path, clock: clock)
        let store = store
        let written = try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    var written = 0
                    for round in 0..<25 {
                        let posting = try Samples.topUp(3, reference: "r\(round)")
                        if try (number.isMultiple(of: 2) ? store : other).post(posting) != nil { written += 1 }
                    }
                    return written
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(written == 25)
        #expect(try store.balances().of == [.cash: Nanodollars(-75), .wallet(Account.root): Nanodollars(75)])
        #expect(try store.verify() == LedgerReport(calls: 0, postings: 25, transfers: 25, differences: []))
    }

    @Test func `calls and postings at the same time keep the balance`() async throws {
        let store = store
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    for round in 0..<20 {
                        _ = try store.post(Samples.topUp(10, reference: "r\(number)-\(round)"))
                        try await store.record(Samples.call("req_\(number)-\(round)", cost: 4))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(
            try store.balances().of
                == [.cash: Nanodollars(-1_600), .wallet(Account.root): Nanodollars(960), openai: Nanodollars(640)])
        #expect(try store.verify() == LedgerReport(calls: 160, postings: 160, transfers: 320, differences: []))
    }

    @Test func `pages of postings go on where the last one ended`() throws {
        for number in 1...5 { _ = try store.post(Samples.topUp(1, reference: "r\(number)")) }
        #expect(try store.postings(after: 0, limit: 2).map(\.id) == [1, 2])
        #expect(try store.postings(after: 2, limit: 9).map(\.id) == [3, 4, 5])
        #expect(try store.postings(after: 5, limit: 9).isEmpty)
        #expect(try store.postings(after: 0, limit: -1).isEmpty)
    }

    @Test func `postings that cannot be are refused`() throws {
        let orphan = #expect(throws: StoreError.self) {
            try store.post(Samples.topUp(1, reference: "r", of: AccountID("acc_none")))
        }
        #expect(orphan?.notWritten?.hasPrefix("the account does not exist") == true)
        let empty = #expect(throws: StoreError.self) {
            try store.post(Posting(.adjustment, of: Account.root, [], reference: "r"))
        }
        #expect(empty?.notWritten == "a posting must move something")
        _ = try store.post(Samples.topUp(.max, reference: "all"))
        let tooMuch = #expect(throws: StoreError.self) { try store.post(Samples.topUp(9, reference: "more")) }
        #expect(tooMuch?.notWritten != nil)
        #expect(try store.verify() == LedgerReport(calls: 0, postings: 1, transfers: 1, differences: []))
    }

    @Test func `a call moves what it cost, and the house what is beyond`() async throws {
        try await store.record(Samples.call("req_1"))
        #expect(
            try store.balances().of == [
                .wallet(Account.root): Nanodollars(-217_190), .shortfall: Nanodollars(-10),
                openai: Nanodollars(217_200),
            ])
        #expect(try store.verify() == LedgerReport(calls: 1, postings: 0, transfers: 2, differences: []))
        #expect(try store.call(RequestID("req_1"))?.committedAt == clock.now())
    }

    @Test(arguments: [
        Charge(
            payer: Account.root, cost: Nanodollars(217_200), vendorCost: Nanodollars(217_200), prices: Samples.prices),
        Charge(
            payer: AccountID("acc_parent"), vendorCost: Nanodollars(217_200), prices: Samples.prices, isOnOwnKey: true),
        Charge(payer: AccountID("acc_parent"), cost: Nanodollars(4), priceVersion: "v"),
        Charge(payer: Account.root, vendorCost: .zero, prices: TokenPrices()),
        Charge(payer: Account.root),
    ])
    func `a charge comes back as it was recorded`(_ charge: Charge) async throws {
        var call = Samples.call("req_1")
        call.charge = charge
        try await store.record(call)
        #expect(try store.call(RequestID("req_1"))?.record == call)
        #expect(try store.verify().differences == [])
        let wallet = try store.balances().of[.wallet(charge.payer)]
        #expect(wallet == (charge.cost == .zero ? nil : .zero - charge.cost))
    }

    @Test func `a batch writes each balance and each day's sum once`() async throws {
        let calls = (0..<300).map { number in
            Samples.call(
                "req_\(number)", cost: Int64(number % 3), payer: AccountID("acc_\(number % 5)"), key: "\(number % 7)")
        }
        let blocker = try Database(path: directory.file(), mode: .readWrite)
        try blocker.execute("BEGIN IMMEDIATE")
        let store = store
        async let recording: Void = withThrowingTaskGroup { group in
            for call in calls { group.addTask { try await store.record(call) } }
            try await group.waitForAll()
        }
        while store.acceptedCount < calls.count { await Task.yield() }
        try blocker.execute("ROLLBACK")
        try await recording
        #expect((1...2).contains(store.commitCount))
        #expect(try store.verify().differences == [])
        #expect(try store.balances().of[openai] == Nanodollars(300))
        for call in calls.prefix(40) { try await store.record(call) }
        #expect(try store.verify().differences == [])
    }

    @Test func `times never go back, whatever the clock does`() async throws {
        try await store.record(Samples.call("req_1"))
        try clock.set("2026-03-09")
        try await store.record(Samples.call("req_2"))
        let posted = try #require(try store.post(Samples.topUp(5, reference: "r")))
        #expect(posted.createdAt == (try HandClock.noon("2026-03-10")))
        store.close()
        let again = try SQLiteStore.open(directory: directory.path, clock: clock)
        try await again.record(Samples.call("req_3"))
        try clock.set("2026-03-11")
        try await again.record(Samples.call("req_4"))
        let times = try again.recentCalls(limit: 9).map(\.committedAt)
        let (first, last) = (try HandClock.noon("2026-03-10"), try HandClock.noon("2026-03-11"))
        #expect(times == [last, first, first, first])
        #expect(try again.verify().differences == [])
    }

    @Test func `an absurd figure keeps no further call from being recorded`() async throws {
        var absurd = Samples.call("req_1")
        absurd.usage = TokenUsage(promptTokens: .max, completionTokens: .min, totalTokens: .max)
        absurd.charge = Charge(payer: Account.root, cost: Nanodollars(1), vendorCost: .max)
        for _ in 0..<3 { try await store.record(absurd) }
        try await store.record(Samples.call("req_2"))
        #expect(try store.balances().of[openai] == .max)
        #expect(try store.balances().of[.wallet(Account.root)] == Nanodollars(-217_193))
        let query = UsageQuery(
            payer: Account.root, first: CalendarDay(clock.now()), last: CalendarDay(clock.now()), grouping: .none)
        #expect(try store.usage(query).first?.requests == 4)
    }
}
