import Crypto
public import Domain
import Synchronization
public import Telemetry

/// Takes vendors' keys in, changes and revokes them. Called off the loops: the store may block.
///
/// Every change goes through here one at a time, so that none is lost between reading a row and writing it.
public final class VendorKeyKeeper: Sendable {
    private let store: any KeyStore
    /// Asked for each time: the master key may change while the gateway runs.
    private let vault: @Sendable () -> VendorKeyVault
    private let now: @Sendable () -> Timestamp
    private let turn = Mutex(())

    public static let defaultAlias = "default"
    /// One account may bring so many keys.
    public static let mostKeysOfAnAccount = 100
    public static let longestSecretBytes = 4 << 10
    public static let longestAliasBytes = 64
    public static let greatestWeight = 1_000
    /// A key must be this long before its end is shown.
    private static let shortestHintedSecret = 16
    private static let hintCharacters = 4

    public convenience init(store: any KeyStore, vault: VendorKeyVault, now: @escaping @Sendable () -> Timestamp) {
        self.init(store: store, vault: { vault }, now: now)
    }

    public init(
        store: any KeyStore, vault: @escaping @Sendable () -> VendorKeyVault, now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.vault = vault
        self.now = now
    }

    /// What is to become different; nil leaves it as it is.
    public struct Change: Sendable {
        public var secret: Secret?
        public var alias: String?
        public var weight: Int?

        public init(secret: Secret? = nil, alias: String? = nil, weight: Int? = nil) {
            self.secret = secret
            self.alias = alias
            self.weight = weight
        }
    }

    public func attach(
        _ secret: Secret, to account: AccountID, provider: ProviderID, alias: String = defaultAlias, weight: Int = 1
    ) throws(GatewayError) -> VendorKey {
        var key = VendorKey(
            id: VendorKeyID("vk_" + SecureRandom.base62(length: 16)), accountID: account, provider: provider,
            alias: alias, weight: weight, sealed: [], hint: "", createdAt: now())
        try apply(Change(secret: secret, alias: alias, weight: weight), to: &key)
        let complete = key
        return try inTurn { [store] () throws(StoreError) -> VendorKey? in
            let others = try store.vendorKeys().filter { $0.accountID == account && $0.revokedAt == nil }
            guard others.count < Self.mostKeysOfAnAccount else { return nil }
            try store.insert(complete)
            return complete
        } orElse: {
            GatewayError(.conflict, "An account can have \(Self.mostKeysOfAnAccount) vendor keys at most.")
        }
    }

    public func change(
        _ id: VendorKeyID, of account: AccountID, _ change: Change
    ) throws(GatewayError) -> VendorKey {
        // Checked before the turn, against nothing that could change.
        var probe = VendorKey(
            id: id, accountID: account, provider: ProviderID(""), alias: "", weight: 0, sealed: [], hint: "",
            createdAt: now())
        try apply(change, to: &probe)
        return try inTurn { [self] () throws(StoreError) -> VendorKey? in
            guard var key = try key(id, of: account) else { return nil }
            try? apply(change, to: &key)
            return try store.update(key) ? key : nil
        } orElse: {
            Self.notFound
        }
    }

    public func revoke(_ id: VendorKeyID, of account: AccountID) throws(GatewayError) {
        _ = try inTurn { [self] () throws(StoreError) -> Bool? in
            guard try key(id, of: account) != nil else { return nil }
            return try store.revoke(id, at: now()) ? true : nil
        } orElse: {
            Self.notFound
        }
    }

    /// The oldest first, without those revoked.
    public func keys(of account: AccountID) throws(StoreError) -> [VendorKey] {
        try store.vendorKeys().filter { $0.accountID == account && $0.revokedAt == nil }
            .sorted { ($0.createdAt, $0.id.rawValue) < ($1.createdAt, $1.id.rawValue) }
    }

    /// Seals everything under the current master key. Calls go on meanwhile; changes wait for it.
    public func reseal() throws(StoreError) -> ResealReport {
        try turn.withLock { _ throws(StoreError) in try vault().reseal(all: store) }
    }

    // MARK: Within a turn

    private func key(_ id: VendorKeyID, of account: AccountID) throws(StoreError) -> VendorKey? {
        try store.vendorKeys().first { $0.id == id && $0.accountID == account && $0.revokedAt == nil }
    }

    private func inTurn<Value>(
        _ work: () throws(StoreError) -> Value?, orElse refusal: () -> GatewayError
    ) throws(GatewayError) -> Value {
        let value: Value?
        do throws(StoreError) {
            value = try turn.withLock { _ throws(StoreError) in try work() }
        } catch {
            throw GatewayError(.recordFailed, "The vendor key could not be written. Try again.")
        }
        guard let value else { throw refusal() }
        return value
    }

    private static var notFound: GatewayError { GatewayError(.objectNotFound, "There is no such vendor key.") }

    // MARK: Values

    private func apply(_ change: Change, to key: inout VendorKey) throws(GatewayError) {
        if let alias = change.alias {
            guard !alias.isEmpty, alias.utf8.count <= Self.longestAliasBytes, Self.isOneLine(alias) else {
                throw GatewayError(
                    .invalidValue, "An alias has 1 to \(Self.longestAliasBytes) bytes in one line.", param: "alias")
            }
            key.alias = alias
        }
        if let weight = change.weight {
            guard (0...Self.greatestWeight).contains(weight) else {
                throw GatewayError(
                    .invalidValue, "A weight is a whole number from 0 to \(Self.greatestWeight).", param: "weight")
            }
            key.weight = weight
        }
        if let secret = change.secret {
            let text = secret.reveal()
            // Control characters would end the header field that the key is sent in.
            guard !text.isEmpty, text.utf8.count <= Self.longestSecretBytes, Self.isOneLine(text) else {
                throw GatewayError(
                    .invalidValue, "A vendor key has 1 to \(Self.longestSecretBytes) bytes in one line.",
                    param: "key")
            }
            key.sealed = vault().seal(secret, as: key.id, of: key.accountID, for: key.provider)
            key.hint = text.count >= Self.shortestHintedSecret ? String(text.suffix(Self.hintCharacters)) : ""
        }
    }

    private static func isOneLine(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
