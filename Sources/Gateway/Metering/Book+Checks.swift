import Domain

/// The limits of a call, in the order it is refused by them: what passes soon first, then money.
extension Book {
    func firstRefusal(of claim: Claim) -> Refusal? {
        if claim.isLimited {
            for seat in Seats.all {
                guard let limits = claim.limits(at: seat) else { continue }
                if let check = rateChecks(at: seat, of: claim, limits).first(where: \.refuses) {
                    return .limit(check, retryAfterSeconds: wait(for: check, at: claim.seats[seat]))
                }
            }
            for seat in Seats.all {
                guard let limits = claim.limits(at: seat) else { continue }
                if let check = moneyChecks(at: seat, of: claim, limits).first(where: \.refuses) {
                    return .limit(check, retryAfterSeconds: nil)
                }
            }
        }
        guard let check = walletCheck(of: claim), check.refuses else { return nil }
        return .limit(check, retryAfterSeconds: nil)
    }

    func rateChecks(at seat: Int, of claim: Claim, _ limits: Limits) -> Checks {
        let place = claim.seats[seat]
        func check(_ kind: LimitKind, _ limit: Int?, used: Int64, wanted: Int64) -> LimitCheck? {
            limit.map { limit in
                LimitCheck(
                    holder: claim.holder(at: seat), kind: kind, limit: Int64(max(0, limit)), used: used, held: 0,
                    wanted: wanted, isBinding: claim.isBinding(at: seat))
            }
        }
        return Checks(
            check(
                .requestsPerMinute, limits.requestsPerMinute, used: states[place].requests?.total ?? 0, wanted: 1),
            check(
                .tokensPerMinute, limits.tokensPerMinute, used: states[place].tokens?.total ?? 0, wanted: claim.tokens),
            check(.concurrency, limits.concurrency, used: Int64(states[place].underWay), wanted: 1))
    }

    func moneyChecks(at seat: Int, of claim: Claim, _ limits: Limits) -> Checks {
        let place = claim.seats[seat]
        func check(_ kind: LimitKind, _ limit: Nanodollars?, used: Nanodollars) -> LimitCheck? {
            limit.map { limit in
                LimitCheck(
                    holder: claim.holder(at: seat), kind: kind, limit: max(.zero, limit).rawValue,
                    used: used.rawValue, held: states[place].held.rawValue, wanted: claim.money.rawValue,
                    isBinding: claim.isBinding(at: seat))
            }
        }
        return Checks(
            check(.daily, limits.daily, used: states[place].spentToday),
            check(.monthly, limits.monthly, used: states[place].spentMonth), nil)
    }

    /// Nil where nothing has to be paid before.
    func walletCheck(of claim: Claim) -> LimitCheck? {
        guard claim.desk.isPrepaid else { return nil }
        return LimitCheck(
            holder: .wallet, kind: .balance, limit: states[claim.payer].balance.rawValue, used: 0,
            held: states[claim.payer].held.rawValue, wanted: claim.money.rawValue, isBinding: true)
    }

    /// Nobody knows when a call under way will end, so that for those it is a second. Nil for what is more than the
    /// limit by itself: it would be refused at any time.
    private func wait(for check: LimitCheck, at place: Int) -> Int? {
        guard check.wanted <= check.limit else { return nil }
        return switch check.kind {
        case .requestsPerMinute: wait(for: check, in: states[place].requests)
        case .tokensPerMinute: wait(for: check, in: states[place].tokens)
        case .concurrency, .daily, .monthly, .balance: 1
        }
    }

    /// There is a window where anything was counted, and without that nothing that fits is refused.
    private func wait(for check: LimitCheck, in window: RateWindow?) -> Int {
        window?.wait(for: check.wanted, limit: check.limit) ?? Int(RateWindow.seconds)
    }
}

/// Up to three checks, without an array.
struct Checks {
    private let first: LimitCheck?
    private let second: LimitCheck?
    private let third: LimitCheck?

    init(_ first: LimitCheck?, _ second: LimitCheck?, _ third: LimitCheck?) {
        self.first = first
        self.second = second
        self.third = third
    }

    func first(where isWanted: (LimitCheck) -> Bool) -> LimitCheck? {
        if let first, isWanted(first) { return first }
        if let second, isWanted(second) { return second }
        if let third, isWanted(third) { return third }
        return nil
    }

    var list: [LimitCheck] { [first, second, third].compactMap(\.self) }
}
