public import Domain

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

/// An account that was made just now, with the only sight of its first key there is.
public struct OpenedAccount: Sendable {
    public let account: Account
    public let issued: KeyIssuer.Issued
}
