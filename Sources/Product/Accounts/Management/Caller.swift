public import Domain

/// Who manages something, and for which account.
public struct Caller: Sendable {
    public let principal: Principal
    /// The account that is managed: the caller's own, or for root any other.
    public let account: Account

    public init(_ principal: Principal, for account: Account? = nil) {
        self.principal = principal
        self.account = account ?? principal.account
    }

    public var role: Role { principal.role }
}
