import Domain
import JSON
import Testing

@testable import DynamicRouting

@Suite("Walks through any route")
struct WalkPropertyTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `a valid route is accepted, and every walk ends within its elements`(seed: UInt64) throws {
        var routes = RandomRoutes(seed: seed)
        for _ in 0..<500 {
            let elements = routes.valid()
            let graph = try RouteGraph(.array(elements), patterns: SwiftPatterns())
            #expect(graph.count == elements.count)
            for _ in 0..<4 { check(graph, &routes.random) }
        }
    }

    private func check(_ graph: RouteGraph, _ random: inout SeededGenerator) {
        let request = facts(
            metadata: [
                ("plan", .text(random.chance(50) ? "free" : "pro")), ("seats", .number(String(random.below(30)))),
            ],
            headers: random.chance(50) ? ["x": "abc"] : [:], body: random.chance(50) ? "{\"n\":1}" : "[")
        var walk = RouteWalk(graph, draw: random.next())
        var steps = 0
        var succeeded = false
        var failed = false
        while true {
            let step = walk.next(request)
            if case .end(let ending) = step {
                expectFits(ending, succeeded: succeeded, failed: failed)
                break
            }
            steps += 1
            guard steps <= graph.count else {
                Issue.record("more steps than elements")
                break
            }
            let isCall = if case .call = step { true } else { false }
            let isGood = random.chance(40)
            walk.report(isCall ? (isGood ? .succeeded : .failed) : (isGood ? .allowed : .exceeded))
            if isCall { (succeeded, failed) = (succeeded || isGood, failed || !isGood) }
        }
        #expect(Set(walk.path).count == walk.path.count)
        #expect(walk.path.count <= graph.count)
    }

    private func expectFits(_ ending: RouteEnding, succeeded: Bool, failed: Bool) {
        switch ending {
        case .lastSuccess: #expect(succeeded)
        case .lastError: #expect(failed)
        case .limited, .unanswered: #expect(!succeeded && !failed)
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `a broken route is a route or has problems, and never more`(seed: UInt64) {
        var routes = RandomRoutes(seed: seed)
        var accepted = 0
        for round in 0..<1_500 {
            let value = round % 5 == 0 ? routes.scrap(6) : routes.broken(.array(routes.valid()), 1 + round % 4)
            do throws(RouteProblems) {
                let graph = try RouteGraph(value, patterns: SwiftPatterns())
                accepted += 1
                check(graph, &routes.random)
            } catch {
                #expect(!error.list.isEmpty)
                #expect(error.list.allSatisfy { $0.pointer.text.hasPrefix("/elements") })
            }
        }
        #expect(accepted > 50)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `an output that leads back is always found`(seed: UInt64) throws {
        var routes = RandomRoutes(seed: seed)
        for _ in 0..<300 {
            var elements = routes.valid()
            let sources = elements.indices.filter { elements[$0]["type"]?.stringValue != "end" }
            let source = sources[routes.random.below(sources.count)]
            // Back to the start: there is a way from there to here.
            let start = try #require(elements.first { $0["type"] == "start" }?["id"])
            var object = try #require(elements[source].objectValue)
            var outputs = try #require(object["outputs"]?.objectValue)
            let name = outputs.keys[routes.random.below(outputs.count)]
            outputs[name] = ["elementId": start]
            object["outputs"] = .object(outputs)
            elements[source] = .object(object)
            #expect(throws: RouteProblems.self) {
                try RouteGraph(.array(elements), patterns: SwiftPatterns())
            }
        }
    }
}
