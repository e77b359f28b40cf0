/// Things that operators define and that are read as a whole: gateways, routes, providers, datasets.
///
/// Called off the loops: implementations may block. What a document says is the business of its room; the store
/// keeps its text.
public protocol DocumentStore: Sendable {
    /// Grows with each change, by whichever process made it.
    func documentGeneration() throws(StoreError) -> Int64
    /// In the order they were made. Without `account`: of all accounts; without `gateway`: of all its gateways.
    func documents(
        _ kind: DocumentKind, account: AccountID?, gateway: GatewayID?
    ) throws(StoreError) -> [StoredDocument]
    func document(_ kind: DocumentKind, _ id: String, account: AccountID) throws(StoreError) -> StoredDocument?
    /// Throws `.duplicate` when the account has one of that kind with the same id, or the same name in its gateway.
    func insert(_ document: StoredDocument) throws(StoreError)
    /// Writes name, body and time of change. Returns whether there is such a document.
    func update(_ document: StoredDocument) throws(StoreError) -> Bool
    /// Returns whether there was one.
    func delete(_ kind: DocumentKind, _ id: String, account: AccountID) throws(StoreError) -> Bool
}

public enum DocumentKind: String, Hashable, Sendable, CaseIterable {
    case gateway
    case route
    case providerConfig = "provider_config"
    case customProvider = "custom_provider"
    case dataset
    case evaluation
    case spendCounters = "spend_counters"
}

public struct StoredDocument: Hashable, Sendable {
    public var kind: DocumentKind
    public var account: AccountID
    /// Nil for what belongs to the account as a whole.
    public var gateway: GatewayID?
    public var id: String
    /// What it is found by, where names are unique: in a gateway, or in the account.
    public var name: String
    /// JSON.
    public var body: String
    public var createdAt: Timestamp
    public var modifiedAt: Timestamp

    public init(
        kind: DocumentKind, account: AccountID, gateway: GatewayID?, id: String, name: String, body: String,
        createdAt: Timestamp, modifiedAt: Timestamp
    ) {
        self.kind = kind
        self.account = account
        self.gateway = gateway
        self.id = id
        self.name = name
        self.body = body
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
    }
}
