/// A vendor's key that an account brought, as it lies on disk.
public struct VendorKey: Hashable, Sendable {
    public var id: VendorKeyID
    public var accountID: AccountID
    public var provider: ProviderID
    /// What the owner calls it; `default` when nothing was said.
    public var alias: String
    /// How often it is taken beside the other keys of the same vendor.
    public var weight: Int
    /// Sealed under the master key.
    public var sealed: [UInt8]
    /// The last characters, so that people can tell keys apart.
    public var hint: String
    public var createdAt: Timestamp
    public var revokedAt: Timestamp?

    public init(
        id: VendorKeyID, accountID: AccountID, provider: ProviderID, alias: String, weight: Int, sealed: [UInt8],
        hint: String, createdAt: Timestamp, revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.accountID = accountID
        self.provider = provider
        self.alias = alias
        self.weight = weight
        self.sealed = sealed
        self.hint = hint
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}
