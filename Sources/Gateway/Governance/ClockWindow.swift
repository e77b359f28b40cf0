public import Domain

/// Windows of equal length that begin at multiples of it, counted from 1970.
public struct ClockWindow: Hashable, Sendable {
    /// Longer windows are taken for this long: ten years.
    public static let longestSeconds: Int64 = 315_576_000

    public let seconds: Int64
    public let technique: GatewayRateLimit.Technique

    /// - Parameter seconds: Moved to the nearest length there can be.
    public init(seconds: Int64, technique: GatewayRateLimit.Technique) {
        self.seconds = min(max(1, seconds), Self.longestSeconds)
        self.technique = technique
    }

    var microseconds: Int64 { seconds * 1_000_000 }

    /// Which window a moment lies in.
    func index(at moment: Timestamp) -> Int64 {
        let (quotient, remainder) = moment.microseconds.quotientAndRemainder(dividingBy: microseconds)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Microseconds of a window that have passed: none before it, all after it.
    func elapsed(of index: Int64, at moment: Timestamp) -> Int128 {
        let length = Int128(microseconds)
        return min(max(0, Int128(moment.microseconds) - Int128(index) * length), length)
    }
}
