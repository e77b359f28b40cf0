import Domain
import JSON
import Testing

@testable import Governance

@Suite("Spend limits as clients write them")
struct SpendLimitsJSONTests {
    static func read(_ text: String) throws -> (SpendLimits?, [String]) {
        let object = try #require(try parsed(text).objectValue)
        do throws(SpendLimitProblems) {
            return (try SpendLimits(object, makeID: { "rule-\($0 + 1)" }), [])
        } catch {
            return (nil, error.list.map(\.description))
        }
    }

    @Test func `a rule with everything is read, and written as it was`() throws {
        let text =
            #"{"enabled":true,"rules":[{"id":"per-user","enabled":false,"limit":0.002,"limitType":"cost","#
            + #""window":3600,"technique":"fixed","model":{"mode":"filter","values":["a","b"]},"#
            + #""provider":{"mode":"partition"},"metadata":{"user":{"mode":"partition"},"#
            + #""team":{"mode":"filter","values":["red"]}}}]}"#
        let limits = try #require(try Self.read(text).0)
        let rule = try #require(limits.rules.first)
        #expect(rule.id == "per-user")
        #expect(!rule.isEnabled)
        #expect(rule.limit == Nanodollars(2_000_000))
        #expect(rule.window == ClockWindow(seconds: 3_600, technique: .fixed))
        #expect(rule.model == .filter(["a", "b"]))
        #expect(rule.provider == .partition)
        #expect(rule.metadata.map(\.key) == ["user", "team"])
        #expect(rule.metadata.map(\.dimension) == [.partition, .filter(["red"])])
        #expect(String(decoding: limits.json.serialized(), as: UTF8.self) == text)
    }

    @Test func `what is left out has its usual value`() throws {
        let text =
            #"{"rules":[{"limit":50,"limitType":"cost","window":60},{"limit":1,"limitType":"COST","window":1,"model":null,"technique":"Fixed"}]}"#
        let limits = try #require(try Self.read(text).0)
        #expect(!limits.isEnabled)
        #expect(limits.rules.map(\.id) == ["rule-1", "rule-2"])
        #expect(limits.rules.map(\.isEnabled) == [true, true])
        #expect(limits.rules.map(\.window.technique) == [.sliding, .fixed])
        #expect(try Self.read("{}").0 == SpendLimits())
    }

    @Test(arguments: [
        ("1", 1_000_000_000), ("0.002", 2_000_000), ("1e-9", 1), ("50.0", 50_000_000_000),
        ("12.345678901", 12_345_678_901),
        ("0.1", 100_000_000), ("2.5e1", 25_000_000_000), ("9223372036.854775807", .max),
    ])
    func `dollars are read exactly`(text: String, expected: Int64) throws {
        let rule = #"{"rules":[{"limit":\#(text),"limitType":"cost","window":60}]}"#
        let limits = try #require(try Self.read(rule).0)
        #expect(limits.rules.first?.limit == Nanodollars(expected))
        let again = try Self.read(String(decoding: limits.json.serialized(), as: UTF8.self)).0
        #expect(again == limits)
    }

    static let money = "must be dollars above 0, with at most 9 digits after the point"

    @Test(arguments: [
        (#""limit":0"#, ["/limit: \(money)"]), (#""limit":-1"#, ["/limit: \(money)"]),
        (#""limit":"1""#, ["/limit: \(money)"]), (#""limit":1e-10"#, ["/limit: \(money)"]),
        (#""limit":1e10"#, ["/limit: \(money)"]), (#""limit":null"#, ["/limit: is required"]),
        (#""limitType":"count""#, ["/limitType: must be one of cost"]),
        (#""window":0"#, ["/window: must be a whole number from 1 to 31622400: seconds"]),
        (#""window":1.5"#, ["/window: must be a whole number from 1 to 31622400: seconds"]),
        (#""technique":"rolling""#, ["/technique: must be one of fixed, sliding"]),
        (#""enabled":1"#, ["/enabled: must be true or false"]),
        (#""id":"""#, ["/id: must be a text of 1 to 64 bytes"]),
        (#""model":"gpt""#, ["/model: must be an object"]),
        (#""model":{}"#, ["/model/mode: is required"]),
        (#""model":{"mode":"split"}"#, ["/model/mode: must be one of partition, filter"]),
        (#""model":{"mode":"filter"}"#, ["/model/values: is required"]),
        (#""model":{"mode":"filter","values":[]}"#, ["/model/values: must be a list of 1 to 100"]),
        (#""model":{"mode":"filter","values":[1]}"#, ["/model/values: must be texts of 1 to 256 bytes"]),
        (#""model":{"mode":"partition","values":["a"]}"#, ["/model/values: is for filters only"]),
        (#""metadata":{"user":"ann"}"#, ["/metadata/user: must be an object under a key of 1 to 128 bytes"]),
        (#""metadata":{"user":{"mode":"filter"}}"#, ["/metadata/user/values: is required"]),
        (
            #""metadata":{"u":{"mode":"partition"},"u":{"mode":"partition"}}"#, ["/metadata: holds a key twice"]
        ),
        (
            #""limit_type":"cost""#, ["/limit_type: is called limitType"]
        ),
    ])
    func `a rule is refused, with the place`(member: String, expected: [String]) throws {
        let usual = [#""limit":1"#, #""limitType":"cost""#, #""window":60"#]
        let name = member.prefix { $0 != ":" }
        let members = usual.filter { !$0.hasPrefix(name + ":") } + [member]
        let problems = try Self.read(#"{"rules":[{\#(members.joined(separator: ","))}]}"#).1
        #expect(problems == expected.map { "/spend_limits/rules/0\($0)" })
    }

    @Test func `all problems are told at once`() throws {
        let text =
            #"{"enabled":"yes","rules":[{},7,{"id":"a","limit":1,"limitType":"cost","window":1},{"id":"a","limit":1,"limitType":"cost","window":1}],"x":1}"#
        #expect(
            try Self.read(text).1 == [
                "/spend_limits/x: is not known here; known are enabled, rules",
                "/spend_limits/enabled: must be true or false",
                "/spend_limits/rules/0/limit: is required",
                "/spend_limits/rules/0/limitType: is required",
                "/spend_limits/rules/0/window: is required",
                "/spend_limits/rules/1: must be an object",
                "/spend_limits/rules/3/id: is also the id of another rule",
            ])
        let rules = Array(repeating: #"{"limit":1,"limitType":"cost","window":1}"#, count: 21)
        #expect(
            try Self.read(#"{"rules":[\#(rules.joined(separator: ","))]}"#).1 == [
                "/spend_limits/rules: must be a list of 0 to 20"
            ])
    }
}
