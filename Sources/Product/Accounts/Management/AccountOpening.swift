import Domain

/// Makes an account together with its first key.
struct AccountOpening {
    let store: any KeyStore
    let issuer: KeyIssuer
    let now: @Sendable () -> Timestamp

    func open(_ account: Account, role: Role) throws(GatewayError) -> OpenedAccount {
        try stored { () throws(StoreError) in try store.insert(account) }
        do throws(GatewayError) {
            let issued = try stored { () throws(StoreError) in
                try issuer.issue(name: account.name, account: account.id, role: role)
            }
            return OpenedAccount(account: account, issued: issued)
        } catch {
            // Without its key the account would be of no use, and whoever asks again would make a second.
            var closed = account
            closed.closedAt = now()
            let useless = closed
            _ = try? store.update(useless)
            throw error
        }
    }
}
