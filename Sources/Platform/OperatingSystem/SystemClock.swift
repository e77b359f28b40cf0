internal import Glibc

/// The machine's clocks.
public struct SystemClock: Sendable {
    public init() {}

    /// The time of day, in microseconds since 1970 UTC. It may jump when the machine's clock is set.
    public func wallMicroseconds() -> Int64 {
        let now = read(CLOCK_REALTIME)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }

    /// Nanoseconds since some fixed moment; never goes back. For measuring how long something took.
    public func monotonicNanoseconds() -> UInt64 {
        let now = read(CLOCK_MONOTONIC)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    public func monotonicMilliseconds() -> UInt64 {
        monotonicNanoseconds() / 1_000_000
    }

    private func read(_ clock: clockid_t) -> timespec {
        var now = timespec()
        // Fails only for a clock that does not exist; these two always do.
        _ = unsafe clock_gettime(clock, &now)
        return now
    }
}
