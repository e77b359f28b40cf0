import Domain

/// The counters of one rule, or of one limit of a route.
struct Meter: Sendable {
    private(set) var seconds: Int64
    private(set) var counters: [String: Counter] = [:]
    private var sweptIn: Int64?

    init(seconds: Int64) {
        self.seconds = seconds
    }

    init(seconds: Int64, counters: [String: Counter]) {
        self.seconds = seconds
        self.counters = counters
    }

    /// Windows of another length do not compare: what was counted is forgotten, what is under way is not.
    mutating func adopt(_ window: ClockWindow, at now: Timestamp) {
        guard seconds != window.seconds else { return }
        seconds = window.seconds
        sweptIn = nil
        counters = counters.filter { $0.value.holds > 0 }
        let fresh = WindowTally(index: window.index(at: now))
        for key in counters.keys { counters[key]?.tally = fresh }
    }

    /// The key under which that one is to be counted: its own, or the one for all that have no room.
    ///
    /// - Parameter capacity: How many counters there may be.
    mutating func place(_ key: String, in index: Int64, capacity: Int) -> String {
        if counters[key] != nil { return key }
        if counters.count >= capacity { sweep(in: index) }
        return counters.count < capacity ? key : PartitionKey.overflow
    }

    /// Whether there is nothing left of it, and nothing under way.
    func isPast(at now: Timestamp) -> Bool {
        let index = ClockWindow(seconds: seconds, technique: .sliding).index(at: now)
        return counters.allSatisfy { $0.value.isPast(in: index) }
    }

    /// Once a window is enough: nothing more is over before the next.
    private mutating func sweep(in index: Int64) {
        guard sweptIn != index else { return }
        sweptIn = index
        counters = counters.filter { !$0.value.isPast(in: index) }
    }

    /// Whether no call under way is held against it.
    var isIdle: Bool { counters.allSatisfy { $0.value.holds == 0 } }

    mutating func letGo(_ estimate: Nanodollars, _ key: String) {
        counters[key]?.letGo(estimate)
    }

    mutating func apply<Answer>(_ body: (inout Meter) -> Answer) -> Answer { body(&self) }

    mutating func update<Answer>(_ key: String, in index: Int64, _ change: (inout Counter) -> Answer) -> Answer {
        let fresh = Counter(tally: WindowTally(index: index))
        return change(&counters[key, default: fresh])
    }
}

extension Meter {
    struct Counter: Sendable {
        var tally: WindowTally
        /// What calls under way may cost. Not part of any window: it stays until they are settled.
        private(set) var held: Int128 = 0
        private(set) var holds = 0

        init(tally: WindowTally) {
            self.tally = tally
        }

        func isPast(in present: Int64) -> Bool {
            holds == 0 && tally.isPast(in: present)
        }

        /// Seconds until one more call may come; nil when it may come now.
        mutating func wait(for ask: CounterBook.Ask, at now: Timestamp) -> Int? {
            tally.advance(to: ask.window.index(at: now))
            let length = Int128(ask.window.microseconds)
            let limit = Int128(ask.limit.rawValue) * length
            let spent = tally.used(ask.window, at: now)
            guard spent < limit else { return tally.wait(ask.window, at: now, until: limit - 1) }
            // Calls under way end soon, most of them with less than is held for them.
            return spent + held * length < limit ? nil : 1
        }

        mutating func hold(_ estimate: Nanodollars) {
            held += Int128(estimate.rawValue)
            holds += 1
        }

        mutating func letGo(_ estimate: Nanodollars) {
            held -= Int128(estimate.rawValue)
            holds -= 1
        }
    }
}
