import Domain
import Testing

@testable import Metering

@Suite("Days, months and clocks")
struct CalendarTests {
    let daily = principal(limits: Limits(daily: Nanodollars(100)))
    let monthly = principal(limits: Limits(monthly: Nanodollars(100)))

    func treasury(_ clock: ManualClock, spending: [Spending] = []) -> Treasury {
        Treasury(opening: opening(["acc_1": .dollars(1)], spending: spending), clock: clock)
    }

    @Test func `a daily cap is free again at midnight, UTC, and not a moment earlier`() {
        let clock = ManualClock()
        let treasury = treasury(clock)
        #expect(treasury.spend(call(daily)) == nil)
        #expect(treasury.spend(call(daily, nanos: 1))?.reason == .keyCap)
        clock.set(Timestamp(microseconds: Timestamp.midnight("2026-05-23").microseconds - 1))
        #expect(treasury.spend(call(daily, nanos: 1))?.reason == .keyCap)
        clock.set(.midnight("2026-05-23"))
        #expect(treasury.spent(.key(KeyID("key_1"))) == (.zero, Nanodollars(100)))
        #expect(treasury.spend(call(daily)) == nil)
    }

    @Test func `a monthly cap is free again with the month`() {
        let clock = ManualClock()
        let treasury = treasury(clock)
        #expect(treasury.spend(call(monthly)) == nil)
        clock.set(.midnight("2026-05-31"))
        #expect(treasury.spend(call(monthly, nanos: 1))?.reason == .keyCap)
        clock.set(.midnight("2026-06-01"))
        #expect(treasury.spent(.key(KeyID("key_1"))) == (.zero, .zero))
        #expect(treasury.spend(call(monthly)) == nil)
    }

    @Test func `the same month of another year is another month`() {
        let clock = ManualClock()
        let treasury = treasury(clock)
        #expect(treasury.spend(call(monthly)) == nil)
        clock.set(.midnight("2027-05-22"))
        #expect(treasury.spend(call(monthly)) == nil)
    }

    @Test(arguments: [("2026-05-22", "2026-05-23"), ("2026-05-31", "2026-06-01"), ("2026-12-31", "2027-01-01")])
    func `what is held over midnight counts against the new day, and is spent on it`(day: String, next: String) throws {
        let clock = ManualClock(.midnight(day))
        let treasury = treasury(clock)
        #expect(treasury.spend(call(daily, nanos: 10)) == nil)
        let reservation = try treasury.reserve(call(daily, nanos: 90))
        clock.set(.midnight(next))
        #expect(treasury.spent(.key(daily.keyID)).today == .zero)
        #expect(treasury.refusal(of: call(daily, nanos: 11))?.reason == .keyCap)
        #expect(treasury.spend(call(daily, nanos: 10)) == nil)
        let charge = reservation.charge(for: .of(70, 0), priceVersion: nil)
        reservation.settle(charge, tokens: 70)
        #expect(treasury.spent(.key(daily.keyID)).today == Nanodollars(80))
        #expect(treasury.standing(of: account()).held == .zero)
    }

    @Test func `a clock set back frees no window, and time goes on from there`() {
        let clock = ManualClock()
        let treasury = treasury(clock)
        let limited = principal(limits: Limits(requestsPerMinute: 2))
        #expect(treasury.spend(call(limited)) == nil)
        #expect(treasury.spend(call(limited)) == nil)
        clock.advance(seconds: -3_600)
        #expect(treasury.refusal(of: call(limited))?.retryAfterSeconds == 60)
        clock.advance(seconds: 59)
        #expect(treasury.refusal(of: call(limited))?.retryAfterSeconds == 1)
        clock.advance(seconds: 1)
        #expect(treasury.refusal(of: call(limited)) == nil)
    }

    @Test func `a clock set back to yesterday gives nobody a new day`() {
        let clock = ManualClock()
        let treasury = treasury(clock)
        #expect(treasury.spend(call(daily)) == nil)
        for day in ["2026-05-21", "2026-04-30", "2025-05-22", "2026-05-22"] {
            clock.set(.midnight(day))
            #expect(treasury.refusal(of: call(daily, nanos: 1))?.reason == .keyCap, "\(day)")
        }
        clock.set(.midnight("2026-05-23"))
        #expect(treasury.refusal(of: call(daily)) == nil)
    }

    @Test func `the ends of time trap nobody`() throws {
        let clock = ManualClock()
        let treasury = treasury(clock)
        let all = principal(
            limits: Limits(
                requestsPerMinute: 10, tokensPerMinute: 10_000, concurrency: 10, daily: .dollars(1),
                monthly: .dollars(1)))
        for microseconds in [Int64.max, .min, 0, -1, .min, .max] {
            let reservation = try treasury.reserve(call(all, nanos: 1))
            clock.set(Timestamp(microseconds: microseconds))
            let charge = reservation.charge(for: .of(1, 0), priceVersion: nil)
            reservation.settle(charge, tokens: 1)
        }
        #expect(treasury.standing(of: account()).held == .zero)
        #expect(treasury.standing(of: account()).balance == .dollars(1) - Nanodollars(6))
    }

    @Test func `a treasury opens with what the month has cost, and what today has`() {
        let account = AccountID("acc_1")
        func row(_ day: String, _ cost: Int64, tag: String? = nil) throws -> Spending {
            Spending(
                day: try #require(CalendarDay(day)), keyID: KeyID("key_1"), accountID: AccountID("acc_sub"),
                payer: account, tag: tag, cost: Nanodollars(cost))
        }
        #expect(throws: Never.self) {
            let treasury = treasury(
                ManualClock(),
                spending: [
                    try row("2026-04-30", 1_000), try row("2026-05-01", 1), try row("2026-05-21", 20, tag: "a"),
                    try row("2026-05-22", 300), try row("2026-05-22", 4_000, tag: "a"),
                    // The clock was set back: what was spent stays spent.
                    try row("2026-05-23", 50_000),
                ])
            let whole = (Nanodollars(54_300), Nanodollars(54_321))
            #expect(treasury.spent(.key(KeyID("key_1"))) == whole)
            #expect(treasury.spent(.account(AccountID("acc_sub"))) == whole)
            #expect(treasury.spent(.account(account)) == whole)
            #expect(treasury.spent(.tag(account, "a")) == (Nanodollars(4_000), Nanodollars(4_020)))
            #expect(treasury.spent(.tag(account, "b")) == (.zero, .zero))
        }
    }
}
