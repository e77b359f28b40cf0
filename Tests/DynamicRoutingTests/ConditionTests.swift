import Domain
import JSON
import Testing

@testable import DynamicRouting

@Suite("Conditions of routes")
struct ConditionTests {
    static var request: RouteFacts {
        facts(
            model: "dynamic/support",
            metadata: [
                ("plan", .text("free")), ("seats", .number("12")), ("beta", .bool(true)), ("cf.user_id", .text("u1")),
                ("big", .number("9007199254740993")),
            ],
            headers: ["x-team": "red", "x-count": "7"],
            body: """
                {"temperature":0.5,"n":null,"messages":[{"role":"user","content":"hi"},{"role":"tool"}],
                 "stream":false,"user":"émile","huge":123456789012345678901234567890,"text":""}
                """)
    }

    static func read(_ text: String) throws -> (RouteCondition?, [String]) {
        var reader = ConditionReader(patterns: SwiftPatterns())
        let condition = reader.read(try parsed(text), at: JSONPointer())
        return (condition, reader.problems.map(\.description))
    }

    @Test(arguments: [
        // What is equal.
        (#"{"metadata.plan":"free"}"#, true), (#"{"metadata.plan":"Free"}"#, false),
        (#"{"metadata.plan":{"$eq":"free"}}"#, true), (#"{"metadata.plan":{"$ne":"free"}}"#, false),
        (#"{"metadata.seats":12}"#, true), (#"{"metadata.seats":12.0}"#, true), (#"{"metadata.seats":1.2e1}"#, true),
        (#"{"metadata.seats":"12"}"#, false), (#"{"metadata.seats":{"$ne":"12"}}"#, true),
        (#"{"metadata.beta":true}"#, true), (#"{"metadata.beta":false}"#, false), (#"{"metadata.beta":1}"#, false),
        (#"{"metadata.cf.user_id":"u1"}"#, true), (#"{"model":"dynamic/support"}"#, true),
        (#"{"headers.x-team":"red"}"#, true), (#"{"headers.X-Team":"red"}"#, true),
        (#"{"headers.x-count":7}"#, false), (#"{"headers.x-count":"7"}"#, true),
        (#"{"body.stream":false}"#, true), (#"{"body.n":null}"#, true), (#"{"body.n":0}"#, false),
        (#"{"body.messages.0.role":"user"}"#, true), (#"{"body.messages.1.role":"user"}"#, false),
        (#"{"body.messages.2.role":{"$exists":true}}"#, false), (#"{"body.messages.-1":{"$exists":true}}"#, false),
        (#"{"body.messages":{"$eq":"x"}}"#, false), (#"{"body.messages":{"$exists":true}}"#, true),
        // Bytes decide, not how a letter is composed.
        ("{\"body.user\":\"\u{e9}mile\"}", true), ("{\"body.user\":\"e\u{301}mile\"}", false),
        // Exact beyond what a double can tell apart.
        (#"{"metadata.big":9007199254740993}"#, true), (#"{"metadata.big":9007199254740992}"#, false),
        (#"{"metadata.big":{"$gt":9007199254740992}}"#, true),
        (#"{"metadata.big":{"$gt":9007199254740992.5}}"#, true),
        (#"{"body.huge":123456789012345678901234567890}"#, true),
        (#"{"body.huge":{"$lt":123456789012345678901234567891}}"#, true),
        // Order.
        (#"{"metadata.seats":{"$gt":12}}"#, false), (#"{"metadata.seats":{"$gte":12}}"#, true),
        (#"{"metadata.seats":{"$lt":12.5}}"#, true), (#"{"metadata.seats":{"$lte":11.9}}"#, false),
        (#"{"metadata.seats":{"$gt":10,"$lt":13}}"#, true), (#"{"metadata.seats":{"$gt":10,"$lt":12}}"#, false),
        (#"{"metadata.seats":{"$gt":"1"}}"#, false), (#"{"metadata.seats":{"$lt":"2"}}"#, false),
        (#"{"metadata.plan":{"$gt":"fred"}}"#, true), (#"{"metadata.plan":{"$gte":"free"}}"#, true),
        (#"{"metadata.plan":{"$lt":"freedom"}}"#, true), (#"{"body.temperature":{"$lte":5e-1}}"#, true),
        (#"{"body.text":{"$lt":"a"}}"#, true), (#"{"body.n":{"$lt":1}}"#, false),
        // Several values.
        (#"{"metadata.plan":{"$in":["pro","free"]}}"#, true), (#"{"metadata.plan":{"$in":["pro",1]}}"#, false),
        (#"{"metadata.plan":{"$nin":["pro"]}}"#, true), (#"{"metadata.plan":{"$nin":["free"]}}"#, false),
        (#"{"metadata.seats":{"$in":["a",12]}}"#, true),
        // What is not there.
        (#"{"metadata.none":{"$exists":false}}"#, true), (#"{"metadata.none":{"$exists":true}}"#, false),
        (#"{"metadata.plan":{"$exists":true}}"#, true), (#"{"metadata.plan":{"$exists":false}}"#, false),
        (#"{"body.n":{"$exists":true}}"#, true),
        (#"{"metadata.none":"x"}"#, false), (#"{"metadata.none":null}"#, false),
        (#"{"metadata.none":{"$ne":"x"}}"#, true), (#"{"metadata.none":{"$nin":["x"]}}"#, true),
        (#"{"metadata.none":{"$in":["x"]}}"#, false), (#"{"metadata.none":{"$gt":0}}"#, false),
        (#"{"metadata.none":{"$lte":0}}"#, false), (#"{"metadata.none":{"$regex":".*"}}"#, false),
        (#"{"body.a.b.c":{"$exists":false}}"#, true), (#"{"body.stream.x":{"$exists":false}}"#, true),
        // Patterns.
        (#"{"metadata.plan":{"$regex":"^fr"}}"#, true), (#"{"metadata.plan":{"$regex":"^ee"}}"#, false),
        (#"{"metadata.plan":{"$regex":"ee"}}"#, true), (#"{"metadata.seats":{"$regex":"12"}}"#, false),
        // Combinations.
        (#"{"metadata.plan":"free","metadata.seats":12}"#, true),
        (#"{"metadata.plan":"free","metadata.seats":13}"#, false),
        (#"{"$or":[{"metadata.plan":"pro"},{"metadata.seats":12}]}"#, true),
        (#"{"$or":[{"metadata.plan":"pro"},{"metadata.seats":13}]}"#, false),
        (#"{"$and":[{"metadata.plan":"free"},{"metadata.seats":13}]}"#, false),
        (#"{"$not":{"metadata.plan":"pro"}}"#, true), (#"{"$not":{"metadata.plan":"free"}}"#, false),
        (#"{"metadata.plan":{"$not":{"$eq":"free"}}}"#, false),
        (#"{"metadata.plan":{"$not":{"$regex":"x","$exists":true}}}"#, true),
        (#"{"metadata.none":{"$not":{"$gt":5}}}"#, true),
        (#"{"$or":[{"$and":[{"model":"a"},{"model":"b"}]},{"$not":{"model":"c"}}],"metadata.beta":true}"#, true),
    ])
    func `holds or does not`(text: String, expected: Bool) throws {
        let (condition, problems) = try Self.read(text)
        #expect(problems == [])
        #expect(condition?.holds(for: Self.request) == expected)
    }

    @Test(arguments: [
        ("[]", ": must be an object that holds conditions"),
        (#"{"metadata.a":{"$like":"x"}}"#, "/metadata.a/$like: is no known operator; known are "),
        (#"{"metadata.a":{"b":"x"}}"#, "/metadata.a/b: is no known operator"),
        (#"{"metadata.a":{}}"#, "/metadata.a: must be an object that holds operators"),
        (#"{"metadata.a":[1]}"#, "/metadata.a: must be a text, a number, true, false or null"),
        (#"{"metadata.a":{"$eq":{"b":1}}}"#, "/metadata.a/$eq: must be a text, a number"),
        (#"{"metadata.a":{"$gt":true}}"#, "/metadata.a/$gt: must be a number or a text"),
        (#"{"metadata.a":{"$in":"x"}}"#, "/metadata.a/$in: must be a list of 1 to 100 values"),
        (#"{"metadata.a":{"$in":[]}}"#, "/metadata.a/$in: must be a list of 1 to 100 values"),
        (#"{"metadata.a":{"$nin":[[]]}}"#, "/metadata.a/$nin/0: must be a text, a number"),
        (#"{"metadata.a":{"$exists":1}}"#, "/metadata.a/$exists: must be true or false"),
        (#"{"metadata.a":{"$regex":"("}}"#, "/metadata.a/$regex: is no valid pattern"),
        (#"{"metadata.a":{"$regex":""}}"#, "/metadata.a/$regex: must be a pattern of 1 to 512 bytes"),
        (#"{"metadata.a":{"$regex":"x","$options":"i"}}"#, "/metadata.a/$options: is no known operator"),
        (#"{"plan":"free"}"#, "/plan: is no path; paths are model, metadata.<key>, headers.<name> or body.<path>"),
        (#"{"metadata.":"free"}"#, "/metadata.: is no path"), (#"{"body.a..b":1}"#, "/body.a..b: is no path"),
        (#"{"$nor":[{"model":"a"}]}"#, "/$nor: is no known combination; known are $and, $or, $not"),
        (#"{"$and":{"model":"a"}}"#, "/$and: must be a list of 1 to 100 conditions"),
        (#"{"$or":[]}"#, "/$or: must be a list of 1 to 100 conditions"),
        (#"{"$or":[{"x":1}]}"#, "/$or/0/x: is no path"),
        (#"{"$not":{"metadata.a":{"$eq":"b","$eq":"c"}}}"#, "/$not/metadata.a: holds a key twice"),
    ])
    func `is refused`(text: String, beginning: String) throws {
        let (condition, problems) = try Self.read(text)
        let expected = beginning.hasPrefix(": ") ? String(beginning.dropFirst(2)) : beginning
        #expect(condition == nil)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix(expected) == true, "\(problems)")
    }

    @Test func `a pattern of 512 bytes is compiled, once, and a longer one is not`() throws {
        let counting = CountingPatterns()
        func problems(_ count: Int) throws -> Int {
            var reader = ConditionReader(patterns: counting)
            let text = #"{"model":{"$regex":"\#(String(repeating: "a", count: count))"}}"#
            let condition = reader.read(try parsed(text), at: JSONPointer())
            for _ in 0..<3 { _ = condition?.holds(for: Self.request) }
            return reader.problems.count
        }
        #expect(try problems(512) == 0)
        #expect(counting.count == 1)
        #expect(try problems(513) == 1)
        #expect(counting.count == 1)
    }

    @Test func `depth and size are bounded`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: #"{"$not":"#, count: depth - 1) + #"{"model":"a"}"#
                + String(repeating: "}", count: depth - 1)
        }
        #expect(try Self.read(nested(10)).1 == [])
        #expect(try Self.read(nested(11)).1.count == 1)
        func wide(_ count: Int) -> String {
            "{" + (0..<count).map { #""metadata.k\#($0)":1"# }.joined(separator: ",") + "}"
        }
        #expect(try Self.read(wide(200)).1 == [])
        #expect(try Self.read(wide(201)).1 == ["is one too many: at most 200 parts are allowed"])
    }

    @Test func `the body is read once, and only when it is asked for`() throws {
        final class Counter { var count = 0 }
        let counter = Counter()
        let facts = RouteFacts(
            model: "m", metadata: CallMetadata(), header: { _ in nil },
            body: {
                counter.count += 1
                return ["a": 1]
            })
        let (other, _) = try Self.read(#"{"model":"m"}"#)
        #expect(other?.holds(for: facts) == true)
        #expect(counter.count == 0)
        let (condition, _) = try Self.read(#"{"body.a":1,"body.b":{"$exists":false}}"#)
        #expect(condition?.holds(for: facts) == true)
        #expect(counter.count == 1)
    }
}

private final class CountingPatterns: PatternCompiler, @unchecked Sendable {
    // One test alone uses it, on one thread.
    private(set) var count = 0

    func compile(_ pattern: String) -> PatternMatcher? {
        count += 1
        return { _ in true }
    }
}
