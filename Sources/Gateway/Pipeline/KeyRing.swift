public import Crypto
public import Domain
import Synchronization

/// Who is calling, once the key is known to be good.
public struct Principal: Hashable, Sendable {
    public let accountID: AccountID
    public let keyID: KeyID

    public init(accountID: AccountID, keyID: KeyID) {
        self.accountID = accountID
        self.keyID = keyID
    }
}

/// All keys that are good now, by the keyed hash of the whole key. Replaced as a whole when a key changes.
public final class KeyRing: Sendable {
    private let hash: KeyedHash
    private let principals: Mutex<[Digest32: Principal]>

    /// Longer texts are not even hashed.
    private static let maximumKeyBytes = 256

    public init(hash: KeyedHash, keys: [APIKey] = []) {
        self.hash = hash
        principals = Mutex(Self.snapshot(keys))
    }

    public func replace(with keys: [APIKey]) {
        let snapshot = Self.snapshot(keys)
        principals.withLock { $0 = snapshot }
    }

    public var count: Int { principals.withLock { $0.count } }

    public func principal(for presented: String) -> Principal? {
        guard presented.hasPrefix(APIKey.secretPrefix), presented.utf8.count <= Self.maximumKeyBytes else { return nil }
        let digest = hash.hash(presented)
        return principals.withLock { $0[digest] }
    }

    private static func snapshot(_ keys: [APIKey]) -> [Digest32: Principal] {
        var principals: [Digest32: Principal] = [:]
        for key in keys where key.revokedAt == nil {
            guard let digest = Digest32(bytes: key.hash) else { continue }
            principals[digest] = Principal(accountID: key.accountID, keyID: key.id)
        }
        return principals
    }
}
