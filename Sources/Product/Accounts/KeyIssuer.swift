public import Crypto
public import Domain
public import Telemetry

/// Makes, lists and revokes keys. The key itself is known only at the moment it is made.
public struct KeyIssuer: Sendable {
    private let store: any KeyStore
    private let hash: KeyedHash
    private let now: @Sendable () -> Timestamp

    public static let keyPrefix = "sk-aig-"
    private static let randomCharacters = 40
    /// What is kept of a key so that people can tell theirs apart.
    private static let shownCharacters = 12

    public init(store: any KeyStore, hash: KeyedHash, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.hash = hash
        self.now = now
    }

    public struct Issued: Sendable {
        public let key: APIKey
        public let secret: Secret
    }

    public func issue(name: String, account: AccountID = Account.root) throws(StoreError) -> Issued {
        let secret = Self.keyPrefix + SecureRandom.base62(length: Self.randomCharacters)
        let key = APIKey(
            id: KeyID("key_" + SecureRandom.base62(length: 16)), accountID: account, name: name,
            prefix: String(secret.prefix(Self.shownCharacters)), hash: hash.hash(secret).bytes, createdAt: now())
        try store.insert(key)
        return Issued(key: key, secret: Secret(secret))
    }

    /// Returns whether there was such a key, still good.
    public func revoke(_ id: KeyID) throws(StoreError) -> Bool {
        try store.revoke(id, at: now())
    }

    public func keys() throws(StoreError) -> [APIKey] {
        try store.allKeys()
    }

    /// The account that owns everything at first. Returns its first key when it was made just now.
    public func establishRoot() throws(StoreError) -> Issued? {
        guard try store.account(Account.root) == nil else { return nil }
        try store.insert(Account(id: Account.root, name: "root", createdAt: now()))
        return try issue(name: "root")
    }
}
