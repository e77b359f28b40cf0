import Domain

extension Book {
    /// The same checks as a reservation makes. Takes nothing, and makes no places.
    mutating func wouldAdmit(_ ask: ReservationRequest, now: Timestamp) -> (report: Report, refusal: Refusal?) {
        time.advance(to: now)
        let desk = visitorDesk(of: ask.principal)
        let scopes = scopes(of: ask)
        var claim = Claim(ask, at: desk)
        if let tag = scopes[Seats.tag] { claim.seats[Seats.tag] = places[tag] ?? 0 }
        for seat in Seats.all { states[claim.seats[seat]].turn(to: time) }
        var entries = Seats.all.compactMap { seat in
            scopes[seat].map { entry(at: seat, of: claim, scope: $0) }
        }
        if let wallet = walletCheck(of: claim) { entries.append(walletEntry(wallet, of: claim)) }
        return (
            Report(worstCase: claim.money, tokens: claim.tokens, entries: entries),
            tagRefusal(of: ask) ?? firstRefusal(of: claim)
        )
    }

    struct Report {
        let worstCase: Nanodollars
        let tokens: Int64
        let entries: [AdmissionReport.Entry]
    }

    private func scopes(of ask: ReservationRequest) -> [LimitScope?] {
        let principal = ask.principal
        return [
            .key(principal.keyID), .account(principal.accountID), principal.parent.map { .account($0.id) },
            ask.tag.map { .tag(principal.payer.id, $0) },
        ]
    }

    private func entry(at seat: Int, of claim: Claim, scope: LimitScope) -> AdmissionReport.Entry {
        let state = states[claim.seats[seat]]
        let limits = claim.limits(at: seat) ?? .none
        return AdmissionReport.Entry(
            holder: claim.holder(at: seat), scope: scope, spentToday: state.spentToday,
            spentMonth: state.spentMonth, held: state.held, callsUnderWay: state.underWay,
            checks: rateChecks(at: seat, of: claim, limits).list + moneyChecks(at: seat, of: claim, limits).list)
    }

    private func walletEntry(_ check: LimitCheck, of claim: Claim) -> AdmissionReport.Entry {
        let state = states[claim.payer]
        return AdmissionReport.Entry(
            holder: .wallet, scope: nil, spentToday: state.spentToday, spentMonth: state.spentMonth,
            held: state.held, callsUnderWay: state.underWay, checks: [check])
    }
}
