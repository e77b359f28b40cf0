import Domain
import JSON
import Testing

@testable import Governance

@Suite("Counters of windows")
struct WindowCountersTests {
    static let element = MeterID.element("limit", ofRoute: "r1", in: .shop)

    static func bounds(meters: Int = 100, each: Int = 100, all: Int = 1_000) -> CounterBounds {
        var bounds = CounterBounds()
        bounds.mostMeters = meters
        bounds.mostPartitionsPerMeter = each
        bounds.mostPartitions = all
        return bounds
    }

    @Test func `a route's limit counts requests by key`() {
        let counters = WindowCounters()
        func count(_ key: String?, _ seconds: Int64 = 0) -> Bool {
            counters.count(
                Self.element, key: key, limit: 2, windowSeconds: 60, at: .noon.adding(seconds: seconds)) == .allowed
        }
        #expect([count("ann"), count("ann"), count("ann")] == [true, true, false])
        #expect([count("bob"), count(nil), count(nil), count(nil)] == [true, true, true, false])
        // The window before still counts whole, then by its share.
        #expect([count("ann", 60), count("ann", 90), count("ann", 90)] == [false, true, false])
    }

    @Test func `a route's limit counts costs by key`() throws {
        let counters = WindowCounters()
        func hold(_ key: String?) throws(CostExceeded) -> SpendHold {
            try counters.hold(
                Self.element, key: key, limit: .cents(10), windowSeconds: 60, estimate: .cents(3), at: .noon)
        }
        try hold("ann").settle(.cents(10), at: .noon)
        #expect(throws: CostExceeded.self) { try hold("ann").release() }
        try hold("bob").settle(.cents(1), at: .noon)
    }

    @Test func `values as long as a book share a counter`() {
        let counters = WindowCounters()
        let long = String(repeating: "x", count: 257)
        let verdicts = [long, long + "y", String(repeating: "x", count: 256)].map {
            counters.count(Self.element, key: $0, limit: 1, windowSeconds: 60, at: .noon) == .allowed
        }
        #expect(verdicts == [true, false, true])
    }

    @Test func `beyond the bound, windows that are over make room, and new values share one budget`() {
        let counters = WindowCounters(bounds: Self.bounds(each: 3))
        func count(_ key: String, _ seconds: Int64) -> Bool {
            counters.count(
                Self.element, key: key, limit: 1, windowSeconds: 60, at: .noon.adding(seconds: seconds)) == .allowed
        }
        #expect(["a", "b", "c"].map { count($0, 0) } == [true, true, true])
        // No room: d and e count together.
        #expect(["d", "e", "a"].map { count($0, 1) } == [true, false, false])
        #expect(counters.counterCount == 4)
        // Two windows later the first three are over.
        #expect(["d", "e", "f"].map { count($0, 130) } == [true, true, true])
        #expect(counters.counterCount <= 4)
    }

    @Test func `counters of all rules together are bounded`() {
        let counters = WindowCounters(bounds: Self.bounds(each: 50, all: 20))
        for meter in 0..<5 {
            for key in 0..<50 {
                let id = MeterID.element("e\(meter)", ofRoute: "r", in: .shop)
                _ = counters.count(id, key: "\(key)", limit: 9, windowSeconds: 60, at: .noon)
            }
        }
        #expect(counters.counterCount <= 25)
    }

    @Test func `a counter that is held against is not swept`() throws {
        let counters = WindowCounters(bounds: Self.bounds(each: 1))
        func hold(_ key: String, _ seconds: Int64) throws -> SpendHold {
            try counters.hold(
                Self.element, key: key, limit: .cents(5), windowSeconds: 1, estimate: .cents(5),
                at: .noon.adding(seconds: seconds))
        }
        let first = try hold("a", 0)
        let second = try hold("b", 100)
        #expect(throws: CostExceeded.self) { try hold("a", 200).release() }
        first.settle(.cents(5), at: .noon.adding(seconds: 200))
        #expect(throws: CostExceeded.self) { try hold("a", 200).release() }
        second.release()
        #expect(counters.heldCount == 0)
    }

    @Test func `too many rules are refused until old ones have run out`() {
        let counters = WindowCounters(bounds: Self.bounds(meters: 2))
        func count(_ element: String, _ place: GatewayPlace, _ seconds: Int64) -> Bool {
            counters.count(
                .element(element, ofRoute: "r", in: place), key: nil, limit: 9, windowSeconds: 1,
                at: .noon.adding(seconds: seconds)) == .allowed
        }
        #expect([count("a", .shop, 0), count("b", .shop, 0), count("c", .other, 0)] == [true, true, false])
        #expect([count("c", .other, 5), count("a", .shop, 5)] == [true, true])
    }

    @Test func `counters survive a restart`() throws {
        let before = WindowCounters()
        let rules = limits(rule("a", cents: 10, metadata: [("user", .partition)]), rule("b", cents: 1_000))
        let ann = call("p", "m", [("user", "ann")])
        #expect(SpendGate(before).spend(.cents(10), rules, ann, at: .noon) == nil)
        let taken = before.takeChanged()
        #expect(taken.map(\.place) == [.shop])
        #expect(taken.first?.meters.map(\.name) == ["rule/a", "rule/b"])
        #expect(before.takeChanged().isEmpty)
        before.putBack([.shop])
        #expect(before.takeChanged() == taken)

        let text = try #require(taken.first).json.serialized()
        let read = try #require(try JSONValue(parsing: text).objectValue)
        let restored = try #require(SpendCounters(read, of: .shop))
        #expect(restored == taken.first)

        let after = WindowCounters()
        after.restore(restored)
        #expect(SpendGate(after).spend(.cents(1), rules, ann, at: .noon.adding(seconds: 30))?.rule.id == "a")
        #expect(SpendGate(after).spend(.cents(1), rules, call("p", "m", [("user", "bob")]), at: .noon) == nil)
        #expect(SpendGate(after).spend(.cents(1), rules, ann, at: .noon.adding(seconds: 60)) == nil)
    }

    @Test(arguments: [
        "{}", #"{"meters":{}}"#, #"{"meters":[1]}"#, #"{"meters":[{"name":"a","window":0,"counters":[]}]}"#,
        #"{"meters":[{"name":"a","window":60,"counters":[[]]}]}"#,
        #"{"meters":[{"name":"a","window":60,"counters":[["k",1,-1,0]]}]}"#,
        #"{"meters":[{"name":"a","window":60,"counters":[["k",1.5,1,0]]}]}"#,
    ])
    func `is no list of counters`(text: String) throws {
        #expect(SpendCounters(try #require(try parsed(text).objectValue), of: .shop) == nil)
    }

    @Test func `what was written down does not go beyond the bounds, nor over what is counted`() {
        let counters = WindowCounters(bounds: Self.bounds(each: 3))
        let many = (0..<10).map { SpendCounters.Counter(key: "1:\($0)", window: 1, current: 5, previous: 0) }
        let meter = SpendCounters.Meter(name: "rule/a", windowSeconds: 60, counters: many)
        counters.restore(SpendCounters(place: .shop, meters: [meter]))
        #expect(counters.counterCount == 3)
        counters.restore(SpendCounters(place: .shop, meters: [meter]))
        #expect(counters.counterCount == 3)
        counters.forget(.shop)
        #expect(counters.counterCount == 0)
        #expect(counters.takeChanged().first?.meters == [])
    }

    @Test func `a rule keeps its counters when its limit changes, and loses them with its window`() {
        let gate = SpendGate(WindowCounters())
        // So early that windows of both lengths have the same number.
        let now = Timestamp(seconds: 10)
        #expect(gate.spend(.cents(10), limits(rule(cents: 10)), at: now) == nil)
        #expect(gate.spend(.cents(1), limits(rule(cents: 10)), at: now) != nil)
        #expect(gate.spend(.cents(1), limits(rule(cents: 12)), at: now) == nil)
        #expect(gate.spend(.cents(1), limits(rule(cents: 10, .sliding)), at: now) != nil)
        #expect(gate.spend(.cents(1), limits(rule(cents: 10, seconds: 61)), at: now) == nil)
    }

    @Test func `rules and routes that are no more are forgotten`() {
        let counters = WindowCounters()
        let gate = SpendGate(counters)
        #expect(gate.spend(.cents(10), limits(rule("a"), rule("b")), at: .noon) == nil)
        _ = counters.count(Self.element, key: nil, limit: 5, windowSeconds: 60, at: .noon)
        #expect(counters.counterCount == 3)
        counters.keepRules(["b"], of: .shop)
        #expect(counters.counterCount == 2)
        counters.forgetRoute("r1", of: .other)
        counters.forgetRoute("r2", of: .shop)
        #expect(counters.counterCount == 2)
        counters.forgetRoute("r1", of: .shop)
        #expect(counters.counterCount == 1)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `the number of counters is always right, and holds are always given back`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let counters = WindowCounters(bounds: Self.bounds(meters: 6, each: 4, all: 12))
        var open: [SpendHoldBox] = []
        var now = Timestamp.noon
        for _ in 0..<2_000 {
            now = now.adding(microseconds: Int64(random.below(3_000_000)))
            let place: GatewayPlace = random.chance(50) ? .shop : .other
            let meter = MeterID.element("e\(random.below(5))", ofRoute: "r\(random.below(2))", in: place)
            let window = Int64(1 + random.below(3))
            switch random.below(10) {
            case 0...3:
                _ = counters.count(meter, key: "\(random.below(9))", limit: 3, windowSeconds: window, at: now)
            case 4...6:
                if let hold = try? counters.hold(
                    meter, key: "\(random.below(9))", limit: .cents(50), windowSeconds: window,
                    estimate: .cents(Int64(random.below(9))), at: now)
                {
                    open.append(SpendHoldBox(hold))
                }
            case 7...8: if !open.isEmpty { open.remove(at: random.below(open.count)).end(&random, now) }
            default:
                if random.chance(20) { counters.forget(place) } else { counters.forgetRoute("r0", of: place) }
            }
            #expect(counters.isConsistent)
            #expect(counters.heldCount == open.count)
        }
        open.removeAll()
        #expect(counters.heldCount == 0)
        counters.forget(.shop)
        counters.forget(.other)
        #expect(counters.counterCount == 0)
    }
}

/// Keeps a hold in an array; dropped with it, the hold is released.
private final class SpendHoldBox {
    private var hold: SpendHold?

    init(_ hold: consuming SpendHold) {
        self.hold = consume hold
    }

    func end(_ random: inout SeededGenerator, _ now: Timestamp) {
        guard random.chance(60) else { return }
        hold.take()?.settle(.cents(Int64(random.below(9))), at: now)
    }
}
