public import Domain

/// What is held for one call against the limits it counts for, until it is known what it cost. Settled or released
/// once; dropped, it is released.
public struct SpendHold: ~Copyable, Sendable {
    /// Held against each of the limits.
    public let estimate: Nanodollars
    private let held: [CounterBook.Held]
    private let counters: WindowCounters
    private var isOpen = true

    init(_ held: [CounterBook.Held], _ estimate: Nanodollars, in counters: WindowCounters) {
        self.held = held
        self.estimate = estimate
        self.counters = counters
    }

    deinit {
        if isOpen, !held.isEmpty { counters.release(held, estimate) }
    }

    /// Whether there is any limit that the call counts for.
    public var isEmpty: Bool { held.isEmpty }

    /// Counts what the call did cost, in the windows of this moment. Calls of which no price is known cost nothing.
    public consuming func settle(_ cost: Nanodollars, at now: Timestamp) {
        isOpen = false
        if !held.isEmpty { counters.settle(held, estimate, cost: cost, at: now) }
    }

    /// Gives everything back: nothing was used.
    public consuming func release() {
        isOpen = false
        if !held.isEmpty { counters.release(held, estimate) }
    }
}
