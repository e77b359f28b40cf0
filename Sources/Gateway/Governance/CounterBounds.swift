/// How much is counted at a time.
public struct CounterBounds: Hashable, Sendable {
    /// Rules and limits of all gateways; a new one beyond is refused until an old one has run out.
    public var mostMeters = 50_000
    /// Values that one rule tells apart. Beyond, first those go whose windows are over; then new values share one
    /// counter, which has the limit of a single value.
    public var mostPartitionsPerMeter = 10_000
    /// The same, of all rules together.
    public var mostPartitions = 200_000

    public init() {}
}
