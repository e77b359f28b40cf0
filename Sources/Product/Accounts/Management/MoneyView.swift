public import Domain

/// What accounts have and have spent, at this moment.
public protocol MoneyView: Sendable {
    /// Of the wallet that pays for the account.
    func balance(of account: Account) -> Nanodollars
    /// What calls under way may still take from that wallet.
    func held(of account: Account) -> Nanodollars
    func spent(_ scope: LimitScope) -> (today: Nanodollars, month: Nanodollars)
}
