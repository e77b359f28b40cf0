/// Accounts, keys and budgets. Called off the loops: implementations may block.
public protocol KeyStore: Sendable {
    /// Grows with each change to accounts, keys, budgets or vendor keys, by whichever process made it.
    func keyGeneration() throws(StoreError) -> Int64
    /// Keys that were not revoked, of accounts that were not closed.
    func activeKeys() throws(StoreError) -> [APIKey]
    func allKeys() throws(StoreError) -> [APIKey]
    func key(_ id: KeyID) throws(StoreError) -> APIKey?
    func account(_ id: AccountID) throws(StoreError) -> Account?
    /// Closed ones as well, the oldest first.
    func accounts() throws(StoreError) -> [Account]
    func insert(_ account: Account) throws(StoreError)
    func insert(_ key: APIKey) throws(StoreError)
    /// Writes a key, and with it the account it is of, if that is new, and the request that both were made for: all of
    /// it or nothing.
    func insert(_ account: Account?, _ key: APIKey, for request: NamedRequest?) throws(StoreError)
    /// What was made since then for a request of that name.
    func namedRequest(
        _ name: [UInt8], _ subject: NamedRequest.Subject, of account: AccountID, since: Timestamp
    ) throws(StoreError) -> NamedRequest?
    func namedRequests(of account: AccountID, since: Timestamp) throws(StoreError) -> Int
    /// Writes everything but the id and the day of making. Returns whether there is such an account.
    func update(_ account: Account) throws(StoreError) -> Bool
    /// Writes name, role and scope of a key that is not revoked. Returns whether there is one.
    func update(_ key: APIKey) throws(StoreError) -> Bool
    /// Returns whether a key with that id existed and was active.
    func revoke(_ id: KeyID, at moment: Timestamp) throws(StoreError) -> Bool

    func budgets() throws(StoreError) -> [Budget]
    /// One account has one budget for a tag: a second is a duplicate.
    func insert(_ budget: Budget) throws(StoreError)
    func update(_ budget: Budget) throws(StoreError) -> Bool
    func removeBudget(_ id: BudgetID) throws(StoreError) -> Bool

    func vendorKeys() throws(StoreError) -> [VendorKey]
    func insert(_ key: VendorKey) throws(StoreError)
    /// Writes alias, weight, the sealed key and its hint. Returns whether there is such a key, not revoked.
    func update(_ key: VendorKey) throws(StoreError) -> Bool
    func revoke(_ id: VendorKeyID, at moment: Timestamp) throws(StoreError) -> Bool
}
