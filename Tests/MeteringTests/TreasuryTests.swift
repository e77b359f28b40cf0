import Domain
import Testing

@testable import Metering

@Suite("Reservations")
struct ReservationTests {
    let clock = ManualClock()

    func treasury(nanos: Int64 = 1_000) -> Treasury {
        Treasury(opening: opening(["acc_1": Nanodollars(nanos)]), clock: clock)
    }

    @Test func `what is held is nobody else's, and what is released is free again`() throws {
        let treasury = treasury(nanos: 150)
        let reservation = try treasury.reserve(call(principal()))
        #expect(reservation.held == Nanodollars(100))
        #expect(treasury.standing(of: account()).held == Nanodollars(100))
        #expect(treasury.refusal(of: call(principal(), nanos: 51))?.reason == .insufficientCredits)
        #expect(treasury.refusal(of: call(principal(), nanos: 50)) == nil)
        reservation.release()
        #expect(treasury.standing(of: account()).held == .zero)
        #expect(treasury.refusal(of: call(principal(), nanos: 150)) == nil)
    }

    @Test func `a reservation that is dropped is released, once`() throws {
        let treasury = treasury()
        let limited = principal(limits: Limits(requestsPerMinute: 2, concurrency: 1))
        do {
            let reservation = try treasury.reserve(call(limited))
            #expect(treasury.refusal(of: call(limited))?.reason == .concurrency)
            #expect(reservation.held == Nanodollars(100))
        }
        #expect(treasury.standing(of: account()).held == .zero)
        #expect(treasury.spend(call(limited)) == nil)
        #expect(treasury.refusal(of: call(limited))?.reason == .requestRate)
    }

    @Test func `what the vendor bills beyond the hold is not charged`() throws {
        let treasury = treasury()
        let reservation = try treasury.reserve(call(principal()))
        let charge = reservation.charge(for: .of(130, 20), priceVersion: "v")
        reservation.settle(charge, tokens: 150)
        #expect(charge.cost == Nanodollars(100))
        #expect(charge.vendorCost == Nanodollars(150))
        let beyond = charge.transfers(to: ProviderID("openai")).first { $0.from == .shortfall }
        #expect(beyond?.amount == Nanodollars(50))
        #expect(treasury.standing(of: account()).balance == Nanodollars(900))
    }

    @Test func `without prices nothing is held and nothing is charged, whatever is overdrawn`() throws {
        let spending = Spending(
            day: CalendarDay(.noon), keyID: KeyID("key_1"), accountID: AccountID("acc_1"), payer: AccountID("acc_1"),
            tag: nil, cost: Nanodollars(9))
        let overdrawn = opening(["acc_1": Nanodollars(-5)], spending: [spending])
        let treasury = Treasury(opening: overdrawn, clock: clock)
        var ask = call(principal(limits: Limits(monthly: Nanodollars(5))))
        #expect(treasury.refusal(of: ask)?.reason == .keyCap)
        ask.prices = nil
        let reservation = try treasury.reserve(ask)
        let charge = reservation.charge(for: .of(5, 5), priceVersion: nil)
        #expect(charge.cost == .zero)
        #expect(charge.vendorCost == nil)
        reservation.settle(charge, tokens: 10)
    }

    @Test func `a postpaid account without caps is never refused for money, and goes below zero`() throws {
        let treasury = treasury(nanos: 0)
        let billed = account(plan: .postpaid)
        #expect(treasury.spend(call(principal(of: billed), nanos: 7_000)) == nil)
        #expect(treasury.standing(of: billed).balance == Nanodollars(-7_000))
        var ask = call(principal(of: billed))
        ask.promptTokens = .max
        ask.outputTokens = .max
        #expect(treasury.spend(call(principal(of: billed), nanos: 1)) == nil)
        let reservation = try treasury.reserve(ask)
        #expect(reservation.held == Book.greatestHold)
        reservation.release()
        #expect(treasury.standing(of: billed).held == .zero)
    }

    @Test func `a call of a sub-account is paid by its parent, and counts for both`() {
        let parent = account()
        let sub = account("acc_sub", parent: parent)
        let treasury = treasury()
        #expect(treasury.spend(call(principal(of: sub, parent: parent))) == nil)
        #expect(treasury.standing(of: parent).balance == Nanodollars(900))
        #expect(treasury.standing(of: sub).balance == Nanodollars(900))
        for scope in [LimitScope.account(parent.id), .account(sub.id), .key(KeyID("key_1"))] {
            #expect(treasury.spent(scope) == (Nanodollars(100), Nanodollars(100)))
        }
    }

    @Test func `on one's own key money does not count, and rates do`() {
        let treasury = treasury(nanos: 0)
        let limited = principal(limits: Limits(requestsPerMinute: 2, monthly: .zero))
        #expect(treasury.spend(call(limited, isOnOwnKey: true)) == nil)
        #expect(treasury.refusal(of: call(limited))?.reason == .keyCap)
        #expect(treasury.spend(call(limited, isOnOwnKey: true)) == nil)
        #expect(treasury.refusal(of: call(limited, isOnOwnKey: true))?.reason == .requestRate)
    }

    @Test func `postings move wallets in their order, each once`() throws {
        let treasury = treasury(nanos: 0)
        func posting(_ id: Int64, _ transfer: Transfer?) throws -> StoredPosting {
            StoredPosting(
                id: id, createdAt: .noon,
                posting: Posting(.adjustment, of: AccountID("acc_1"), [try #require(transfer)], reference: "\(id)"))
        }
        let wallet = LedgerAccount.wallet(AccountID("acc_1"))
        treasury.apply(try posting(3, Transfer(Nanodollars(500), from: .adjustments, to: wallet)))
        treasury.apply(try posting(3, Transfer(Nanodollars(500), from: .adjustments, to: wallet)))
        treasury.apply(try posting(2, Transfer(Nanodollars(500), from: .adjustments, to: wallet)))
        #expect(treasury.latestPosting == 3)
        treasury.apply(try posting(4, Transfer(Nanodollars(600), from: wallet, to: .wallet(AccountID("acc_2")))))
        #expect(treasury.latestPosting == 4)
        #expect(treasury.standing(of: account()).balance == Nanodollars(-100))
        #expect(treasury.standing(of: account("acc_2")).balance == Nanodollars(600))
    }

    @Test func `an opening takes wallets out of a ledger's balances`() {
        let opening = TreasuryOpening(
            balances: [.wallet(AccountID("acc_1")): Nanodollars(5), .cash: Nanodollars(-5)], latestPosting: 9,
            spending: [])
        let treasury = Treasury(opening: opening, clock: clock)
        #expect(treasury.standing(of: account()).balance == Nanodollars(5))
        #expect(treasury.latestPosting == 9)
    }
}

@Suite("Refusals")
struct RefusalTests {
    let clock = ManualClock()

    /// A call that everything refuses; from each test on, the first of them is out of the way.
    @Test func `rates come first, then the key, the sub-account, the account, the tag and the wallet`() throws {
        let treasury = Treasury(opening: opening(), clock: clock)
        let cap = Limits(requestsPerMinute: 0, tokensPerMinute: 0, concurrency: 0, daily: .zero, monthly: .zero)
        var limits = (key: cap, sub: cap, account: cap, tag: cap)
        func refusal() -> GatewayError? {
            let parent = account(limits: limits.account)
            let sub = account("acc_sub", parent: parent, limits: limits.sub)
            let caller = principal(
                of: sub, parent: parent, limits: limits.key, budgets: [budget("search", limits: limits.tag)])
            let ask = call(caller, tag: "search")
            let refusal = treasury.refusal(of: ask)
            #expect(treasury.wouldAdmit(ask).refusal == refusal)
            return refusal
        }
        for place in [\(key: Limits, sub: Limits, account: Limits, tag: Limits).key, \.sub, \.account, \.tag] {
            #expect(refusal()?.reason == .requestRate)
            limits[keyPath: place].requestsPerMinute = nil
            #expect(refusal()?.reason == .tokenRate)
            limits[keyPath: place].tokensPerMinute = nil
            #expect(refusal()?.reason == .concurrency)
            limits[keyPath: place].concurrency = nil
        }
        let reasons: [ErrorReason] = [.keyCap, .subAccountCap, .accountCap, .tagBudget]
        let places = [\(key: Limits, sub: Limits, account: Limits, tag: Limits).key, \.sub, \.account, \.tag]
        for (reason, place) in zip(reasons, places) {
            #expect(refusal()?.reason == reason)
            #expect(refusal()?.message.contains("daily") == true)
            limits[keyPath: place].daily = nil
            #expect(refusal()?.reason == reason)
            #expect(refusal()?.message.contains("monthly") == true)
            limits[keyPath: place].monthly = nil
        }
        #expect(refusal()?.reason == .insufficientCredits)
    }

    @Test func `a budget that only alerts refuses nobody`() {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: clock)
        let caller = principal(budgets: [
            budget("search", limits: Limits(requestsPerMinute: 0, monthly: .zero), action: .alert)
        ])
        #expect(treasury.spend(call(caller, tag: "search")) == nil)
        #expect(treasury.spent(.tag(AccountID("acc_1"), "search")).month == Nanodollars(100))
    }

    @Test func `a budget is for calls with its tag, and knows what they cost before it was made`() {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: clock)
        #expect(treasury.spend(call(principal(), tag: "search")) == nil)
        let caller = principal(key: "key_2", budgets: [budget("search", monthly: Nanodollars(150))])
        let refusal = treasury.refusal(of: call(caller, tag: "search"))
        #expect(refusal?.reason == .tagBudget)
        #expect(treasury.refusal(of: call(caller, tag: "chat")) == nil)
        #expect(treasury.refusal(of: call(caller)) == nil)
    }

    @Test func `who is refused is not counted`() {
        let treasury = Treasury(opening: opening(["acc_1": Nanodollars(50)]), clock: clock)
        let caller = principal(limits: Limits(requestsPerMinute: 1, tokensPerMinute: 200, concurrency: 1))
        for _ in 0..<5 { #expect(treasury.refusal(of: call(caller))?.reason == .insufficientCredits) }
        for _ in 0..<5 { #expect(treasury.refusal(of: call(caller, nanos: 300))?.reason == .tokenRate) }
        #expect(treasury.spend(call(caller, nanos: 50)) == nil)
    }

    @Test func `a refusal for tokens says when enough will have left`() {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: clock)
        let caller = principal(limits: Limits(tokensPerMinute: 100))
        #expect(treasury.spend(call(caller, nanos: 30)) == nil)
        clock.advance(seconds: 10)
        #expect(treasury.spend(call(caller, nanos: 60)) == nil)
        clock.advance(seconds: 20)
        #expect(treasury.refusal(of: call(caller, nanos: 40))?.retryAfterSeconds == 30)
        #expect(treasury.refusal(of: call(caller, nanos: 41))?.retryAfterSeconds == 40)
        // Waiting does not help whoever wants more than there ever is.
        let never = treasury.refusal(of: call(caller, nanos: 101))
        #expect(never?.reason == .tokenRate && never?.retryAfterSeconds == nil)
        #expect(never?.message.contains("more than the whole 100 a minute of this key: it is never let in") == true)
        clock.advance(seconds: 29)
        #expect(treasury.refusal(of: call(caller, nanos: 40))?.retryAfterSeconds == 1)
        clock.advance(seconds: 1)
        #expect(treasury.refusal(of: call(caller, nanos: 40)) == nil)
    }

    @Test func `tokens count as they were used, once that is known`() throws {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: clock)
        let caller = principal(limits: Limits(tokensPerMinute: 100))
        let reservation = try treasury.reserve(call(caller, nanos: 90))
        #expect(treasury.refusal(of: call(caller, nanos: 11))?.reason == .tokenRate)
        clock.advance(seconds: 20)
        let charge = reservation.charge(for: .of(40, 0), priceVersion: nil)
        reservation.settle(charge, tokens: 40)
        #expect(treasury.refusal(of: call(caller, nanos: 61))?.retryAfterSeconds == 40)
        #expect(treasury.refusal(of: call(caller, nanos: 60)) == nil)
    }

    @Test func `hostile numbers of tokens are refused, and trap nobody`() {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: clock)
        let limited = principal(limits: Limits(tokensPerMinute: 100))
        for (prompt, output) in [(Int.max, Int.max), (.min, .max), (.max, 0), (.max, .min)] {
            let ask = ReservationRequest(principal: limited, promptTokens: prompt, outputTokens: output, prices: .even)
            #expect(treasury.refusal(of: ask)?.reason == .tokenRate)
            var unlimited = ask
            unlimited.principal = principal()
            #expect(treasury.refusal(of: unlimited)?.reason == .insufficientCredits)
        }
        let negative = ReservationRequest(principal: limited, promptTokens: .min, outputTokens: .min, prices: .even)
        #expect(treasury.refusal(of: negative) == nil)
    }

    @Test func `limits below zero are limits of nothing`() {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: clock)
        let caller = principal(limits: Limits(requestsPerMinute: .min, monthly: Nanodollars(.min)))
        #expect(treasury.refusal(of: call(caller))?.reason == .requestRate)
    }
}
