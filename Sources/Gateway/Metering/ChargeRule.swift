public import Domain

/// How one call is charged: what it costs, never more than is held, and nothing on one's own vendor key.
public struct ChargeRule: Sendable {
    let payer: AccountID
    let prices: TokenPrices?
    let held: Nanodollars
    let isOnOwnKey: Bool

    public func charge(for usage: TokenUsage, priceVersion: String?) -> Charge {
        let vendorCost = prices?.cost(of: usage)
        return Charge(
            payer: payer, cost: isOnOwnKey ? .zero : min(vendorCost ?? .zero, held), vendorCost: vendorCost,
            prices: prices, priceVersion: priceVersion, isOnOwnKey: isOnOwnKey)
    }
}
