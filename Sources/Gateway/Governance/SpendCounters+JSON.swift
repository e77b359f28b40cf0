import Domain
public import JSON

extension SpendCounters {
    /// For a store: `{"meters":[{"name","window","counters":[[key, window, current, previous], …]}]}`.
    public var json: JSONObject {
        ["meters": .array(meters.map { .object($0.json) })]
    }

    /// Nil when the text is not one of these. Whose counters they are the store knows.
    public init?(_ json: JSONObject, of place: GatewayPlace) {
        guard let list = json["meters"]?.arrayValue else { return nil }
        var meters: [Meter] = []
        for value in list {
            guard let meter = value.objectValue.flatMap(Meter.init) else { return nil }
            meters.append(meter)
        }
        self.init(place: place, meters: meters)
    }
}

extension SpendCounters.Meter {
    fileprivate var json: JSONObject {
        [
            "name": .string(name), "window": .int(windowSeconds),
            "counters": .array(
                counters.map { [.string($0.key), .int($0.window), .int($0.current), .int($0.previous)] }),
        ]
    }

    fileprivate init?(_ json: JSONObject) {
        guard let name = json["name"]?.stringValue, let window = json["window"]?.numberValue?.int64, window > 0,
            let list = json["counters"]?.arrayValue
        else { return nil }
        var counters: [SpendCounters.Counter] = []
        for value in list {
            guard let key = value[0]?.stringValue, let index = value[1]?.numberValue?.int64,
                let current = value[2]?.numberValue?.int64, let previous = value[3]?.numberValue?.int64,
                current >= 0, previous >= 0
            else { return nil }
            counters.append(SpendCounters.Counter(key: key, window: index, current: current, previous: previous))
        }
        self.init(name: name, windowSeconds: window, counters: counters)
    }
}
