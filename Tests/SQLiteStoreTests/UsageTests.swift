import Domain
import SQLite
import Testing

@testable import SQLiteStore

@Suite("Usage and statements")
struct UsageTests {
    let directory: TemporaryDirectory
    let clock: HandClock
    let store: SQLiteStore
    let sub = AccountID("acc_sub")

    init() throws {
        directory = try TemporaryDirectory()
        clock = try HandClock("2026-01-30")
        store = try SQLiteStore.open(directory: directory.path, clock: clock)
        try store.insert(Samples.account)
        try store.insert(
            Account(id: sub, name: "Sub", createdAt: Timestamp(seconds: 1_700_000_002), parentID: Account.root))
    }

    /// January 30: 5 and 7; January 31: 11 by the sub-account; February 1: 13 and one with a key of one's own.
    private func record() async throws {
        try await store.record(Samples.call("req_1", cost: 5, key: "a", tag: "x"))
        try await store.record(Samples.call("req_2", cost: 7, key: "b", model: "m/two"))
        try clock.set("2026-01-31")
        try await store.record(Samples.call("req_3", cost: 11, account: sub, key: "s", tag: "x"))
        try clock.set("2026-02-01")
        try await store.record(Samples.call("req_4", cost: 13, key: "a", tag: "y"))
        var own = Samples.call("req_5", cost: 0, key: "a")
        own.charge = Charge(payer: Account.root, vendorCost: Nanodollars(17), isOnOwnKey: true)
        try await store.record(own)
        try await store.record(Samples.call("req_6", cost: 99, payer: AccountID("acc_other"), key: "o"))
    }

    private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

    private func rows(
        _ grouping: UsageQuery.Grouping, from first: String = "2026-01-01", to last: String = "2026-12-31",
        account: AccountID? = nil, key: KeyID? = nil
    ) throws -> [[String]] {
        let query = UsageQuery(
            payer: Account.root, accountID: account, keyID: key, first: try day(first), last: try day(last),
            grouping: grouping)
        return try store.usage(query).map { row in
            [row.label ?? "-", "\(row.requests)", "\(row.cost.rawValue)", "\(row.ownKeyCost.rawValue)"]
        }
    }

    @Test func `usage is summed by each grouping`() async throws {
        try await record()
        #expect(
            try rows(.day) == [
                ["2026-01-30", "2", "12", "0"], ["2026-01-31", "1", "11", "0"], ["2026-02-01", "2", "13", "17"],
            ])
        #expect(try rows(.model) == [["openai/gpt-4o-mini", "4", "29", "17"], ["m/two", "1", "7", "0"]])
        #expect(try rows(.key) == [["key_a", "3", "18", "17"], ["key_s", "1", "11", "0"], ["key_b", "1", "7", "0"]])
        #expect(try rows(.tag) == [["x", "2", "16", "0"], ["y", "1", "13", "0"], ["-", "2", "7", "17"]])
        #expect(try rows(.subAccount) == [["acc_root", "4", "25", "17"], ["acc_sub", "1", "11", "0"]])
        #expect(try rows(.none) == [["-", "5", "36", "17"]])
    }

    @Test func `usage is of the days, the account and the key that were asked for`() async throws {
        try await record()
        #expect(try rows(.none, from: "2026-01-31", to: "2026-01-31") == [["-", "1", "11", "0"]])
        #expect(try rows(.none, account: sub) == [["-", "1", "11", "0"]])
        #expect(try rows(.none, key: KeyID("key_b")) == [["-", "1", "7", "0"]])
        #expect(try rows(.none, account: sub, key: KeyID("key_b")) == [["-", "0", "0", "0"]])
        #expect(try rows(.day, from: "2027-01-01", to: "2027-12-31") == [])
        let tokens = try store.usage(
            UsageQuery(payer: Account.root, first: day("2026-01-30"), last: day("2026-01-30"), grouping: .none))
        #expect(tokens.map(\.promptTokens) == [240])
        #expect(tokens.map(\.completionTokens) == [680])
    }

    @Test func `spending is by day, key and tag, without what cost nothing`() async throws {
        try await record()
        let spending = try store.spending(since: day("2026-01-31"))
        #expect(
            Set(spending) == [
                Spending(
                    day: try day("2026-01-31"), keyID: KeyID("key_s"), accountID: sub, payer: Account.root, tag: "x",
                    cost: Nanodollars(11)),
                Spending(
                    day: try day("2026-02-01"), keyID: KeyID("key_a"), accountID: Account.root, payer: Account.root,
                    tag: "y", cost: Nanodollars(13)),
                Spending(
                    day: try day("2026-02-01"), keyID: KeyID("key_o"), accountID: AccountID("acc_other"),
                    payer: AccountID("acc_other"), tag: nil, cost: Nanodollars(99)),
            ])
        #expect(spending.count == 3)
    }

    @Test func `the latest calls are the payer's, newest first`() async throws {
        try await record()
        func ids(_ query: RecentCallsQuery) throws -> [String] {
            try store.recentCalls(of: query).map(\.requestID.rawValue)
        }
        #expect(
            try ids(RecentCallsQuery(payer: Account.root, limit: 9)) == ["req_5", "req_4", "req_3", "req_2", "req_1"])
        #expect(try ids(RecentCallsQuery(payer: Account.root, limit: 2)) == ["req_5", "req_4"])
        #expect(try ids(RecentCallsQuery(payer: Account.root, accountID: sub, limit: 9)) == ["req_3"])
        #expect(try ids(RecentCallsQuery(payer: Account.root, keyID: KeyID("key_b"), limit: 9)) == ["req_2"])
        #expect(try ids(RecentCallsQuery(payer: sub, limit: 9)) == [])
        #expect(try ids(RecentCallsQuery(payer: Account.root, limit: -1)) == [])
        let call = try store.recentCalls(of: RecentCallsQuery(payer: Account.root, accountID: sub, limit: 1)).first
        #expect(call == Samples.call("req_3", cost: 11, account: sub, key: "s", tag: "x"))
    }

    // MARK: Statements

    private func statement(_ month: String, of account: AccountID = Account.root) throws -> Domain.Statement? {
        try store.statement(of: account, month: #require(CalendarMonth(month)), now: clock.now())
    }

    /// What the journal says was in the wallet before a day.
    private func wallet(before day: String) throws -> Nanodollars {
        let select = try Database(path: directory.file(), mode: .readOnly).statement(
            """
            SELECT coalesce(sum(CASE to_account WHEN 'wallet:acc_root' THEN amount ELSE -amount END), 0)
            FROM transfers WHERE 'wallet:acc_root' IN (from_account, to_account) AND at < ?1
            """)
        try select.bind(Int64(self.day(day).unixSeconds) * 1_000_000, at: 1)
        return try #require(try select.first { row in Nanodollars(row.integer(at: 0)) })
    }

    @Test func `a statement tells what was, came, went and is left`() async throws {
        try clock.set("2025-12-05")
        _ = try store.post(Samples.topUp(1_000, reference: "december"))
        try clock.set("2026-01-30")
        let january = try #require(try store.post(Samples.topUp(100, reference: "january")))
        try await record()
        _ = try store.post(Samples.topUp(500, reference: "february"))
        let statement = try #require(try self.statement("2026-01"))
        #expect(statement.opening == Nanodollars(1_000))
        #expect(statement.postings == [january])
        #expect(statement.charges.map(\.label) == ["openai/gpt-4o-mini", "m/two"])
        #expect(statement.charges.map(\.cost) == [Nanodollars(16), Nanodollars(7)])
        #expect(statement.closing == Nanodollars(1_077))
        #expect(try wallet(before: "2026-01-01") == statement.opening)
        #expect(try wallet(before: "2026-02-01") == statement.closing)
        #expect(try self.statement("2025-12")?.closing == Nanodollars(1_000))
        #expect(try self.statement("2026-02") == nil)
        #expect(try self.statement("2026-01", of: AccountID("acc_none")) == nil)
        try clock.set("2026-03-01")
        #expect(try self.statement("2026-02")?.opening == statement.closing)
        #expect(try self.statement("2026-02")?.closing == Nanodollars(1_564))
        #expect(try self.statement("2026-02")?.charges.map(\.ownKeyCost) == [Nanodollars(17)])
    }

    @Test func `a statement stays as it was made`() async throws {
        try await record()
        let made = try #require(try statement("2026-01"))
        _ = try store.post(Samples.topUp(500, reference: "later"))
        // As if somebody had dated things back, which the store does not.
        try Database(path: directory.file(), mode: .readWrite).execute(
            """
            INSERT INTO postings VALUES (90, 1767300000000000, 'top_up', 'acc_root', 'old', '');
            INSERT INTO transfers (at, posting_id, from_account, to_account, amount)
            VALUES (1767300000000000, 90, 'cash', 'wallet:acc_root', 5);
            UPDATE usage_days SET cost = cost + 1
            """)
        #expect(try statement("2026-01") == made)
        store.close()
        let again = try SQLiteStore.open(directory: directory.path, clock: clock)
        let month = try #require(CalendarMonth("2026-01"))
        #expect(try again.statement(of: Account.root, month: month, now: clock.now()) == made)
    }

    @Test func `nothing is written into a month that was stated`() async throws {
        try await store.record(Samples.call("req_1", cost: 5))
        let month = try #require(CalendarMonth("2026-01"))
        // The clock of whoever asks is ahead of the store's, which stays in January.
        let made = try #require(
            try store.statement(of: Account.root, month: month, now: HandClock.noon("2026-02-01")))
        try await store.record(Samples.call("req_2", cost: 1))
        let late = try #require(try store.post(Samples.topUp(1, reference: "late")))
        let february = Timestamp(seconds: Int64(try day("2026-02-01").unixSeconds))
        #expect(late.createdAt == february)
        #expect(try store.call(RequestID("req_2"))?.committedAt == february)
        #expect(try wallet(before: "2026-02-01") == made.closing)
        #expect(try rows(.none, to: "2026-01-31") == [["-", "1", "5", "0"]])
    }

    @Test func `a month that is stated is over, also for a store that was opened since`() async throws {
        _ = try store.post(Samples.topUp(1_000, reference: "january"))
        let month = try #require(CalendarMonth("2026-01"))
        _ = try store.statement(of: Account.root, month: month, now: HandClock.noon("2026-02-01"))
        store.close()
        let again = try SQLiteStore.open(directory: directory.path, clock: clock)
        let late = try #require(try again.post(Samples.topUp(1, reference: "late")))
        let february = Timestamp(seconds: Int64(try day("2026-02-01").unixSeconds))
        #expect(late.createdAt == february)
    }

    @Test func `a month in which nothing was is empty, and leaves no row`() throws {
        let statement = try #require(try statement("2019-05"))
        #expect(statement.opening == .zero && statement.closing == .zero)
        #expect(statement.postings.isEmpty && statement.charges.isEmpty)
        let rows = try Database(path: directory.file(), mode: .readOnly)
            .statement("SELECT count(*) FROM statements").first { row in row.integer(at: 0) }
        #expect(rows == 0)
    }

    @Test func `tags of a day are told, whatever they cost`() async throws {
        try clock.set("2026-01-10")
        try await store.record(Samples.call("req_1", cost: 5, tag: "old"))
        try clock.set("2026-01-11")
        for (id, tag, cost) in [("req_2", "a", 0), ("req_3", "a", 5), ("req_4", nil, 5), ("req_5", "b", 0)]
            as [(String, String?, Int64)]
        {
            try await store.record(Samples.call(id, cost: cost, account: AccountID("sa_1"), tag: tag))
        }
        let uses = try store.tags(since: #require(CalendarDay("2026-01-11")))
        #expect(
            uses == ["a", "b"].map { TagUse(payer: Account.root, accountID: AccountID("sa_1"), tag: $0) })
        #expect(try store.tags(since: #require(CalendarDay("2026-01-10"))).count == 3)
    }
}
