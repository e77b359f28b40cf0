public import Crypto
public import Domain
public import Telemetry

/// Makes, lists and revokes keys. The key itself is known only at the moment it is made.
public struct KeyIssuer: Sendable {
    private let store: any KeyStore
    private let hash: KeyedHash
    private let now: @Sendable () -> Timestamp

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

    public func issue(
        name: String, account: AccountID = Account.root, role: Role = .member, scope: KeyScope = KeyScope(),
        replaces: KeyID? = nil
    ) throws(StoreError) -> Issued {
        let issued = make(name: name, account: account, role: role, scope: scope, replaces: replaces)
        try store.insert(issued.key)
        return issued
    }

    /// A key that is good once it is written.
    func make(
        name: String, account: AccountID, role: Role, scope: KeyScope = KeyScope(), replaces: KeyID? = nil
    ) -> Issued {
        let secret = APIKey.secretPrefix + SecureRandom.base62(length: Self.randomCharacters)
        let key = APIKey(
            id: KeyID("key_" + SecureRandom.base62(length: 16)), accountID: account, name: name,
            prefix: String(secret.prefix(Self.shownCharacters)), hash: hash.hash(secret).bytes, createdAt: now(),
            role: role, scope: scope, replaces: replaces)
        return Issued(key: key, secret: Secret(secret))
    }

    /// For what must be known again and need not be kept.
    func digest(_ text: String) -> [UInt8] { hash.hash(text).bytes }
    func digest(_ bytes: [UInt8]) -> [UInt8] { hash.hash(bytes).bytes }

    /// Returns whether there was such a key, still good.
    public func revoke(_ id: KeyID) throws(StoreError) -> Bool {
        try store.revoke(id, at: now())
    }

    public func keys() throws(StoreError) -> [APIKey] {
        try store.allKeys()
    }

    /// Makes the account that owns everything at first, and its first key. Returns the key when it was made just now.
    ///
    /// The secret is handed to `keep` before the key is good, so a process that ends in between leaves no key that
    /// nobody knows; the next start begins anew.
    public func establishRoot<Failure: Error>(
        keep: (Secret) throws(Failure) -> Void
    ) throws(RootFailure<Failure>) -> Issued? {
        do throws(StoreError) {
            if try store.account(Account.root) == nil { try insertRoot() }
            guard try store.allKeys().isEmpty else { return nil }
        } catch {
            throw .store(error)
        }
        let issued = make(name: "root", account: Account.root, role: .root)
        do throws(Failure) { try keep(issued.secret) } catch { throw .keep(error) }
        do throws(StoreError) { try store.insert(issued.key) } catch { throw .store(error) }
        return issued
    }

    public enum RootFailure<Failure: Error>: Error {
        case store(StoreError)
        case keep(Failure)
    }

    private func insertRoot() throws(StoreError) {
        do {
            try store.insert(Account(id: Account.root, name: "root", createdAt: now(), plan: .postpaid))
        } catch .duplicate {
            // Another process was faster; its account is the account.
        }
    }
}
