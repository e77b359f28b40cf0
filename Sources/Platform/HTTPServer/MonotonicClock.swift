import Glibc

/// The clock that deadlines are measured by.
public enum MonotonicClock {
    public static func nanoseconds() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    public static func milliseconds() -> UInt64 {
        nanoseconds() / 1_000_000
    }
}
