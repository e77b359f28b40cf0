/// Who is calling, once the key is known to be good, with everything that holds for its calls.
///
/// A class, so that handing it on costs one reference count however much is known.
public final class Principal: Sendable {
    public let key: APIKey
    public let account: Account
    /// Of a sub-account: the account that pays.
    public let parent: Account?
    /// By tag, of the account that pays.
    public let budgets: [String: Budget]

    public init(key: APIKey, account: Account, parent: Account? = nil, budgets: [String: Budget] = [:]) {
        self.key = key
        self.account = account
        self.parent = parent
        self.budgets = budgets
    }

    public var accountID: AccountID { account.id }
    public var keyID: KeyID { key.id }
    public var payer: Account { parent ?? account }
    public var role: Role { key.role }

    /// Which model may be called is decided by the key, the account and its parent: all of them must allow it.
    public func mayUse(_ model: Model) -> Bool {
        key.scope.allowedModels.allows(model) && account.allowedModels.allows(model)
            && (parent?.allowedModels.allows(model) ?? true)
    }
}
