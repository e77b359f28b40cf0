public import Domain
import Synchronization

/// What was counted and spent in windows of time, and what calls under way may still cost: of all gateways, in
/// memory, under one short lock. What is spent can be written down and read again; what is held can not.
public final class WindowCounters: Sendable {
    let book: Mutex<CounterBook>

    public init(bounds: CounterBounds = CounterBounds()) {
        book = Mutex(CounterBook(bounds: bounds))
    }

    /// Counts one request of a route's limit, when it is within.
    ///
    /// - Parameter key: What is counted apart; nil for requests that do not have it, which are counted together.
    public func count(
        _ meter: MeterID, key: String?, limit: Int64, windowSeconds: Int64, at now: Timestamp
    ) -> RateVerdict {
        let window = ClockWindow(seconds: windowSeconds, technique: .sliding)
        let partition = PartitionKey.make([key])
        return book.withLock { $0.count(meter, partition, limit: limit, window, at: now) }
    }

    /// Holds what a call may cost against a route's limit, while less than the limit is spent and held.
    public func hold(
        _ meter: MeterID, key: String?, limit: Nanodollars, windowSeconds: Int64, estimate: Nanodollars,
        at now: Timestamp
    ) throws(CostExceeded) -> SpendHold {
        let ask = CounterBook.Ask(
            meter: meter, partition: PartitionKey.make([key]), limit: limit,
            window: ClockWindow(seconds: windowSeconds, technique: .sliding))
        do throws(CounterBook.Lack) {
            return try hold([ask], estimate, at: now)
        } catch {
            throw CostExceeded(retryAfterSeconds: error.retryAfterSeconds)
        }
    }

    func hold(
        _ asks: [CounterBook.Ask], _ estimate: Nanodollars, at now: Timestamp
    ) throws(CounterBook.Lack) -> SpendHold {
        let estimate = max(.zero, estimate)
        guard !asks.isEmpty else { return SpendHold([], estimate, in: self) }
        let held = try book.withLock { book throws(CounterBook.Lack) in try book.hold(asks, estimate, at: now) }
        return SpendHold(held, estimate, in: self)
    }

    func settle(_ held: [CounterBook.Held], _ estimate: Nanodollars, cost: Nanodollars, at now: Timestamp) {
        book.withLock { $0.settle(held, estimate, cost: max(.zero, cost), at: now) }
    }

    func release(_ held: [CounterBook.Held], _ estimate: Nanodollars) {
        book.withLock { $0.release(held, estimate) }
    }

    /// What is counted of every gateway of which something was counted since this was asked last.
    public func takeChanged() -> [SpendCounters] {
        book.withLock { $0.takeChanged() }.map { SpendCounters(place: $0, $1) }
    }

    /// Says that what `takeChanged` gave could not be written down: it is given again.
    public func putBack(_ places: [GatewayPlace]) {
        book.withLock { $0.markChanged(places) }
    }

    /// Takes up what was written down. What is counted already stays as it is.
    public func restore(_ counters: SpendCounters) {
        book.withLock { book in
            for meter in counters.meters {
                let tallies = meter.counters.map { ($0.key, $0.tally) }
                book.restore(
                    counters.place, meter.name, seconds: meter.windowSeconds,
                    Dictionary(tallies) { first, _ in first })
            }
        }
    }

    /// Forgets everything of a gateway, but what calls under way are held against.
    public func forget(_ place: GatewayPlace) {
        book.withLock { $0.forget(place) { _ in true } }
    }

    /// Forgets the rules of a gateway that are no more.
    public func keepRules(_ ids: Set<String>, of place: GatewayPlace) {
        let kept = Set(ids.map { MeterID.rulePrefix + $0 })
        book.withLock { $0.forget(place) { $0.hasPrefix(MeterID.rulePrefix) && !kept.contains($0) } }
    }

    /// Forgets the limits of a route that is no more.
    public func forgetRoute(_ id: String, of place: GatewayPlace) {
        let prefix = MeterID.routePrefix(id)
        book.withLock { $0.forget(place) { $0.hasPrefix(prefix) } }
    }
}

/// A route's limit on costs is reached.
public struct CostExceeded: Error, Hashable, Sendable {
    public let retryAfterSeconds: Int
}
