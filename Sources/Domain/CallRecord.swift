/// How a call ended, seen from the client.
public enum CallOutcome: String, Hashable, Sendable, CaseIterable {
    /// The whole answer went out.
    case complete
    /// A stream broke after its first byte: the upstream failed.
    case partial
    /// The client left before the end.
    case cancelled
    /// The client got an error instead of an answer.
    case failed
}

/// One row for each call that passed the door. What was answered was recorded.
public struct CallRecord: Hashable, Sendable {
    public var requestID: RequestID
    public var accountID: AccountID
    public var keyID: KeyID
    public var model: ModelID
    /// Who answered: a vendor, or `sandbox`.
    public var provider: ProviderID
    /// The model's name in the vendor's own words.
    public var upstreamModel: String
    public var startedAt: Timestamp
    public var durationMicroseconds: Int64
    /// From the start to the first byte of the upstream's answer; nil when there was none.
    public var firstByteMicroseconds: Int64?
    public var streamed: Bool
    public var outcome: CallOutcome
    /// The status the client was sent.
    public var status: Int
    /// The machine word of the error, when there was one.
    public var errorReason: String?
    public var usage: TokenUsage
    public var usageSource: UsageSource
    /// What the caller wants the call's cost found under.
    public var tag: String?
    public var charge: Charge

    public init(
        requestID: RequestID, accountID: AccountID, keyID: KeyID, model: ModelID,
        provider: ProviderID, upstreamModel: String, startedAt: Timestamp,
        durationMicroseconds: Int64, firstByteMicroseconds: Int64?, streamed: Bool,
        outcome: CallOutcome, status: Int, errorReason: String?, usage: TokenUsage,
        usageSource: UsageSource, tag: String? = nil, charge: Charge? = nil
    ) {
        self.requestID = requestID
        self.accountID = accountID
        self.keyID = keyID
        self.model = model
        self.provider = provider
        self.upstreamModel = upstreamModel
        self.startedAt = startedAt
        self.durationMicroseconds = durationMicroseconds
        self.firstByteMicroseconds = firstByteMicroseconds
        self.streamed = streamed
        self.outcome = outcome
        self.status = status
        self.errorReason = errorReason
        self.usage = usage
        self.usageSource = usageSource
        self.tag = tag
        self.charge = charge ?? Charge(payer: accountID)
    }
}
