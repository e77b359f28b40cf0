import Domain

/// What was counted of one gateway, to be written down. Calls under way are not in it.
public struct SpendCounters: Hashable, Sendable {
    public struct Meter: Hashable, Sendable {
        public var name: String
        public var windowSeconds: Int64
        public var counters: [Counter]

        public init(name: String, windowSeconds: Int64, counters: [Counter]) {
            self.name = name
            self.windowSeconds = windowSeconds
            self.counters = counters
        }
    }

    public struct Counter: Hashable, Sendable {
        public var key: String
        /// Which window since 1970 the present one is.
        public var window: Int64
        public var current: Int64
        public var previous: Int64

        public init(key: String, window: Int64, current: Int64, previous: Int64) {
            self.key = key
            self.window = window
            self.current = current
            self.previous = previous
        }

        var tally: WindowTally { WindowTally(index: window, current: current, previous: previous) }
    }

    public var place: GatewayPlace
    public var meters: [Meter]

    public init(place: GatewayPlace, meters: [Meter]) {
        self.place = place
        self.meters = meters
    }

    init(place: GatewayPlace, _ meters: [String: Governance.Meter]) {
        self.place = place
        self.meters = meters.sorted { $0.key < $1.key }.map { name, meter in
            let counters = meter.counters.filter { !$0.value.tally.isEmpty }.sorted { $0.key < $1.key }
            return Meter(name: name, windowSeconds: meter.seconds, counters: counters.map(Counter.init))
        }.filter { !$0.counters.isEmpty }
    }
}

extension SpendCounters.Counter {
    fileprivate init(key: String, _ counter: Governance.Meter.Counter) {
        self.init(
            key: key, window: counter.tally.index, current: counter.tally.current, previous: counter.tally.previous)
    }
}
