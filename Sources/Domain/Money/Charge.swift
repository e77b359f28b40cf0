/// The prices a call was charged by, in nano-dollars for a million tokens. A part that is nil costs nothing.
public struct TokenPrices: Hashable, Sendable {
    public var input: Int64?
    public var output: Int64?
    /// Prompt tokens from the vendor's cache; at the input price where there is none.
    public var cacheRead: Int64?
    /// Prompt tokens written to the vendor's cache; at the input price where there is none.
    public var cacheWrite: Int64?

    public init(input: Int64? = nil, output: Int64? = nil, cacheRead: Int64? = nil, cacheWrite: Int64? = nil) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
    }

    public init(_ pricing: ModelPricing) {
        self.init(
            input: pricing.inputPerMillion, output: pricing.outputPerMillion, cacheRead: pricing.cacheReadPerMillion,
            cacheWrite: pricing.cacheWritePerMillion)
    }

    /// What that usage costs: computed exactly, rounded once, half a nano-dollar up. Thinking is part of the
    /// completion and not added again. Stops at the largest amount there is.
    public func cost(of usage: TokenUsage) -> Nanodollars {
        let prompt = max(0, usage.promptTokens)
        let cached = min(max(0, usage.cachedPromptTokens), prompt)
        let written = min(max(0, usage.cacheWriteTokens), prompt - cached)
        let parts: [(Int, Int64?)] = [
            (prompt - cached - written, input), (cached, cacheRead ?? input), (written, cacheWrite ?? input),
            (max(0, usage.completionTokens), output),
        ]
        var sum: UInt64 = 0
        for (tokens, price) in parts {
            let (product, tooLarge) = UInt64(tokens).multipliedReportingOverflow(by: UInt64(max(0, price ?? 0)))
            let (next, overflow) = sum.addingReportingOverflow(product)
            guard !tooLarge, !overflow else { return .max }
            sum = next
        }
        return Nanodollars(Int64(sum / 1_000_000 + (sum % 1_000_000 >= 500_000 ? 1 : 0)))
    }
}

/// What a call cost, and how that was reckoned.
public struct Charge: Hashable, Sendable {
    /// Whose wallet pays: the account, or the parent of a sub-account.
    public var payer: AccountID
    /// What the wallet pays.
    public var cost: Nanodollars
    /// What the vendor bills, to us or to the owner of the key. Nil when no price is known.
    public var vendorCost: Nanodollars?
    public var prices: TokenPrices?
    /// Names the price list the prices are from.
    public var priceVersion: String?
    /// The call was made with the caller's own vendor key, and costs the wallet nothing.
    public var isOnOwnKey: Bool

    public init(
        payer: AccountID, cost: Nanodollars = .zero, vendorCost: Nanodollars? = nil, prices: TokenPrices? = nil,
        priceVersion: String? = nil, isOnOwnKey: Bool = false
    ) {
        self.payer = payer
        self.cost = cost
        self.vendorCost = vendorCost
        self.prices = prices
        self.priceVersion = priceVersion
        self.isOnOwnKey = isOnOwnKey
    }

    /// What callers are told: nothing where no price is known, which is not the same as that it was free.
    public var knownCost: Nanodollars? { vendorCost == nil ? nil : cost }

    /// The movements of the charge: the wallet pays what was reserved at most, the house what is beyond.
    public func transfers(to provider: ProviderID) -> [Transfer] {
        guard !isOnOwnKey else { return [] }
        let beyond = (vendorCost ?? cost) - cost
        return [
            Transfer(cost, from: .wallet(payer), to: .vendorCost(provider)),
            Transfer(beyond, from: .shortfall, to: .vendorCost(provider)),
        ].compactMap(\.self)
    }
}
