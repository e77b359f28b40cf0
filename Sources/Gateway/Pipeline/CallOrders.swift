public import Domain
public import Providers
public import Telemetry

/// What a named gateway wants done otherwise for a call. The usual is nothing.
public struct CallOrders: Sendable {
    public enum Key: Sendable {
        /// The one the caller sent or attached, else the gateway's.
        case usual
        /// The caller's own, which the named gateway keeps or the request brought.
        case own(Secret)
    }

    public var key = Key.usual
    /// With this the call goes with a key of the caller's own, or not at all.
    public var forbidsWallet = false
    public var retries = RetryPlan()
    /// For models outside the catalogue: what they are, and who is asked.
    public var model: Model?
    public var provider: Provider?

    public init() {}
}
