import Domain
import Synchronization

/// Lets entries in as long as there is room for them, and knows how many each gateway has.
final class LogGate: Sendable {
    private struct State {
        var waitingEntries = 0
        var waitingBodyBytes = 0
        /// Entries of each gateway, those that wait included.
        var counts: [GatewayKey: Int]
        var statistics = LogStatistics()

        mutating func leave(_ batch: ArraySlice<PendingEntry>) {
            waitingEntries -= batch.count
            for pending in batch { waitingBodyBytes -= pending.bodyBytes }
        }

        mutating func uncount(_ batch: ArraySlice<PendingEntry>) {
            for pending in batch { lower(pending.gateway, by: 1) }
        }

        /// A gateway without entries takes no place.
        mutating func lower(_ gateway: GatewayKey, by count: Int) {
            let left = (counts[gateway] ?? 0) - count
            counts[gateway] = left > 0 ? left : nil
        }
    }

    private let limits: LogLimits
    private let state: Mutex<State>

    init(_ limits: LogLimits, counts: [GatewayKey: Int]) {
        self.limits = limits
        state = Mutex(State(counts: counts))
    }

    var statistics: LogStatistics { state.withLock { state in state.statistics } }

    func count(_ gateway: GatewayKey) -> Int { state.withLock { state in state.counts[gateway] ?? 0 } }

    /// The entry as far as there is room for it; nil when there is none.
    func admit(_ entry: GatewayLogEntry, _ bodies: LogBodies?) -> PendingEntry? {
        let bytes = bodies?.byteCount ?? 0
        let key = GatewayKey(account: entry.account, gateway: entry.gateway)
        let (isAdmitted, keepsBodies) = state.withLock { state -> (Bool, Bool) in
            guard state.waitingEntries < limits.waitingEntries else {
                state.statistics.dropped += 1
                return (false, false)
            }
            state.waitingEntries += 1
            state.counts[key, default: 0] += 1
            let keepsBodies = bytes <= limits.bodyBytes && bytes <= limits.waitingBodyBytes - state.waitingBodyBytes
            if keepsBodies { state.waitingBodyBytes += bytes } else { state.statistics.droppedBodies += 1 }
            return (true, keepsBodies)
        }
        return isAdmitted ? PendingEntry(entry, keepsBodies ? bodies : nil) : nil
    }

    /// The entry was let in but nobody takes it any more.
    func turnAway(_ pending: PendingEntry) {
        state.withLock { state in
            state.leave([pending])
            state.statistics.dropped += 1
            state.uncount([pending])
        }
    }

    func wrote(_ batch: ArraySlice<PendingEntry>, repeated: [PendingEntry], withoutBodies: Int) {
        state.withLock { state in
            state.leave(batch)
            state.statistics.written += batch.count - repeated.count
            state.statistics.repeated += repeated.count
            state.statistics.failedBodies += withoutBodies
            state.uncount(repeated[...])
        }
    }

    func failed(_ batch: ArraySlice<PendingEntry>) {
        state.withLock { state in
            state.leave(batch)
            state.statistics.failed += batch.count
            state.uncount(batch)
        }
    }

    func deleted(_ count: Int, of gateway: GatewayKey) {
        state.withLock { state in state.lower(gateway, by: count) }
    }
}
