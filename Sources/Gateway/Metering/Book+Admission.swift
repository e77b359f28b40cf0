import Domain

/// What was taken for a call, to be given back.
struct Hold: Sendable {
    let desk: Desk
    let seats: Seats
    let money: Nanodollars
    let tokens: Int64
    /// When the tokens were counted.
    let second: Int64
    /// The seats in whose windows they were.
    var seatsWithTokens: SIMD4<UInt8> = .zero
    var rates = RateStanding()
}

/// A call that wants in: where it sits and what it wants.
struct Claim {
    let desk: Desk
    var seats: Seats
    /// Of the budget for the call's tag; nil when there is none.
    var tagLimits: Limits?
    var tagIsBinding = false
    let money: Nanodollars
    let tokens: Int64

    init(_ ask: ReservationRequest, at desk: Desk) {
        self.desk = desk
        seats = desk.seats
        money = ask.money
        tokens = ask.tokens
        guard let tag = ask.tag, let budget = ask.principal.budgets[tag] else { return }
        tagLimits = budget.limits
        tagIsBinding = budget.action == .block
    }

    /// Where the wallet is that pays, if it has a place.
    var payer: Int { seats[desk.parentLimits == nil ? Seats.account : Seats.parent] }

    var isLimited: Bool { desk.hasLimits || tagLimits != nil }

    /// Nil where there is nobody on the seat.
    func limits(at seat: Int) -> Limits? {
        switch seat {
        case Seats.key: desk.keyLimits
        case Seats.account: desk.accountLimits
        case Seats.parent: desk.parentLimits
        default: tagLimits
        }
    }

    func holder(at seat: Int) -> LimitHolder {
        switch seat {
        case Seats.key: .key
        case Seats.account: desk.parentLimits == nil ? .account : .subAccount
        case Seats.parent: .account
        default: .tag
        }
    }

    func isBinding(at seat: Int) -> Bool { seat != Seats.tag || tagIsBinding }
}

extension Book {
    /// Takes all that a call may need, or nothing.
    mutating func reserve(_ ask: ReservationRequest, now: Timestamp) throws(Refusal) -> Hold {
        time.advance(to: now)
        sweepIfDue()
        if let refusal = tagRefusal(of: ask) { throw refusal }
        let claim = try claim(of: ask)
        for seat in Seats.all where claim.seats[seat] != 0 { states[claim.seats[seat]].turn(to: time) }
        if let refusal = firstRefusal(of: claim) { throw refusal }
        if claim.money > .zero {
            for seat in Seats.all where states[claim.seats[seat]].held > .max - claim.money { throw .full }
        }
        let hold = take(claim)
        if let tag = ask.chosenTag { tagDay.insert(tag, of: ask.principal.payer.id, at: time) }
        return hold
    }

    /// A tag too many makes a call one that cannot be made, whatever limits there are.
    func tagRefusal(of ask: ReservationRequest) -> Refusal? {
        guard let tag = ask.chosenTag else { return nil }
        return switch tagDay.verdict(on: tag, of: ask.principal.payer.id, at: time, bounds) {
        case .known, .new: nil
        case .tooMany: .tooManyTags(bounds.tagsPerDay)
        case .full: .full
        }
    }

    private mutating func claim(of ask: ReservationRequest) throws(Refusal) -> Claim {
        let desk = try desk(of: ask.principal)
        var claim = Claim(ask, at: desk)
        guard let tag = ask.tag, claim.tagLimits != nil || claim.money > .zero else { return claim }
        let hasBudget = claim.tagLimits != nil
        let scope = LimitScope.tag(desk.payerID, tag)
        if hasBudget, places[scope] == nil, scopeCount >= bounds.scopes { throw .full }
        claim.seats[Seats.tag] = tagPlace(scope, payer: claim.payer, hasBudget: hasBudget) ?? 0
        return claim
    }

    private mutating func take(_ claim: Claim) -> Hold {
        var hold = Hold(
            desk: claim.desk, seats: claim.seats, money: claim.money, tokens: claim.tokens, second: time.second)
        for seat in Seats.all where claim.seats[seat] != 0 {
            let place = claim.seats[seat]
            states[place].held += claim.money
            states[place].underWay += 1
            if claim.isLimited, let limits = claim.limits(at: seat) {
                states[place].openWindows(for: limits, at: time.second)
            }
            _ = states[place].requests?.add(1)
            if states[place].tokens?.add(claim.tokens) == true { hold.seatsWithTokens[seat] = 1 }
        }
        if claim.isLimited { hold.rates = rates(of: claim) }
        return hold
    }

    /// The tightest limits a minute, as they are now.
    private func rates(of claim: Claim) -> RateStanding {
        var requests: RateStanding.Rate?
        var tokens: RateStanding.Rate?
        for seat in Seats.all where claim.isBinding(at: seat) {
            guard let limits = claim.limits(at: seat) else { continue }
            let state = states[claim.seats[seat]]
            requests = Self.tighter(requests, state.requests, limit: limits.requestsPerMinute)
            tokens = Self.tighter(tokens, state.tokens, limit: limits.tokensPerMinute)
        }
        return RateStanding(requests: requests, tokens: tokens)
    }

    private static func tighter(
        _ known: RateStanding.Rate?, _ window: RateWindow?, limit: Int?
    ) -> RateStanding.Rate? {
        guard let limit, let window else { return known }
        let remaining = max(0, max(0, limit) - Int(window.total))
        if let known, known.remaining <= remaining { return known }
        return RateStanding.Rate(limit: limit, remaining: remaining, secondsToReset: window.secondsToNext)
    }
}
