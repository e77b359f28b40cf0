public import Domain
public import Telemetry

/// Keeps vendors' keys that accounts brought, sealed. Called off the loops. What goes in never comes out here.
public protocol VendorKeyBook: Sendable {
    /// Those of one account that are not revoked, the oldest first.
    func keys(of account: AccountID) throws(StoreError) -> [VendorKey]
    func attach(
        _ secret: Secret, to account: AccountID, provider: ProviderID, alias: String, weight: Int
    ) throws(GatewayError) -> VendorKey
    /// Nil leaves a part as it is. Throws `objectNotFound` for a key of another account.
    func change(
        _ id: VendorKeyID, of account: AccountID, secret: Secret?, alias: String?, weight: Int?
    ) throws(GatewayError) -> VendorKey
    func revoke(_ id: VendorKeyID, of account: AccountID) throws(GatewayError)
}
