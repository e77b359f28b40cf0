import Domain
import Testing

@testable import Governance

@Suite("Spend limits")
struct SpendGateTests {
    static let half = SpendRule.Dimension.filter(["openai/gpt-5.4-mini", "o4-mini"])

    @Test(
        arguments: [
            (rule(), call(), "", true),
            (rule(model: half), call("openai", "gpt-5.4-mini"), "", true),
            (rule(model: half), call("openai", "openai/gpt-5.4-mini"), "", true),
            (rule(model: half), call("azure", "gpt-5.4-mini"), "", false),
            (rule(model: half), call("azure", "o4-mini"), "", true),
            (rule(model: half), call("openai", "gpt-5.4"), "", false),
            (rule(provider: .filter(["openai"])), call(), "", true),
            (rule(provider: .filter(["anthropic"])), call(), "", false),
            (rule(provider: .partition), call(), "6:openai", true),
            (rule(model: .partition), call(), "19:openai/gpt-5.4-mini", true),
            (rule(metadata: [("user", .partition)]), call("p", "m", [("user", "ann")]), "3:ann", true),
            (rule(metadata: [("user", .partition)]), call("p", "m"), "-", true),
            (rule(metadata: [("user", .partition)]), call("p", "m", [("user", "-")]), "1:-", true),
            (rule(metadata: [("team", .filter(["red", "blue"]))]), call("p", "m", [("team", "blue")]), "", true),
            (rule(metadata: [("team", .filter(["red"]))]), call("p", "m", [("team", "blue")]), "", false),
            (rule(metadata: [("team", .filter(["red"]))]), call("p", "m"), "", false),
            (
                rule(provider: .partition, metadata: [("a", .partition), ("b", .filter(["x"])), ("c", .partition)]),
                call("p", "m", [("a", "1,2"), ("b", "x"), ("c", "é")]), "1:p,3:1,2,2:é", true
            ),
        ] as [(SpendRule, SpendCall, String, Bool)])
    func `a rule knows its calls, and their counters`(
        rule: SpendRule, call: SpendCall, partition: String, applies: Bool
    ) {
        #expect(rule.partition(of: call) == (applies ? partition : nil))
    }

    @Test func `a rule that is off is for no call, and limits that are off have no rules`() {
        let gate = SpendGate(WindowCounters())
        var off = rule(cents: 1)
        off.isEnabled = false
        for _ in 0..<3 { #expect(gate.spend(.cents(9), limits(off), at: .noon) == nil) }
        let none = SpendLimits(isEnabled: false, rules: [rule(cents: 1)])
        for _ in 0..<3 { #expect(gate.spend(.cents(9), none, at: .noon) == nil) }
    }

    @Test func `numbers and truth values are told apart by how they are written`() {
        var call = call("p", "m")
        let rule = rule(metadata: [("n", .filter(["7"])), ("b", .filter(["true"]))])
        call.metadata = CallMetadata([
            CallMetadata.Entry(key: "n", value: .number("7")), CallMetadata.Entry(key: "b", value: .bool(true)),
        ])
        #expect(rule.partition(of: call) != nil)
    }

    @Test func `the call that crosses the limit passes, the next does not until the window ends`() {
        let gate = SpendGate(WindowCounters())
        let rules = limits(rule("per-user", cents: 100))
        #expect(gate.spend(.cents(99), rules, at: .noon.adding(seconds: 15)) == nil)
        #expect(gate.spend(.cents(80), rules, at: .noon.adding(seconds: 16)) == nil)
        let refusal = gate.spend(.cents(1), rules, at: .noon.adding(microseconds: 16_500_000))
        #expect(refusal?.retryAfterSeconds == 44)
        #expect(gate.spend(.cents(1), rules, at: .noon.adding(seconds: 60)) == nil)
    }

    @Test func `a sliding window lets calls through again when its share has sunk below the limit`() {
        let gate = SpendGate(WindowCounters())
        let rules = limits(rule(cents: 100, .sliding))
        #expect(gate.spend(.cents(120), rules, at: .noon.adding(seconds: 30)) == nil)
        // 120 × (60 − t) / 60 < 100 for t > 10.
        let refusal = gate.spend(.cents(1), rules, at: .noon.adding(seconds: 40))
        #expect(refusal?.retryAfterSeconds == 31)
        #expect(gate.spend(.cents(1), rules, at: .noon.adding(seconds: 70)) != nil)
        #expect(gate.spend(.cents(1), rules, at: .noon.adding(seconds: 71)) == nil)
    }

    @Test func `a refusal names its rule in the words of the original`() {
        let gate = SpendGate(WindowCounters())
        let thrifty = SpendRule(
            id: "per-user", limit: Nanodollars(2_000_000), window: ClockWindow(seconds: 3_600, technique: .fixed))
        let rules = limits(rule("wide", cents: 10_000), thrifty)
        #expect(gate.spend(.cents(1), rules, at: .noon) == nil)
        let refusal = gate.spend(.cents(1), rules, call("openai", "gpt-5.4-mini"), at: .noon)
        #expect(
            refusal?.message
                == "Spend limit exceeded: rule 'per-user' (cost limit 0.002 per 3600s, fixed) for openai gpt-5.4-mini")
        #expect(refusal?.error.reason == .spendLimit)
        #expect(refusal?.error.retryAfterSeconds == 3_600)
    }

    @Test func `a call is held against all of its rules or against none`() throws {
        let counters = WindowCounters()
        let gate = SpendGate(counters)
        let rules = limits(rule("a", cents: 100), rule("b", cents: 10))
        #expect(gate.spend(.cents(10), limits(rule("b", cents: 10)), at: .noon) == nil)
        #expect(gate.spend(.cents(90), rules, at: .noon)?.rule.id == "b")
        // Nothing of the refused call stayed with the other rule.
        #expect(gate.spend(.cents(99), limits(rule("a", cents: 100)), at: .noon) == nil)
        let hold = try gate.reserve(
            limits(rule("a", cents: 100)), in: .shop, for: call(), estimate: .cents(1), at: .noon)
        #expect(counters.heldCount == 1)
        hold.release()
        #expect(counters.heldCount == 0)
    }

    @Test func `what is held counts until it is settled, released or dropped`() throws {
        let counters = WindowCounters()
        let gate = SpendGate(counters)
        let rules = limits(rule(cents: 100))
        let first = try gate.reserve(rules, in: .shop, for: call(), estimate: .cents(100), at: .noon)
        #expect(gate.spend(.cents(1), rules, at: .noon)?.retryAfterSeconds == 1)
        first.settle(.cents(40), at: .noon)
        let second = try gate.reserve(rules, in: .shop, for: call(), estimate: .cents(60), at: .noon)
        #expect(gate.spend(.cents(1), rules, at: .noon) != nil)
        second.release()
        do {
            let third = try gate.reserve(rules, in: .shop, for: call(), estimate: .cents(60), at: .noon)
            let estimate = third.estimate
            #expect(estimate == .cents(60))
            #expect(gate.spend(.cents(1), rules, at: .noon) != nil)
        }
        #expect(gate.spend(.cents(59), rules, at: .noon) == nil)
        #expect(counters.heldCount == 0)
    }

    @Test func `a cost counts in the window in which it became known, and a hold in every window`() throws {
        let gate = SpendGate(WindowCounters())
        let rules = limits(rule(cents: 100))
        let hold = try gate.reserve(
            rules, in: .shop, for: call(), estimate: .cents(100), at: .noon.adding(seconds: 50))
        #expect(gate.spend(.cents(1), rules, at: .noon.adding(seconds: 65)) != nil)
        hold.settle(.cents(100), at: .noon.adding(seconds: 70))
        #expect(gate.spend(.cents(1), rules, at: .noon.adding(seconds: 119))?.retryAfterSeconds == 1)
        #expect(gate.spend(.cents(1), rules, at: .noon.adding(seconds: 120)) == nil)
    }

    @Test func `partitions have a budget each, and calls without the key share one`() {
        let gate = SpendGate(WindowCounters())
        let rules = limits(rule(cents: 10, metadata: [("user", .partition)]))
        let ann = call("p", "m", [("user", "ann")])
        let bob = call("p", "m", [("user", "bob")])
        #expect(gate.spend(.cents(10), rules, ann, at: .noon) == nil)
        #expect(gate.spend(.cents(10), rules, ann, at: .noon) != nil)
        #expect(gate.spend(.cents(10), rules, bob, at: .noon) == nil)
        #expect(gate.spend(.cents(10), rules, call("p", "m"), at: .noon) == nil)
        #expect(gate.spend(.cents(10), rules, call("q", "n"), at: .noon) != nil)
        #expect(gate.spend(.cents(10), rules, ann, in: .other, at: .noon) == nil)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `a limit is never outrun by more than one call, however calls overlap`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let gate = SpendGate(WindowCounters())
        let limit: Int64 = 100
        let rules = limits(rule(cents: limit, seconds: 1_000))
        let greatest = 30
        var open: [(hold: HoldBox, cost: Int64)] = []
        var spent: Int64 = 0
        for _ in 0..<2_000 {
            if random.chance(50) || open.isEmpty {
                let estimate = Int64(1 + random.below(greatest))
                let cost = Int64(random.below(Int(estimate) + 1))
                do throws(SpendRefusal) {
                    let hold = try gate.reserve(
                        rules, in: .shop, for: call(), estimate: .cents(estimate), at: .noon)
                    open.append((HoldBox(hold), cost))
                } catch {
                    #expect(!open.isEmpty || spent >= limit)
                }
            } else {
                let (hold, cost) = open.remove(at: random.below(open.count))
                if random.chance(20) {
                    hold.release()
                } else {
                    hold.settle(.cents(cost), at: .noon)
                    spent += cost
                }
            }
            #expect(spent < limit + Int64(greatest))
        }
        #expect(spent >= limit)
    }

    @Test func `a thousand calls at once spend the limit and no more`() async {
        let gate = SpendGate(WindowCounters())
        let rules = limits(rule(cents: 137))
        let passed = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<1_000 { group.addTask { gate.spend(.cents(1), rules, at: .noon) == nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(passed == 137)
    }
}

/// Keeps a hold in an array.
private final class HoldBox {
    private var hold: SpendHold?

    init(_ hold: consuming SpendHold) {
        self.hold = consume hold
    }

    func settle(_ cost: Nanodollars, at now: Timestamp) {
        hold.take()?.settle(cost, at: now)
    }

    func release() {
        hold.take()?.release()
    }
}
