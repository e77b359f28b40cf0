import Domain

/// Makes an account together with its first key, once for each name of a request.
struct AccountOpening {
    let store: any KeyStore
    let issuer: KeyIssuer
    let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - owner: Whose request it is.
    ///   - make: Makes a new account. Not called for a request that was done before.
    func open(
        _ subject: NamedRequest.Subject, role: Role, for owner: AccountID, as repetition: Repetition?,
        _ make: () throws(GatewayError) -> Account
    ) throws(GatewayError) -> OpenedAccount {
        let repetitions = Repetitions(store: store, issuer: issuer, now: now)
        if let earlier = try repetitions.earlier(repetition, subject, of: owner) {
            let account = try stored { () throws(StoreError) in try store.account(AccountID(earlier.objectID)) }
            guard let account else { throw .notFound("account") }
            return OpenedAccount(account: account, keyID: earlier.keyID, secret: nil)
        }
        let account = try make()
        let issued = issuer.make(name: account.name, account: account.id, role: role)
        let request = repetitions.request(
            repetition, subject, of: owner, made: account.id.rawValue, issued.key.id)
        try stored { () throws(StoreError) in try store.insert(account, issued.key, for: request) }
        return OpenedAccount(account: account, keyID: issued.key.id, secret: issued.secret)
    }
}
