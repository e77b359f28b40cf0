public import Domain
public import Telemetry

/// What a request says of an account or a sub-account.
public struct AccountFields: Sendable {
    public var name: Change<String> = .keep
    public var plan: Change<Account.Plan> = .keep
    public var externalReference: Change<String> = .keep
    public var defaultTag: Change<String> = .keep
    public var limits = LimitChanges()
    public var allowedModels: Change<ModelAllowList> = .keep

    public init() {}

    func apply(to account: inout Account) {
        name.apply(to: &account.name, none: "")
        plan.apply(to: &account.plan, none: .prepaid)
        externalReference.apply(to: &account.externalReference)
        defaultTag.apply(to: &account.defaultTag)
        limits.apply(to: &account.limits)
        allowedModels.apply(to: &account.allowedModels, none: .all)
    }
}

/// An account that was made, and its first key.
public struct OpenedAccount: Sendable {
    public let account: Account
    public let keyID: KeyID
    /// The only sight of the key there is. Nil when the same request made the account before.
    public let secret: Secret?
}
