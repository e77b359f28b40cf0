/// How often a provider is asked again, and how long is waited.
public struct RetryPlan: Hashable, Sendable {
    public static let mostAttempts = 5
    public static let longestDelayMilliseconds: UInt64 = 60_000

    public enum Backoff: String, Hashable, Sendable, CaseIterable {
        case constant, linear, exponential
    }

    /// The first attempt included.
    public var maximumAttempts: Int
    public var delayMilliseconds: UInt64
    public var backoff: Backoff
    /// Until the first part of the answer; nil for as long as the gateway waits anyway. The last of several
    /// attempts has none.
    public var timeoutMilliseconds: UInt64?

    public init(
        maximumAttempts: Int = 1, delayMilliseconds: UInt64 = 0, backoff: Backoff = .constant,
        timeoutMilliseconds: UInt64? = nil
    ) {
        self.maximumAttempts = maximumAttempts
        self.delayMilliseconds = delayMilliseconds
        self.backoff = backoff
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    /// Milliseconds to wait after so many failures, the first being 1. No jitter: who reads a log can reckon it.
    public func delay(afterFailures count: Int) -> UInt64 {
        let step = UInt64(max(1, count))
        let (product, isTooLarge): (UInt64, Bool)
        switch backoff {
        case .constant: (product, isTooLarge) = (delayMilliseconds, false)
        case .linear: (product, isTooLarge) = delayMilliseconds.multipliedReportingOverflow(by: step)
        case .exponential:
            (product, isTooLarge) = delayMilliseconds.multipliedReportingOverflow(by: 1 << min(step - 1, 62))
        }
        return isTooLarge ? Self.longestDelayMilliseconds : min(product, Self.longestDelayMilliseconds)
    }

    /// Whether an answer of that status may be better a moment later.
    public static func isWorthRetrying(_ status: Int) -> Bool {
        status == 408 || status == 409 || status == 429 || status >= 500
    }
}
