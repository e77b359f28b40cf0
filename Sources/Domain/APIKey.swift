/// A key as the gateway knows it: everything but the key.
public struct APIKey: Hashable, Sendable {
    /// What every key begins with.
    public static let secretPrefix = "sk-aig-"

    public var id: KeyID
    public var accountID: AccountID
    public var name: String
    /// The first characters of the key, so that people can tell keys apart.
    public var prefix: String
    /// Keyed hash of the whole key.
    public var hash: [UInt8]
    public var createdAt: Timestamp
    public var revokedAt: Timestamp?

    public init(
        id: KeyID, accountID: AccountID, name: String, prefix: String, hash: [UInt8],
        createdAt: Timestamp, revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.accountID = accountID
        self.name = name
        self.prefix = prefix
        self.hash = hash
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// An owner of keys. The root account exists from the first start.
public struct Account: Hashable, Sendable {
    public static let root = AccountID("acc_root")

    public var id: AccountID
    public var name: String
    public var createdAt: Timestamp

    public init(id: AccountID, name: String, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }
}
