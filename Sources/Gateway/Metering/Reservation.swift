public import Domain

/// What is held for one call until it is known what it used. Settled or released once; dropped, it is released.
public struct Reservation: ~Copyable, Sendable {
    /// The most the call will cost its payer.
    public let held: Nanodollars
    public let rates: RateStanding

    /// How the call is charged, for those who must know it while the reservation is with somebody else.
    public let rule: ChargeRule

    private let treasury: Treasury
    private let hold: Hold
    private var isOpen = true

    init(_ hold: Hold, for ask: ReservationRequest, in treasury: Treasury) {
        held = hold.money
        rates = hold.rates
        self.treasury = treasury
        self.hold = hold
        rule = ChargeRule(
            payer: hold.desk.payerID, prices: ask.prices, held: hold.money, isOnOwnKey: ask.isOnOwnKey)
    }

    deinit {
        if isOpen { treasury.release(hold) }
    }

    /// What that usage costs: never more than is held, nothing on one's own vendor key.
    public func charge(for usage: TokenUsage, priceVersion: String?) -> Charge {
        rule.charge(for: usage, priceVersion: priceVersion)
    }

    /// Makes what was held what was spent. To be called once the record with that charge is committed.
    public consuming func settle(_ charge: Charge, tokens: Int) {
        isOpen = false
        treasury.settle(hold, cost: charge.cost, tokens: tokens)
    }

    /// Gives everything back: nothing was used. The request stays counted against requests a minute.
    public consuming func release() {
        isOpen = false
        treasury.release(hold)
    }
}
