/// How much the cache may hold.
public struct CacheLimits: Hashable, Sendable {
    /// Bytes of all answers, with what it takes to keep them.
    public var bytes = 64 << 20
    public var entries = 10_000
    /// Bytes of one answer; larger ones are not kept.
    public var answerBytes = 25_000_000
    /// Parts with a lock each. Which answers count as used the longest ago is known within a part only.
    public var shards = 16
    /// Gateways whose forgetting is remembered one by one; beyond, everything is forgotten at once.
    public var forgottenGateways = 10_000

    public init() {}
}
