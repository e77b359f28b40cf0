import Accounts
import Domain
import Telemetry

extension VendorKey {
    /// A row for tests, sealed by that vault.
    static func row(
        _ id: String, _ account: String = "acc_1", _ provider: String = "openai", secret: String = "sk-vendor-1",
        alias: String = "default", weight: Int = 1, revoked: Bool = false, by vault: VendorKeyVault
    ) -> VendorKey {
        let id = VendorKeyID(id)
        let account = AccountID(account)
        let provider = ProviderID(provider)
        return VendorKey(
            id: id, accountID: account, provider: provider, alias: alias, weight: weight,
            sealed: vault.seal(Secret(secret), as: id, of: account, for: provider), hint: "",
            createdAt: Timestamp(seconds: 1), revokedAt: revoked ? Timestamp(seconds: 2) : nil)
    }
}
