/// What a call may ask for beside its inputs.
public struct AIRunOptions: Hashable, Sendable {
    /// The gateway to go through. Without one, a vendor's model goes through `default`.
    public var gateway: AIGatewayOptions?
    public var queueRequest: Bool?
    public var rejectIfBusy: Bool?
    public var tags: [String]?
    /// Goes before the model's name, with a colon between them.
    public var prefix: String?
    public var extraHeaders: [String: String]
    /// Further options, which go as they are.
    public var other: [String: AIValue]

    public init(
        gateway: AIGatewayOptions? = nil, queueRequest: Bool? = nil, rejectIfBusy: Bool? = nil, tags: [String]? = nil,
        prefix: String? = nil, extraHeaders: [String: String] = [:], other: [String: AIValue] = [:]
    ) {
        self.gateway = gateway
        self.queueRequest = queueRequest
        self.rejectIfBusy = rejectIfBusy
        self.tags = tags
        self.prefix = prefix
        self.extraHeaders = extraHeaders
        self.other = other
    }
}

/// What a gateway is to do with a call.
public struct AIGatewayOptions: Hashable, Sendable {
    public var id: String?
    public var cacheKey: String?
    public var cacheSeconds: Int?
    public var skipCache: Bool?
    public var metadata: [String: AIValue]?
    public var collectLog: Bool?
    public var eventID: String?
    public var requestTimeoutMilliseconds: Int?
    public var retries: AIRetries?

    public init(
        id: String? = nil, cacheKey: String? = nil, cacheSeconds: Int? = nil, skipCache: Bool? = nil,
        metadata: [String: AIValue]? = nil, collectLog: Bool? = nil, eventID: String? = nil,
        requestTimeoutMilliseconds: Int? = nil, retries: AIRetries? = nil
    ) {
        self.id = id
        self.cacheKey = cacheKey
        self.cacheSeconds = cacheSeconds
        self.skipCache = skipCache
        self.metadata = metadata
        self.collectLog = collectLog
        self.eventID = eventID
        self.requestTimeoutMilliseconds = requestTimeoutMilliseconds
        self.retries = retries
    }
}

/// How often a gateway tries again.
public struct AIRetries: Hashable, Sendable {
    public enum Backoff: String, Hashable, Sendable, CaseIterable {
        case constant
        case linear
        case exponential
    }

    /// One to five, the first included.
    public var maximumAttempts: Int?
    public var delayMilliseconds: Int?
    public var backoff: Backoff?

    public init(maximumAttempts: Int? = nil, delayMilliseconds: Int? = nil, backoff: Backoff? = nil) {
        self.maximumAttempts = maximumAttempts
        self.delayMilliseconds = delayMilliseconds
        self.backoff = backoff
    }
}
