public import Domain
import Synchronization

/// How many requests each gateway takes. What is refused does not count; whoever asks may be answered from a cache.
public final class RequestRateGate: Sendable {
    /// Gateways that are counted at a time; beyond, those that had no request longest begin anew.
    public static let usualCapacity = 100_000

    private struct Entry {
        var seconds: Int64
        var tally: WindowTally
    }

    private let entries: Mutex<RecentTable<GatewayPlace, Entry>>

    public init(capacity: Int = RequestRateGate.usualCapacity) {
        entries = Mutex(RecentTable(capacity: capacity))
    }

    /// Counts one request when it is within the limit. A limit of nothing, or of no time, is none.
    public func admit(_ place: GatewayPlace, _ limit: GatewayRateLimit, at now: Timestamp) -> RateVerdict {
        guard limit.limit > 0, limit.intervalSeconds > 0 else { return .allowed }
        let window = ClockWindow(seconds: Int64(limit.intervalSeconds), technique: limit.technique)
        let index = window.index(at: now)
        let fresh = Entry(seconds: window.seconds, tally: WindowTally(index: index))
        return entries.withLock { entries in
            entries.update(place, orInsert: fresh) { entry in
                // Windows of another length do not compare.
                if entry.seconds != window.seconds { entry = fresh }
                return entry.tally.countOne(window, limit: Int64(limit.limit), at: now)
            }
        }
    }
}

extension WindowTally {
    /// Counts one more when there is room for a whole one.
    mutating func countOne(_ window: ClockWindow, limit: Int64, at now: Timestamp) -> RateVerdict {
        advance(to: window.index(at: now))
        let bound = (Int128(limit) - 1) * Int128(window.microseconds)
        guard used(window, at: now) <= bound else {
            return .refused(retryAfterSeconds: wait(window, at: now, until: bound))
        }
        add(1)
        return .allowed
    }
}
