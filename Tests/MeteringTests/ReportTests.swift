import Domain
import Testing

@testable import Metering

@Suite("What callers are told of limits")
struct ReportTests {
    let clock = ManualClock()

    @Test func `the headers are of the tightest limits`() throws {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: clock)
        let shared = account(limits: Limits(requestsPerMinute: 3, tokensPerMinute: 1_000))
        let caller = principal(of: shared, limits: Limits(requestsPerMinute: 10, tokensPerMinute: 150))
        #expect(treasury.spend(call(principal(key: "key_2", of: shared), nanos: 10)) == nil)
        clock.advance(seconds: 15)
        let reservation = try treasury.reserve(call(caller, nanos: 100))
        #expect(reservation.rates.requests == RateStanding.Rate(limit: 3, remaining: 1, secondsToReset: 45))
        #expect(reservation.rates.tokens == RateStanding.Rate(limit: 150, remaining: 50, secondsToReset: 60))
        reservation.release()
        let free = try treasury.reserve(call(principal(key: "key_3", of: account("acc_2", plan: .postpaid))))
        #expect(free.rates == RateStanding())
        free.release()
    }

    @Test func `a report shows every scope, and changes nothing`() throws {
        let spending = Spending(
            day: CalendarDay(.noon), keyID: KeyID("key_1"), accountID: AccountID("acc_sub"), payer: AccountID("acc_1"),
            tag: "search", cost: Nanodollars(70))
        let treasury = Treasury(opening: opening(["acc_1": Nanodollars(400)], spending: [spending]), clock: clock)
        let parent = account(limits: Limits(concurrency: 5))
        let sub = account("acc_sub", parent: parent, limits: Limits(daily: Nanodollars(100), monthly: Nanodollars(200)))
        let caller = principal(
            of: sub, parent: parent, limits: Limits(requestsPerMinute: 9, tokensPerMinute: 99),
            budgets: [budget("search", monthly: Nanodollars(60), action: .alert)])
        let reservation = try treasury.reserve(call(caller, tag: "search", nanos: 20))
        let ask = call(caller, tag: "search", nanos: 25)
        let report = treasury.wouldAdmit(ask)
        #expect(treasury.wouldAdmit(ask) == report)
        reservation.release()
        #expect(report.worstCase == Nanodollars(25))
        #expect(report.tokens == 25)
        #expect(report.entries.map(\.holder) == [.key, .subAccount, .account, .tag, .wallet])
        #expect(
            report.entries.map(\.scope) == [
                .key(caller.keyID), .account(sub.id), .account(parent.id), .tag(parent.id, "search"), nil,
            ])
        #expect(report.entries.allSatisfy { $0.callsUnderWay == 1 && $0.held == Nanodollars(20) })
        #expect(report.entries.allSatisfy { $0.spentToday == Nanodollars(70) && $0.spentMonth == Nanodollars(70) })
        let lines = report.entries.map {
            $0.checks.map { "\($0.kind.rawValue) \($0.limit) \($0.used) \($0.held) \($0.left)" }
        }
        #expect(
            lines == [
                ["requests_per_minute 9 1 0 8", "tokens_per_minute 99 20 0 79"],
                ["daily 100 70 20 10", "monthly 200 70 20 110"], ["concurrency 5 1 0 4"], ["monthly 60 70 20 -30"],
                ["balance 400 0 20 380"],
            ])
        #expect(report.refusal?.reason == .subAccountCap)
        #expect(report.entries[3].checks.first?.refuses == false)
    }

    @Test func `a report on somebody new makes no place for them`() {
        var book = Book(opening(), bounds: TreasuryBounds(), now: .noon)
        let caller = principal(budgets: [budget("search", monthly: .zero)])
        let (report, refusal) = book.wouldAdmit(call(caller, tag: "search"), now: .noon)
        #expect(book.scopeCount == 0)
        #expect(report.entries.count == 4)
        #expect(refusal?.error.reason == .tagBudget)
    }

    @Test(
        "A message says whose limit it is, and how much",
        arguments: [
            (
                LimitHolder.key, LimitKind.monthly,
                "The monthly cap of this key is $500.00, and $503.12 is spent so far."
            ),
            (.subAccount, .daily, "The daily cap of this sub-account is $500.00, and $503.12 is spent so far."),
            (.tag, .monthly, "The monthly cap of this tag is $500.00, and $503.12 is spent so far."),
        ])
    func message(holder: LimitHolder, kind: LimitKind, text: String) {
        var check = LimitCheck(
            holder: holder, kind: kind, limit: 500_000_000_000, used: 503_120_000_000, held: 0, wanted: 3_220_000_000,
            isBinding: true)
        #expect(Refusal.limit(check, retryAfterSeconds: 0).error.message == text + " This call may cost up to $3.22.")
        check = LimitCheck(
            holder: holder, kind: kind, limit: 500_000_000_000, used: 0, held: 20_000_000, wanted: 1, isBinding: true)
        #expect(Refusal.limit(check, retryAfterSeconds: 0).error.message.contains("$0.02 is held for calls under way"))
    }
}

@Suite("Room for scopes")
struct PlacesTests {
    func spend(_ book: inout Book, _ caller: Principal, tag: String? = nil, nanos: Int = 0, at now: Timestamp = .noon)
        throws
    {
        let hold = try book.reserve(call(caller, tag: tag, nanos: nanos), now: now)
        book.settle(hold, cost: hold.money, tokens: nanos, now: now)
    }

    func billed(_ number: Int, limits: Limits = .none) -> Principal {
        principal(key: "key_\(number)", of: account("acc_\(number)", plan: .postpaid), limits: limits)
    }

    @Test func `who has nothing to remember is forgotten, and the others are not`() throws {
        var book = Book(opening(["acc_1": .dollars(1)]), bounds: TreasuryBounds(), now: .noon)
        let busy = try book.reserve(call(billed(-1), nanos: 0), now: .noon)
        try spend(&book, billed(-3), nanos: 5)
        for number in 0..<2_000 { try spend(&book, billed(number), at: .noon.adding(seconds: 30)) }
        #expect(book.scopeCount > 1_000)
        try spend(&book, billed(-2, limits: Limits(requestsPerMinute: 5)), at: .noon.adding(seconds: 85))
        try spend(&book, billed(0), at: .noon.adding(seconds: 95))
        #expect(book.scopeCount < 12)
        for (scope, isKept) in [
            (LimitScope.key(KeyID("key_-1")), true), (.key(KeyID("key_-2")), true), (.key(KeyID("key_-3")), true),
            (.account(AccountID("acc_1")), true), (.key(KeyID("key_7")), false),
        ] {
            #expect((book.places[scope] != nil) == isKept, "\(scope)")
        }
        book.release(busy, now: .noon.adding(seconds: 95))
        // With the month the rest goes, but for what is in wallets, or owed.
        try spend(&book, billed(0), at: .midnight("2026-06-01"))
        let accounts = ["acc_1", "acc_0", "acc_-3"].map { LimitScope.account(AccountID($0)) }
        let kept = Set(book.places.keys)
        #expect(kept == Set(accounts + [.key(KeyID("key_0"))]))
    }

    @Test func `when there is no room for somebody new, they are told to come again`() throws {
        var book = Book(opening(), bounds: TreasuryBounds(scopes: 5), now: .noon)
        try spend(&book, billed(1), nanos: 1)
        try spend(&book, billed(2), nanos: 1)
        do throws(Refusal) {
            _ = try book.reserve(call(billed(3)), now: .noon)
            Issue.record("admitted")
        } catch {
            #expect(error == .full)
            #expect(error.error.reason == .overloaded)
        }
        try spend(&book, billed(1), nanos: 1)
        #expect(book.scopeCount == 4)
        try spend(&book, billed(3), nanos: 1, at: .midnight("2026-06-01"))
    }

    @Test func `tags without a budget are counted as far as there is room, those with one always`() throws {
        var book = Book(opening(), bounds: TreasuryBounds(scopes: 100, tagsPerAccount: 3), now: .noon)
        for number in 0..<9 { try spend(&book, billed(1), tag: "tag \(number)", nanos: 1) }
        #expect(book.scopeCount == 5)
        let budgeted = principal(
            key: "key_1", of: account("acc_1", plan: .postpaid), budgets: [budget("tag 7", monthly: Nanodollars(2))])
        try spend(&book, budgeted, tag: "tag 7", nanos: 2)
        #expect(throws: Refusal.self) { try spend(&book, budgeted, tag: "tag 7", nanos: 1) }
        #expect(book.scopeCount == 6)
        // A month later the tags make room.
        try spend(&book, billed(1), tag: "tag 8", nanos: 1, at: .midnight("2026-06-01"))
        #expect(book.places[.tag(AccountID("acc_1"), "tag 8")] != nil)
    }

    @Test func `the principal of before is let go when keys are read anew`() throws {
        var book = Book(opening(), bounds: TreasuryBounds(), now: .noon)
        for _ in 0..<5 { try spend(&book, billed(1), nanos: 1) }
        #expect(book.desks.count == 1)
        #expect(book.spent(.key(KeyID("key_1")), now: .noon).today == Nanodollars(5))
    }

    @Test func `a limit that is set later counts from then on`() throws {
        var book = Book(opening(), bounds: TreasuryBounds(), now: .noon)
        let early = try book.reserve(call(billed(1), nanos: 50), now: .noon)
        let limited = billed(1, limits: Limits(tokensPerMinute: 100))
        try spend(&book, limited, nanos: 80)
        // What was never counted is not taken off.
        book.release(early, now: .noon)
        #expect(throws: Refusal.self) { try spend(&book, limited, nanos: 21) }
        try spend(&book, limited, nanos: 20)
    }
}
