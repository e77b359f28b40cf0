/// One call through a named gateway, as its log keeps it.
public struct GatewayLogEntry: Hashable, Sendable {
    /// A ULID: ids sort by their time.
    public var id: LogID
    public var account: AccountID
    public var gateway: GatewayID
    public var createdAt: Timestamp
    public var requestID: RequestID
    public var eventID: String?
    public var provider: String
    /// `provider/model`.
    public var model: String
    /// What the model is for, such as `text`.
    public var modelType: String?
    public var path: String
    public var durationMilliseconds: Int64
    public var requestType: String?
    public var requestContentType: String?
    public var responseContentType: String?
    public var statusCode: Int
    public var isSuccess: Bool
    public var isCached = false
    public var tokensIn: Int64 = 0
    public var tokensOut: Int64 = 0
    /// Nil where no price is known.
    public var cost: Nanodollars?
    public var isCustomCost = false
    public var metadata = CallMetadata()
    /// Which of the steps of a universal request, from 0.
    public var step: Int?
    /// 1, -1 or nil.
    public var feedback: Int?
    /// 0 to 100.
    public var score: Int?
    public var isAuthenticated = true
    /// Paid through the wallet rather than with a key of the caller's own.
    public var isWholesale = false
    public var isOnOwnKey = false
    public var isCompatibilityMode = false
    public var userAgent: String?
    /// `FLAG` or `BLOCK`, when something was found.
    public var dlpAction: String?
    /// What was found and by which rules, as JSON; never the text itself.
    public var dlpFindings: String?
    /// Hazards that were found and let pass, such as `S1,S10`.
    public var guardrails: String?
    /// The code of the gateway's own refusal.
    public var errorCode: Int?
    public var requestSize: Int64 = 0
    public var responseSize: Int64 = 0

    public init(
        id: LogID, account: AccountID, gateway: GatewayID, createdAt: Timestamp, requestID: RequestID,
        provider: String, model: String, path: String, durationMilliseconds: Int64, statusCode: Int, isSuccess: Bool
    ) {
        self.id = id
        self.account = account
        self.gateway = gateway
        self.createdAt = createdAt
        self.requestID = requestID
        self.provider = provider
        self.model = model
        self.path = path
        self.durationMilliseconds = durationMilliseconds
        self.statusCode = statusCode
        self.isSuccess = isSuccess
    }
}

/// What was sent and answered. Kept apart from the index, and not for ever.
public struct LogBodies: Hashable, Sendable {
    public var request: [UInt8]?
    /// Of a stream: its events as they were sent.
    public var response: [UInt8]?
    public var isResponseStream: Bool

    public init(request: [UInt8]? = nil, response: [UInt8]? = nil, isResponseStream: Bool = false) {
        self.request = request
        self.response = response
        self.isResponseStream = isResponseStream
    }
}

/// What people add to a log entry later. Nil leaves a field alone.
public struct LogPatch: Hashable, Sendable {
    /// `.some(nil)` takes the value away.
    public var feedback: Int??
    public var score: Int??
    public var metadata: CallMetadata??

    public init(feedback: Int?? = nil, score: Int?? = nil, metadata: CallMetadata?? = nil) {
        self.feedback = feedback
        self.score = score
        self.metadata = metadata
    }
}
