public import Accounts
public import Domain

/// Where the most that an account may spend is set. Called off the loops.
public protocol SpendingCaps: Sendable {
    /// Of a calendar day and of a month, UTC. Nil takes a cap away.
    func set(
        _ account: Account, daily: Nanodollars?, monthly: Nanodollars?, by principal: Principal
    ) throws(GatewayError)
}

/// The caps that the desks of accounts keep.
public struct DeskCaps: SpendingCaps {
    private let accounts: AccountDesk
    private let subAccounts: SubAccountDesk

    public init(accounts: AccountDesk, subAccounts: SubAccountDesk) {
        self.accounts = accounts
        self.subAccounts = subAccounts
    }

    public func set(
        _ account: Account, daily: Nanodollars?, monthly: Nanodollars?, by principal: Principal
    ) throws(GatewayError) {
        var fields = AccountFields()
        fields.limits.daily = daily.map { .set($0) } ?? .clear
        fields.limits.monthly = monthly.map { .set($0) } ?? .clear
        guard let parent = account.parentID else {
            _ = try accounts.update(account.id, fields)
            return
        }
        let caller = Caller(principal, for: try accounts.account(parent))
        _ = try subAccounts.update(account.id, fields, for: caller)
    }
}

/// The most an account may spend, in the words of Cloudflare's clients.
public struct SpendingLimit: Hashable, Sendable {
    public enum Duration: String, Hashable, Sendable, CaseIterable {
        case daily, weekly, monthly
    }

    public var amount: Nanodollars
    public var duration: Duration

    /// The one that holds for the account; of two the shorter.
    public init?(_ limits: Limits) {
        if let daily = limits.daily {
            (amount, duration) = (daily, .daily)
        } else if let monthly = limits.monthly {
            (amount, duration) = (monthly, .monthly)
        } else {
            return nil
        }
    }
}
