public import Domain

/// Answers that were given before. A bounded store of somebody else's; losing an entry costs a call, no more.
public protocol AnswerCache: Sendable {
    /// Whether streams are kept and replayed too.
    var keepsStreams: Bool { get }
    func key(for question: CacheQuestion) -> AnswerKey?
    func answer(_ key: AnswerKey, at now: Timestamp) -> KeptAnswer?
    func keep(_ answer: KeptAnswer, under key: AnswerKey, seconds: Int, at now: Timestamp)
}

/// What makes two requests the same.
public struct CacheQuestion: Sendable {
    public let account: AccountID
    public let gateway: GatewayID
    public let provider: String
    public let method: String
    public let path: String
    public let body: [UInt8]
    /// Stands in for all the rest.
    public let custom: String?
    public let metadata: CallMetadata
    public let principal: KeyID?
    /// Whether the answer is to come as a stream: the two forms are kept apart.
    public let isStream: Bool

    public init(
        account: AccountID, gateway: GatewayID, provider: String, method: String, path: String, body: [UInt8],
        custom: String?, metadata: CallMetadata, principal: KeyID?,
        isStream: Bool = false
    ) {
        self.account = account
        self.gateway = gateway
        self.provider = provider
        self.method = method
        self.path = path
        self.body = body
        self.custom = custom
        self.metadata = metadata
        self.principal = principal
        self.isStream = isStream
    }
}

public struct AnswerKey: Hashable, Sendable {
    public let account: AccountID
    public let gateway: GatewayID
    public let digest: [UInt8]

    public init(account: AccountID, gateway: GatewayID, digest: [UInt8]) {
        self.account = account
        self.gateway = gateway
        self.digest = digest
    }
}

public struct KeptAnswer: Sendable {
    public var status: Int
    public var contentType: String
    public var headers: [(String, String)]
    public var body: [UInt8]
    public var isStream: Bool
    public var isOnOwnKey: Bool
    public var isSandbox: Bool

    public init(
        status: Int, contentType: String, headers: [(String, String)], body: [UInt8], isStream: Bool, isOnOwnKey: Bool,
        isSandbox: Bool = false
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
        self.isStream = isStream
        self.isOnOwnKey = isOnOwnKey
        self.isSandbox = isSandbox
    }
}
