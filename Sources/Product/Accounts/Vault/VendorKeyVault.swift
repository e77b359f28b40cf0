import Crypto
public import Domain
public import Telemetry

/// Seals vendors' keys for the store, and opens them again.
///
/// A key is sealed for its row: under another id, account or vendor it does not open. So a row that somebody with
/// access to the store copies to an account of their own is worth nothing, and a key is never sent to another vendor.
public struct VendorKeyVault: Sendable {
    public static let masterKeyByteCount = KeyedHash.keyByteCount
    /// Older master keys that are tried beside the current one.
    public static let mostOlderKeys = 8

    private let current: MasterKey
    private let older: [MasterKey]

    /// - Parameters:
    ///   - current: What keys are sealed under from now on.
    ///   - older: What keys may still be sealed under, until everything has been resealed.
    public init(current: [UInt8], older: [[UInt8]] = []) throws(VaultError) {
        guard older.count <= Self.mostOlderKeys else { throw .tooManyMasterKeys(limit: Self.mostOlderKeys) }
        self.current = try MasterKey(current)
        var others: [MasterKey] = []
        for bytes in older where bytes != current { others.append(try MasterKey(bytes)) }
        self.older = others
    }

    /// The bytes of a master key written as 64 hexadecimal digits or as base64.
    public static func masterKey(from text: String) throws(VaultError) -> [UInt8] {
        let readings = [Hex.decode(text), Base64.decode(text), Base64.decode(text, .urlSafe)]
        guard let bytes = readings.compactMap(\.self).first(where: { $0.count == masterKeyByteCount }) else {
            throw .notAMasterKey
        }
        return bytes
    }

    public func seal(
        _ secret: Secret, as id: VendorKeyID, of account: AccountID, for provider: ProviderID
    ) -> [UInt8] {
        seal(secret, for: SealedPlace(id, account, provider))
    }

    /// The key of a row, sealed under the current master key or an older one.
    public func open(_ key: VendorKey) throws(VaultError) -> Secret {
        try open(key.sealed, for: SealedPlace(key.id, key.accountID, key.provider))
    }

    public func isSealedUnderCurrent(_ key: VendorKey) -> Bool {
        isCurrent(key.sealed, for: SealedPlace(key.id, key.accountID, key.provider))
    }
}

extension VendorKeyVault: Sealer {
    /// One byte that tells the master key, then the box.
    public func seal(_ secret: Secret, for place: SealedPlace) -> [UInt8] {
        [current.mark] + current.box(for: place).seal(Array(secret.reveal().utf8))
    }

    public func open(_ sealed: [UInt8], for place: SealedPlace) throws(VaultError) -> Secret {
        guard let mark = sealed.first else { throw .notAuthentic }
        // Two master keys have the same mark once in 256 times: all that have it are tried.
        let candidates = ([current] + older).filter { $0.mark == mark }
        guard !candidates.isEmpty else { throw .unknownMasterKey }
        for candidate in candidates {
            if let secret = candidate.open(sealed, for: place) { return secret }
        }
        throw .notAuthentic
    }

    public func isCurrent(_ sealed: [UInt8], for place: SealedPlace) -> Bool {
        sealed.first == current.mark && current.open(sealed, for: place) != nil
    }
}

/// Why a vendor's key cannot be sealed or opened.
public enum VaultError: Error, Hashable, Sendable, CustomStringConvertible {
    case notAMasterKey
    case tooManyMasterKeys(limit: Int)
    /// Sealed under a master key that is none of those given.
    case unknownMasterKey
    /// Damaged, or sealed for another row.
    case notAuthentic

    public var description: String {
        switch self {
        case .notAMasterKey:
            "the master key must be \(VendorKeyVault.masterKeyByteCount) bytes, as hexadecimal digits or base64"
        case .tooManyMasterKeys(let limit): "no more than \(limit) older master keys can be given"
        case .unknownMasterKey: "the secret is sealed under a master key that is not given"
        case .notAuthentic: "the sealed secret is damaged or belongs elsewhere"
        }
    }
}

private struct MasterKey: Sendable {
    /// Tells master keys apart without telling anything about them.
    let mark: UInt8
    private let hash: KeyedHash

    init(_ bytes: [UInt8]) throws(VaultError) {
        guard let hash = try? KeyedHash(key: bytes) else { throw .notAMasterKey }
        self.hash = hash
        mark = hash.hash("mark").bytes[0]
    }

    /// A box of its own for each place: the hash under the master key is its key.
    func box(for place: SealedPlace) -> SecretBox {
        guard let box = try? SecretBox(key: hash.hash(place.spelling).bytes) else {
            preconditionFailure("a hash is as long as the key of a box")
        }
        return box
    }

    func open(_ sealed: [UInt8], for place: SealedPlace) -> Secret? {
        guard let bytes = try? box(for: place).open(Array(sealed.dropFirst())) else { return nil }
        return String(validating: bytes, as: UTF8.self).map { Secret($0) }
    }
}
