public import Domain

/// Which gateway is meant: names are unique in their account only.
public struct GatewayPlace: Hashable, Sendable {
    public let account: AccountID
    public let gateway: GatewayID

    public init(account: AccountID, gateway: GatewayID) {
        self.account = account
        self.gateway = gateway
    }
}

/// Whether something more is within its limit.
public enum RateVerdict: Hashable, Sendable {
    case allowed
    /// Seconds until it would be, if nothing else came in between; at least one.
    case refused(retryAfterSeconds: Int)
}
