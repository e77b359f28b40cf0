public import Domain

/// Automatic top-ups, for those who set them. Called off the loops.
public protocol AutoReloadBook: Sendable {
    /// Whether the operator offers them.
    var isOffered: Bool { get }
    var leastThresholdCents: Int64 { get }
    var leastAmountCents: Int64 { get }
    var mostCents: Int64 { get }

    func standing(of account: Account) -> AutoReload
    /// Throws `conflict` where it cannot be switched on.
    func set(
        _ account: Account, isEnabled: Bool, thresholdCents: Int64, amountCents: Int64
    ) throws(GatewayError) -> AutoReload
    /// Switches it off, and forgets what the account can be charged with.
    func remove(_ account: Account) throws(GatewayError)
}
