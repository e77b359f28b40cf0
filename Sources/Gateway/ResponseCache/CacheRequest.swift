public import Domain

/// What makes two requests the same. Credentials and metadata are no part of it, unless by `partition`.
public struct CacheRequest: Sendable {
    public var account: AccountID
    public var gateway: GatewayID
    public var provider: String
    public var method: String
    /// With its query.
    public var path: String
    public var body: [UInt8]
    /// Stands in for all but account, gateway and partition.
    public var customKey: String?
    /// Keeps apart callers who must not see each other's answers.
    public var partition: String?
    /// Whether `stream` and `stream_options` make no difference.
    public var ignoresStreaming: Bool

    public init(
        account: AccountID, gateway: GatewayID, provider: String, method: String, path: String, body: [UInt8],
        customKey: String? = nil, partition: String? = nil, ignoresStreaming: Bool = false
    ) {
        self.account = account
        self.gateway = gateway
        self.provider = provider
        self.method = method
        self.path = path
        self.body = body
        self.customKey = customKey
        self.partition = partition
        self.ignoresStreaming = ignoresStreaming
    }
}
