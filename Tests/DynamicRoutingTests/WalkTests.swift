import Domain
import Testing

@testable import DynamicRouting

@Suite("Walks through routes")
struct WalkTests {
    /// Runs a route with these outcomes; what was called or asked, and how it ended.
    static func run(
        _ text: String, _ outcomes: [StepOutcome], facts: RouteFacts = facts(), draw: UInt64 = 0
    ) throws -> (steps: [String], ending: RouteEnding?) {
        var walk = RouteWalk(try graph(text), draw: draw)
        var outcomes = outcomes[...]
        var steps: [String] = []
        while true {
            switch walk.next(facts) {
            case .call(let step): steps.append(step.elementID)
            case .checkRate(let question): steps.append(question.elementID)
            case .end(let ending): return (steps, ending)
            }
            guard let outcome = outcomes.popFirst() else { return (steps, nil) }
            walk.report(outcome)
        }
    }

    static func model(_ id: String, _ outputs: String) -> String {
        #"{"id":"\#(id)","type":"model","properties":{"provider":"p","model":"\#(id)"},"outputs":{\#(outputs)}}"#
    }

    static let start = #"{"id":"s","type":"start","outputs":{"next":{"elementId":"a"}}}"#
    static let end = #"{"id":"e","type":"end","outputs":{}}"#
    static let toEnd = #""success":{"elementId":"e"}"#
    static let fallback =
        "[\(start),\(model("a", toEnd + #","fallback":{"elementId":"b"}"#)),\(model("b", toEnd)),\(end)]"
    static let errorEnd =
        "[\(start),\(model("a", toEnd + #","fallback":{"elementId":"e"}"#)),\(end)]"
    static let chain =
        "[\(start),\(model("a", #""success":{"elementId":"b"}"#)),\(model("b", toEnd + #","fallback":{"elementId":"e"}"#)),\(end)]"
    static let limited = """
        [\(start),{"id":"a","type":"rate","properties":{"limitType":"count","key":"metadata.user","limit":3,"window":60},
        "outputs":{"success":{"elementId":"m"},"fallback":{"elementId":"n"}}},\(model("m", toEnd)),\(model("n", toEnd)),\(end)]
        """
    static let hardLimit = """
        [\(start),{"id":"a","type":"rate","properties":{"limitType":"cost","key":"model","limit":0.5,"window":3600},
        "outputs":{"success":{"elementId":"e"}}},\(end)]
        """
    static let limitAfterError = """
        [\(start),\(model("a", toEnd + #","fallback":{"elementId":"r"}"#)),
        {"id":"r","type":"rate","properties":{"limitType":"cost","key":"model","limit":0.5,"window":3600},
        "outputs":{"success":{"elementId":"e"}}},\(end)]
        """

    @Test(
        arguments: [
            (fallback, [.succeeded], ["a"], .lastSuccess),
            (fallback, [.failed, .succeeded], ["a", "b"], .lastSuccess),
            (fallback, [.failed, .failed], ["a", "b"], .lastError),
            (errorEnd, [.failed], ["a"], .lastError),
            (chain, [.succeeded, .succeeded], ["a", "b"], .lastSuccess),
            // An end gives the last success, though the last call failed; a missing fallback gives the error.
            (chain, [.succeeded, .failed], ["a", "b"], .lastSuccess),
            (chain, [.failed], ["a"], .lastError),
            (limited, [.allowed, .succeeded], ["a", "m"], .lastSuccess),
            (limited, [.exceeded, .succeeded], ["a", "n"], .lastSuccess),
            (limited, [.exceeded, .failed], ["a", "n"], .lastError),
            (hardLimit, [.exceeded], ["a"], .limited(elementID: "a")),
            (hardLimit, [.allowed], ["a"], .unanswered),
            (limitAfterError, [.failed, .exceeded], ["a", "r"], .lastError),
        ] as [(String, [StepOutcome], [String], RouteEnding)])
    func `goes where outcomes lead`(
        text: String, outcomes: [StepOutcome], steps: [String], ending: RouteEnding
    ) throws {
        let run = try Self.run(text, outcomes)
        #expect(run.steps == steps)
        #expect(run.ending == ending)
    }

    @Test func `a model step says what to call, and whether its answer is the caller's`() throws {
        let text = """
            [\(Self.start),{"id":"a","type":"model","outputs":{"success":{"elementId":"b"}},
            "properties":{"provider":"openai","model":"gpt-5.4-mini","timeout":1500,"retries":2}},
            \(Self.model("b", Self.toEnd)),\(Self.end)]
            """
        var walk = RouteWalk(try graph(text), draw: 1)
        let first = ModelStep(
            elementID: "a", provider: "openai", model: "gpt-5.4-mini", timeoutMilliseconds: 1_500, retries: 2,
            isAnswer: false)
        #expect(walk.next(facts()) == .call(first))
        walk.report(.succeeded)
        let second = ModelStep(
            elementID: "b", provider: "p", model: "b", timeoutMilliseconds: nil, retries: nil, isAnswer: true)
        #expect(walk.next(facts()) == .call(second))
        #expect(walk.path == ["s", "a", "b"])
    }

    @Test func `a limit says what it counts, by what`() throws {
        func question(_ text: String, _ facts: RouteFacts) throws -> RateQuestion? {
            var walk = RouteWalk(try graph(text), draw: 1)
            guard case .checkRate(let question) = walk.next(facts) else { return nil }
            return question
        }
        let known = try question(Self.limited, facts(metadata: [("user", .text("ann"))]))
        #expect(known == RateQuestion(elementID: "a", limit: .count(3), keyValue: "ann", windowSeconds: 60))
        let number = try question(Self.limited, facts(metadata: [("user", .number("7"))]))
        #expect(number?.keyValue == "7")
        let unknown = try question(Self.limited, facts())
        #expect(unknown != nil)
        #expect(unknown?.keyValue == nil)
        let cost = try question(Self.hardLimit, facts(model: "dynamic/x"))
        let half = Nanodollars(500_000_000)
        #expect(cost == RateQuestion(elementID: "a", limit: .cost(half), keyValue: "dynamic/x", windowSeconds: 3_600))
    }

    @Test func `without a report nothing moves, and a report that does not fit changes nothing`() throws {
        var walk = RouteWalk(try graph(Self.fallback), draw: 0)
        walk.report(.succeeded)
        let first = walk.next(facts())
        #expect(walk.next(facts()) == first)
        walk.report(.exceeded)
        walk.report(.allowed)
        #expect(walk.next(facts()) == first)
        walk.report(.succeeded)
        let last = walk.next(facts())
        #expect(last == .end(.lastSuccess))
        walk.report(.failed)
        #expect(walk.next(facts()) == last)
    }

    @Test(arguments: [("free", "b"), ("pro", "c")])
    func `a condition chooses`(plan: String, expected: String) throws {
        let text = """
            [\(Self.start),{"id":"a","type":"conditional","properties":{"conditions":{"metadata.plan":{"$eq":"free"}}},
            "outputs":{"true":{"elementId":"b"},"false":{"elementId":"c"}}},
            \(Self.model("b", Self.toEnd)),\(Self.model("c", Self.toEnd)),\(Self.end)]
            """
        let run = try Self.run(text, [.succeeded], facts: facts(metadata: [("plan", .text(plan))]))
        #expect(run.steps == [expected])
    }

    @Test func `a split sends its shares to its elements`() throws {
        let text = """
            [\(Self.start),{"id":"a","type":"percentage","outputs":{"10%":{"elementId":"b"},"90%":{"elementId":"c"}}},
            \(Self.model("b", Self.toEnd)),\(Self.model("c", Self.toEnd)),\(Self.end)]
            """
        let route = try graph(text)
        let request = facts()
        var counts: [String: Int] = [:]
        for draw in 0..<10_000 as Range<UInt64> {
            var walk = RouteWalk(route, draw: draw)
            if case .call(let step) = walk.next(request) { counts[step.model, default: 0] += 1 }
        }
        #expect((880...1_120).contains(counts["b"] ?? 0))
        #expect((counts["b"] ?? 0) + (counts["c"] ?? 0) == 10_000)
    }
}
