import Domain
public import Telemetry

/// Seals secrets for the place they lie in, and opens them there and nowhere else.
public protocol Sealer: Sendable {
    func seal(_ secret: Secret, for place: SealedPlace) -> [UInt8]
    func open(_ sealed: [UInt8], for place: SealedPlace) throws(VaultError) -> Secret
    /// False when it is to be sealed anew, for the master key was replaced.
    func isCurrent(_ sealed: [UInt8], for place: SealedPlace) -> Bool
}

/// What a sealed secret is tied to.
public struct SealedPlace: Hashable, Sendable {
    /// Each part with its length before it, so that no two places are spelt alike.
    let spelling: [UInt8]

    /// - Parameters:
    ///   - kind: What sort of secret it is.
    ///   - parts: What tells it from all others of its kind, its owner among them.
    public init(_ kind: StaticString, _ parts: [String]) {
        spelling = ([kind.description] + parts).flatMap { part in
            Array("\(part.utf8.count):".utf8) + Array(part.utf8)
        }
    }

    init(_ id: VendorKeyID, _ account: AccountID, _ provider: ProviderID) {
        self.init("vendor key", [id.rawValue, account.rawValue, provider.rawValue])
    }
}

/// Seals with the vault there is at the moment: the master key may be replaced while the gateway runs.
public struct LiveSealer: Sealer {
    private let vault: @Sendable () -> VendorKeyVault

    public init(_ vault: @escaping @Sendable () -> VendorKeyVault) {
        self.vault = vault
    }

    public func seal(_ secret: Secret, for place: SealedPlace) -> [UInt8] { vault().seal(secret, for: place) }

    public func open(_ sealed: [UInt8], for place: SealedPlace) throws(VaultError) -> Secret {
        try vault().open(sealed, for: place)
    }

    public func isCurrent(_ sealed: [UInt8], for place: SealedPlace) -> Bool { vault().isCurrent(sealed, for: place) }
}
