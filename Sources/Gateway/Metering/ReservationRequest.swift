public import Domain

/// What a call asks for before it is made.
public struct ReservationRequest: Sendable {
    public var principal: Principal
    /// The tag the call counts for, an account's default tag included.
    public var tag: String?
    /// No fewer than the vendor will count.
    public var promptTokens: Int
    /// The most the answer may have.
    public var outputTokens: Int
    /// Nil for what costs nothing.
    public var prices: TokenPrices?
    /// The vendor bills the caller: no money is held.
    public var isOnOwnKey: Bool

    public init(
        principal: Principal, tag: String? = nil, promptTokens: Int, outputTokens: Int, prices: TokenPrices?,
        isOnOwnKey: Bool = false
    ) {
        self.principal = principal
        self.tag = tag
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.prices = prices
        self.isOnOwnKey = isOnOwnKey
    }

    /// The tag, unless somebody who manages the account or its payer made it: such tags are few.
    var chosenTag: String? {
        guard let tag, tag != principal.account.defaultTag, principal.budgets[tag] == nil else { return nil }
        return tag
    }

    /// What is held for the call.
    var money: Nanodollars {
        guard !isOnOwnKey, let prices else { return .zero }
        return min(prices.worstCase(promptTokens: promptTokens, outputTokens: outputTokens), Book.greatestHold)
    }

    /// What the call may count for at most; no more than there are numbers.
    var tokens: Int64 {
        let (sum, overflow) = max(0, promptTokens).addingReportingOverflow(max(0, outputTokens))
        return overflow ? .max : Int64(sum)
    }
}
