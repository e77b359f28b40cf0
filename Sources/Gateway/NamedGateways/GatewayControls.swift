public import Domain

/// What a caller, or one step of a request, wants done otherwise than its gateway does. Nil leaves it to the gateway.
public struct GatewayControls: Hashable, Sendable {
    public var skipCache: Bool?
    /// Seconds; 0 for off.
    public var cacheTTL: Int?
    public var cacheKey: String?
    public var collectLog: Bool?
    /// Whether bodies are kept with the log.
    public var collectPayload: Bool?
    public var metadata: CallMetadata?
    public var eventID: String?
    public var timeoutMilliseconds: UInt64?
    public var maximumAttempts: Int?
    public var retryDelayMilliseconds: UInt64?
    public var backoff: RetryPlan.Backoff?
    public var customCost: CustomCost?
    /// Which of the stored vendor keys.
    public var keyAlias: String?
    public var keepsNothing: Bool?
    /// Forbids paying through the wallet.
    public var forbidsWallet: Bool?
    /// 32 hexadecimal digits.
    public var traceID: String?
    /// 16 hexadecimal digits.
    public var parentSpanID: String?

    public init() {}

    /// These, and where they say nothing the others.
    public func over(_ others: GatewayControls) -> GatewayControls {
        var merged = others
        merged.skipCache = skipCache ?? others.skipCache
        merged.cacheTTL = cacheTTL ?? others.cacheTTL
        merged.cacheKey = cacheKey ?? others.cacheKey
        merged.collectLog = collectLog ?? others.collectLog
        merged.collectPayload = collectPayload ?? others.collectPayload
        merged.metadata = metadata ?? others.metadata
        merged.eventID = eventID ?? others.eventID
        merged.timeoutMilliseconds = timeoutMilliseconds ?? others.timeoutMilliseconds
        merged.maximumAttempts = maximumAttempts ?? others.maximumAttempts
        merged.retryDelayMilliseconds = retryDelayMilliseconds ?? others.retryDelayMilliseconds
        merged.backoff = backoff ?? others.backoff
        merged.customCost = customCost ?? others.customCost
        merged.keyAlias = keyAlias ?? others.keyAlias
        merged.keepsNothing = keepsNothing ?? others.keepsNothing
        merged.forbidsWallet = forbidsWallet ?? others.forbidsWallet
        merged.traceID = traceID ?? others.traceID
        merged.parentSpanID = parentSpanID ?? others.parentSpanID
        return merged
    }
}

/// What a caller says a call costs, for the log alone.
public struct CustomCost: Hashable, Sendable {
    /// Wins over all rates.
    public var total: Nanodollars?
    /// For a million tokens.
    public var input: Nanodollars?
    public var output: Nanodollars?
    public var cacheRead: Nanodollars?
    public var cacheWrite: Nanodollars?

    public init() {}
}
