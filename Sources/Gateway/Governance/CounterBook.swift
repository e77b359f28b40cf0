import Domain

/// All counters, as one value.
struct CounterBook: Sendable {
    /// Something that a call must have room in.
    struct Ask {
        let meter: MeterID
        let partition: String
        let limit: Nanodollars
        let window: ClockWindow
    }

    /// Where a call is counted that is under way.
    struct Held: Sendable {
        let meter: MeterID
        let partition: String
    }

    /// Which ask there was no room for, and seconds until there may be.
    struct Lack: Error {
        let position: Int
        let retryAfterSeconds: Int
    }

    private(set) var meters: [GatewayPlace: [String: Meter]] = [:]
    private(set) var meterCount = 0
    private(set) var counterCount = 0
    private var changed: Set<GatewayPlace> = []
    private var sweptSecond: Int64?
    private let bounds: CounterBounds

    init(bounds: CounterBounds) {
        self.bounds = bounds
    }

    /// Counts one request when there is room for it.
    mutating func count(
        _ id: MeterID, _ partition: String, limit: Int64, _ window: ClockWindow, at now: Timestamp
    ) -> RateVerdict {
        guard let key = prepare(id, partition, window, at: now) else { return .refused(retryAfterSeconds: 1) }
        let verdict = update(id, key, at: now) { $0.tally.countOne(window, limit: limit, at: now) }
        if verdict == .allowed { changed.insert(id.place) }
        return verdict ?? .refused(retryAfterSeconds: 1)
    }

    /// Holds an estimate against every ask, or against none. The call that crosses a limit passes; what is spent and
    /// held may so be more than the limit by one call.
    mutating func hold(_ asks: [Ask], _ estimate: Nanodollars, at now: Timestamp) throws(Lack) -> [Held] {
        var held: [Held] = []
        for (position, ask) in asks.enumerated() {
            guard let key = prepare(ask.meter, ask.partition, ask.window, at: now) else {
                throw Lack(position: position, retryAfterSeconds: 1)
            }
            let wait = update(ask.meter, key, at: now) { $0.wait(for: ask, at: now) } ?? nil
            if let wait { throw Lack(position: position, retryAfterSeconds: wait) }
            held.append(Held(meter: ask.meter, partition: key))
        }
        for place in held {
            update(place.meter, place.partition, at: now) { counter in
                counter.hold(estimate)
            }
        }
        return held
    }

    /// Counts what a call did cost, in the window in which that became known.
    mutating func settle(_ held: [Held], _ estimate: Nanodollars, cost: Nanodollars, at now: Timestamp) {
        for place in held where meters[place.meter.place]?[place.meter.name] != nil {
            let index = index(of: place.meter, at: now)
            update(place.meter, place.partition, at: now) { counter in
                counter.letGo(estimate)
                counter.tally.advance(to: index)
                counter.tally.add(cost.rawValue)
            }
            changed.insert(place.meter.place)
        }
    }

    /// Gives back what was held.
    mutating func release(_ held: [Held], _ estimate: Nanodollars) {
        for place in held {
            meters[place.meter.place]?[place.meter.name]?.letGo(estimate, place.partition)
        }
    }

    /// Forgets meters of a gateway, but not such as are held against.
    mutating func forget(_ place: GatewayPlace, where isMeant: (String) -> Bool) {
        drop(in: place) { name, meter in isMeant(name) && meter.isIdle }
        changed.insert(place)
    }

    mutating func takeChanged() -> [(GatewayPlace, [String: Meter])] {
        defer { changed = [] }
        return changed.map { ($0, meters[$0] ?? [:]) }
    }

    mutating func markChanged(_ places: [GatewayPlace]) {
        changed.formUnion(places)
    }

    /// Adds meters that are not there yet, as far as there is room.
    mutating func restore(_ place: GatewayPlace, _ name: String, seconds: Int64, _ tallies: [String: WindowTally]) {
        guard meters[place]?[name] == nil, meterCount < bounds.mostMeters else { return }
        let most = min(bounds.mostPartitionsPerMeter, bounds.mostPartitions - counterCount)
        let counters = tallies.sorted { $0.value.index > $1.value.index }.prefix(max(0, most))
        let meter = Meter(
            seconds: seconds,
            counters: Dictionary(counters.map { ($0.key, Meter.Counter(tally: $0.value)) }) { first, _ in first })
        meters[place, default: [:]][name] = meter
        meterCount += 1
        counterCount += meter.counters.count
    }

    /// Sees to it that there is a meter with windows of that length, and finds the key to count under. Nil when
    /// there are too many meters.
    private mutating func prepare(
        _ id: MeterID, _ partition: String, _ window: ClockWindow, at now: Timestamp
    ) -> String? {
        if meters[id.place]?[id.name] == nil {
            if meterCount >= bounds.mostMeters { sweepMeters(otherThan: id.place, at: now) }
            guard meterCount < bounds.mostMeters else { return nil }
            meters[id.place, default: [:]][id.name] = Meter(seconds: window.seconds)
            meterCount += 1
        }
        let (most, all) = (bounds.mostPartitionsPerMeter, bounds.mostPartitions)
        let others = counterCount
        return change(id) { meter in
            meter.adopt(window, at: now)
            let capacity = min(most, all - (others - meter.counters.count))
            return meter.place(partition, in: window.index(at: now), capacity: capacity)
        }
    }

    @discardableResult
    private mutating func update<Answer>(
        _ id: MeterID, _ key: String, at now: Timestamp, _ body: (inout Meter.Counter) -> Answer
    ) -> Answer? {
        change(id) { meter in
            let index = ClockWindow(seconds: meter.seconds, technique: .fixed).index(at: now)
            return meter.update(key, in: index, body)
        }
    }

    /// Changes a meter where it lies, and keeps the number of counters. Nil when there is no such meter.
    private mutating func change<Answer>(_ id: MeterID, _ body: (inout Meter) -> Answer) -> Answer? {
        var grown = 0
        let answer = meters[id.place]?[id.name]?.apply { meter in
            let before = meter.counters.count
            defer { grown = meter.counters.count - before }
            return body(&meter)
        }
        counterCount += grown
        return answer
    }

    private func index(of id: MeterID, at now: Timestamp) -> Int64 {
        let seconds = meters[id.place]?[id.name]?.seconds ?? 1
        return ClockWindow(seconds: seconds, technique: .fixed).index(at: now)
    }

    /// Takes away what has run out, once a second at most. Not of the gateway that asks: it may be asking for several.
    private mutating func sweepMeters(otherThan asking: GatewayPlace, at now: Timestamp) {
        guard sweptSecond != now.seconds else { return }
        sweptSecond = now.seconds
        for place in Array(meters.keys) where place != asking {
            drop(in: place) { _, meter in meter.isPast(at: now) }
        }
    }

    private mutating func drop(in place: GatewayPlace, _ isMeant: (String, Meter) -> Bool) {
        guard let here = meters[place] else { return }
        let rest = here.filter { !isMeant($0.key, $0.value) }
        meterCount -= here.count - rest.count
        counterCount -= here.values.reduce(0) { $0 + $1.counters.count }
        counterCount += rest.values.reduce(0) { $0 + $1.counters.count }
        meters[place] = rest.isEmpty ? nil : rest
    }
}
