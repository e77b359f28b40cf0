import Catalogue
import Domain
import JSON
import Testing

@testable import Dialects

/// A member of a request at, inside or outside a bound.
struct Bound: Sendable, CustomTestStringConvertible {
    let member: String
    /// Nil when it must be taken.
    let reason: ErrorReason?
    let param: String?

    init(_ member: String, _ reason: ErrorReason? = nil, _ param: String? = nil) {
        self.member = member
        self.reason = reason
        self.param = param ?? (reason == nil ? nil : String(member.dropFirst().prefix { $0 != "\"" }))
    }

    var testDescription: String { String(member.prefix(100)) }

    /// The same bounds for a number of that name.
    static func number(_ name: String, inside: [String], outside: [String]) -> [Bound] {
        inside.map { Bound("\"\(name)\":\($0)") } + outside.map { Bound("\"\(name)\":\($0)", .invalidValue) }
            + ["\"1\"", "true", "[]", "{}"].map { Bound("\"\(name)\":\($0)", .invalidType) }
            + [Bound("\"\(name)\":null")]
    }
}

private func tools(_ count: Int) -> String {
    let tool = #"{"type":"function","function":{"name":"f"}}"#
    return "[\(Array(repeating: tool, count: count).joined(separator: ","))]"
}

private func pairs(_ count: Int) -> String {
    "{\((0..<count).map { "\"k\($0)\":\"v\"" }.joined(separator: ","))}"
}

@Suite("Bounds of chat parameters")
struct ChatBoundsTests {
    static let numbers: [Bound] =
        Bound.number(
            "temperature", inside: ["0", "-0", "0.0", "1", "1.999", "2", "2.0", "2e0", "0.2E1"],
            outside: ["-0.001", "-1", "2.001", "3", "1e400", "2000000000000000000000"])
        + Bound.number("top_p", inside: ["0", "0.5", "1", "1.0"], outside: ["-0.1", "1.0000001", "2"])
        + Bound.number("presence_penalty", inside: ["-2", "-2.0", "0", "2"], outside: ["-2.1", "2.1"])
        + Bound.number("frequency_penalty", inside: ["-2", "0.5", "2"], outside: ["-3", "2.000001"])
        + Bound.number("n", inside: ["1", "2", "128", "1e2"], outside: ["0", "-1", "129", "99999999999999999999"])
        + Bound.number("top_logprobs", inside: ["0", "20"], outside: ["-1", "21"])
        + Bound.number("max_tokens", inside: ["1", "5", "100"], outside: ["0", "-1"])
        + Bound.number("max_completion_tokens", inside: ["1", "100"], outside: ["0", "-5"])
        + Bound.number(
            "seed", inside: ["0", "-7", "9223372036854775807", "-9223372036854775808"],
            outside: ["9223372036854775808"])
        + ["n", "top_logprobs", "max_tokens", "max_completion_tokens", "seed"]
        .map { Bound("\"\($0)\":1.5", .invalidType) }

    static let words: [Bound] =
        ReasoningEffort.allCases.map { Bound("\"reasoning_effort\":\"\($0.rawValue)\"") }
        + [
            Bound(#""reasoning_effort":"lo\u0077""#), Bound(#""reasoning_effort":null"#),
            Bound(#""reasoning_effort":"most""#, .invalidValue), Bound(#""reasoning_effort":3"#, .invalidType),
            Bound(#""verbosity":"low""#), Bound(#""verbosity":"loud""#, .invalidValue),
            Bound(#""logprobs":true"#), Bound(#""logprobs":1"#, .invalidType),
            Bound(#""parallel_tool_calls":false"#), Bound(#""parallel_tool_calls":"no""#, .invalidType),
            Bound(#""store":true"#), Bound(#""store":0"#, .invalidType),
            Bound(#""user":"u""#), Bound(#""user":7"#, .invalidType),
            Bound(#""service_tier":"auto""#), Bound(#""service_tier":[]"#, .invalidType),
            Bound(#""stream":true"#), Bound(#""stream":"yes""#, .invalidType),
            Bound(#""stream_options":{"include_usage":true,"include_obfuscation":false,"x":1}"#),
            Bound(#""stream_options":{"include_obfuscation":1}"#, .invalidType, "/stream_options/include_obfuscation"),
        ]

    static let lists: [Bound] = [
        Bound(#""stop":"x""#), Bound(#""stop":null"#), Bound(#""stop":[]"#), Bound(#""stop":["a","b","c","d"]"#),
        Bound(#""stop":["a","b","c","d","e"]"#, .invalidValue), Bound(#""stop":7"#, .invalidType),
        Bound(#""stop":["a",7]"#, .invalidType, "/stop/1"),
        Bound(#""logit_bias":{"5":-100,"6":100}"#), Bound(#""logit_bias":{"5":101}"#, .invalidValue, "/logit_bias/5"),
        Bound(#""logit_bias":[]"#, .invalidType),
        Bound(#""modalities":["text","audio"]"#), Bound(#""modalities":"text""#, .invalidType),
        Bound("\"metadata\":\(pairs(16))"), Bound("\"metadata\":\(pairs(17))", .invalidValue),
        Bound(#""metadata":{"a":1}"#, .invalidType, "/metadata/a"),
        Bound(#""metadata":{"a/b~c":1}"#, .invalidType, "/metadata/a~1b~0c"),
        Bound(#""metadata":[]"#, .invalidType),
        Bound("\"metadata\":{\"a\":\"\(String(repeating: "é", count: 512))\"}"),
        Bound("\"metadata\":{\"a\":\"\(String(repeating: "x", count: 513))\"}", .invalidValue, "/metadata/a"),
        Bound("\"metadata\":{\"\(String(repeating: "k", count: 64))\":\"\"}"),
        Bound(
            "\"metadata\":{\"\(String(repeating: "k", count: 65))\":\"\"}", .invalidValue,
            "/metadata/" + String(repeating: "k", count: 65)),
        Bound(#""audio":{"voice":"alloy","format":"wav"}"#), Bound(#""audio":"loud""#, .invalidType),
        Bound(#""prediction":{"type":"content","content":"x"}"#), Bound(#""web_search_options":{}"#),
    ]

    static let structures: [Bound] = [
        Bound("\"tools\":\(tools(1))"), Bound("\"tools\":\(tools(128))"), Bound(#""tools":[]"#),
        Bound("\"tools\":\(tools(129))", .invalidValue), Bound(#""tools":{}"#, .invalidType),
        Bound(#""tools":[7]"#, .invalidType, "/tools/0"), Bound(#""tools":[{}]"#, .missingField, "/tools/0/type"),
        Bound(#""tools":[{"type":"magic"}]"#, .invalidValue, "/tools/0/type"),
        Bound(#""tools":[{"type":"function"}]"#, .missingField, "/tools/0/function"),
        Bound(#""tools":[{"type":"function","function":{}}]"#, .missingField, "/tools/0/function/name"),
        Bound(
            #""tools":[{"type":"function","function":{"name":"a b"}}]"#, .invalidValue, "/tools/0/function/name"),
        Bound(
            #""tools":[{"type":"function","function":{"name":"f","parameters":[]}}]"#, .invalidType,
            "/tools/0/function/parameters"),
        Bound(
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"\(String(repeating: "n", count: 64))\",\"strict\":true,\"description\":\"d\",\"parameters\":{}}}]"
        ),
        Bound(
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"\(String(repeating: "n", count: 65))\"}}]",
            .invalidValue, "/tools/0/function/name"),
        Bound(
            #""tools":[{"type":"function","type":"function","function":{"name":"f"}}]"#, .duplicateField,
            "/tools/0/type"),
        Bound(#""tools":[{"type":"custom","custom":{"name":"c"}}]"#),
        Bound(#""tool_choice":"auto""#), Bound(#""tool_choice":"none""#), Bound(#""tool_choice":"required""#),
        Bound(#""tool_choice":"maybe""#, .invalidValue), Bound(#""tool_choice":7"#, .invalidType),
        Bound(#""tool_choice":{"type":"function","function":{"name":"f"}}"#),
        Bound(#""tool_choice":{"type":"function"}"#, .missingField, "/tool_choice/function"),
        Bound(#""tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}}"#),
        Bound(#""functions":[{"name":"f","parameters":{}}]"#), Bound(#""function_call":{"name":"f"}"#),
        Bound(#""function_call":"required""#, .invalidValue),
        Bound(#""response_format":{"type":"text"}"#), Bound(#""response_format":{"type":"json_object"}"#),
        Bound(#""response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{}}}"#),
        Bound(#""response_format":"json""#, .invalidType),
        Bound(#""response_format":{}"#, .missingField, "/response_format/type"),
        Bound(#""response_format":{"type":"xml"}"#, .invalidValue, "/response_format/type"),
        Bound(#""response_format":{"type":"json_schema"}"#, .missingField, "/response_format/json_schema"),
        Bound(
            #""response_format":{"type":"json_schema","json_schema":{"schema":{}}}"#, .missingField,
            "/response_format/json_schema/name"),
        Bound(
            #""response_format":{"type":"json_schema","json_schema":{"name":"a b"}}"#, .invalidValue,
            "/response_format/json_schema/name"),
        Bound(
            #""response_format":{"type":"json_schema","json_schema":{"name":"n","schema":[]}}"#, .invalidType,
            "/response_format/json_schema/schema"),
    ]

    static let seedModels = Array(Catalogue.seed.models.prefix(4))

    @Test(arguments: seedModels, numbers + words + lists + structures)
    func `each bound holds for each model`(model: Model, bound: Bound) {
        let body = #"{"model":"m","messages":[{"role":"user","content":"x"}],\#(bound.member)}"#
        do throws(GatewayError) {
            _ = try prepared(body, for: model)
            #expect(bound.reason == nil)
        } catch {
            #expect(error.reason == bound.reason)
            #expect(error.param == bound.param)
            #expect(error.reason.status == 400)
        }
    }

    @Test func `a model's own bounds count`() {
        let narrow = model(publishing: [
            PublishedParameter(name: "temperature", kind: .number, minimum: 0, maximum: 1),
            PublishedParameter(name: "n", kind: .integer, exclusiveMinimum: 0, exclusiveMaximum: 2),
        ])
        #expect(throws: Never.self) { _ = try prepared(with(#""temperature":1,"n":1"#), for: narrow) }
        #expect(throws: GatewayError.self) { _ = try prepared(with(#""temperature":1.1"#), for: narrow) }
        #expect(throws: GatewayError.self) { _ = try prepared(with(#""n":2"#), for: narrow) }
    }

    @Test func `the first fault in the body is told`() {
        let body = #"{"top_p":7,"messages":[{"role":"x"}],"temperature":9,"model":"m"}"#
        let error = #expect(throws: GatewayError.self) { _ = try prepared(body) }
        #expect(error?.param == "top_p")
        let later = #"{"messages":[{"role":"user","content":"x"},{"content":7,"role":"x"}],"n":0,"model":"m"}"#
        #expect(#expect(throws: GatewayError.self) { _ = try prepared(later) }?.param == "/messages/1/content")
    }

    @Test func `every parameter has its own name`() {
        #expect(ChatParameter.names.count == ChatParameter.allCases.count)
        #expect(Set(ChatParameter.names.map { "\($0)" }).count == ChatParameter.allCases.count)
        #expect(ChatParameter(name: "top_p") == .topP)
        #expect(ChatParameter(name: "n") == .choices)
        #expect(ChatParameter(name: "prompt_cache_key") == .promptCacheKey)
        #expect(ChatParameter(name: "magic") == nil)
    }

    @Test func `a body of very many values is refused before it is taken apart`() {
        let many = #"{"model":"m","messages":[\#(String(repeating: "1,", count: 3 << 20))1]}"#
        #expect(#expect(throws: GatewayError.self) { _ = try request(many) }?.reason == .invalidBody)
    }

    private func with(_ members: String) -> String {
        #"{"model":"m","messages":[{"role":"user","content":"x"}],\#(members)}"#
    }
}
