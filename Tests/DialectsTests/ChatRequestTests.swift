import Domain
import JSON
import Testing

@testable import Dialects

/// A model whose vendor calls it `upstream`.
func model(
    _ limit: OutputLimitName = .either, capabilities: [String] = [], maximumOutput: Int? = nil,
    refusing unsupported: [ChatParameter] = [], publishing parameters: [PublishedParameter] = []
) -> Model {
    Model(
        id: ModelID("openai/o4-mini"), provider: ProviderID("openai"), upstreamName: "upstream", name: "",
        providerName: "", family: "", modality: .text, modalities: [], summary: "",
        maximumOutput: maximumOutput, capabilities: capabilities, outputLimitName: limit, parameters: parameters,
        unsupportedParameters: unsupported)
}

func request(_ body: String, depth: Int = 512) throws(GatewayError) -> ChatRequest {
    try ChatRequest(bytes(body), scanner: JSONScanner(), maximumDepth: depth)
}

func prepared(_ body: String, for model: Model = model()) throws(GatewayError) -> PreparedChat {
    try request(body).prepared(for: model)
}

/// What goes to the vendor.
func upstream(_ body: String, _ limit: OutputLimitName = .either) throws -> String {
    text(try prepared(body, for: model(limit)).body)
}

struct Refusal: Sendable, CustomTestStringConvertible {
    let body: String
    let reason: ErrorReason
    let param: String?

    init(_ body: String, _ reason: ErrorReason, _ param: String? = nil) {
        self.body = body
        self.reason = reason
        self.param = param
    }

    var testDescription: String { String(body.prefix(80)) }
}

private let messages = #""messages":[{"role":"user","content":"x"}]"#

@Suite("Chat requests")
struct ChatRequestTests {
    static let refusals: [Refusal] = [
        Refusal("", .invalidBody), Refusal("  \n", .invalidBody), Refusal("hello", .invalidBody),
        Refusal("{", .invalidBody), Refusal("[]", .invalidBody), Refusal("null", .invalidBody),
        Refusal("1", .invalidBody), Refusal(#""text""#, .invalidBody),
        Refusal(#"{"model":"m",\#(messages)}x"#, .invalidBody),
        Refusal(#"{"model":"m",\#(messages),}"#, .invalidBody),
        Refusal(#"{"model":"m","messages":[{"content":\#(String(repeating: "[", count: 600))"#, .invalidBody),
        Refusal("{}", .missingField, "model"), Refusal("{\(messages)}", .missingField, "model"),
        Refusal(#"{"model":null,\#(messages)}"#, .missingField, "model"),
        Refusal(#"{"model":7,\#(messages)}"#, .invalidType, "model"),
        Refusal(#"{"model":["m"],\#(messages)}"#, .invalidType, "model"),
        Refusal(#"{"model":{},\#(messages)}"#, .invalidType, "model"),
        Refusal(#"{"model":true,\#(messages)}"#, .invalidType, "model"),
        Refusal(#"{"model":"m"}"#, .missingField, "messages"),
        Refusal(#"{"model":"m","messages":null}"#, .missingField, "messages"),
        Refusal(#"{"model":"m","messages":"x"}"#, .invalidType, "messages"),
        Refusal(#"{"model":"m","messages":{}}"#, .invalidType, "messages"),
        Refusal(#"{"model":"m","messages":[]}"#, .invalidValue, "messages"),
        Refusal(#"{"model":"m","messages":["x"]}"#, .invalidType, "/messages/0"),
        Refusal(#"{"model":"m",\#(messages.dropLast()),null]}"#, .invalidType, "/messages/1"),
        Refusal(#"{"model":"m",\#(messages),"stream":"true"}"#, .invalidType, "stream"),
        Refusal(#"{"model":"m",\#(messages),"stream":1}"#, .invalidType, "stream"),
        Refusal(#"{"model":"m",\#(messages),"stream_options":true}"#, .invalidType, "stream_options"),
        Refusal(#"{"model":"m",\#(messages),"stream_options":[]}"#, .invalidType, "stream_options"),
        Refusal(
            #"{"model":"m",\#(messages),"stream_options":{"include_usage":"yes"}}"#, .invalidType,
            "/stream_options/include_usage"),
        Refusal(#"{"model":"m",\#(messages),"model":"m"}"#, .duplicateField, "model"),
        Refusal(#"{"model":"m",\#(messages),"mod\u0065l":"n"}"#, .duplicateField, "model"),
        Refusal(#"{"model":"m",\#(messages),\#(messages)}"#, .duplicateField, "messages"),
        Refusal(#"{"model":"m",\#(messages),"stream":true,"stream":false}"#, .duplicateField, "stream"),
        Refusal(
            #"{"model":"m",\#(messages),"stream_options":{},"stream_options":null}"#, .duplicateField, "stream_options"),
    ]

    @Test(arguments: refusals)
    func `a bad body is refused with its reason and the member at fault`(refusal: Refusal) {
        let error = #expect(throws: GatewayError.self) { _ = try prepared(refusal.body) }
        #expect(error?.reason == refusal.reason)
        #expect(error?.param == refusal.param)
        #expect(error?.message.isEmpty == false)
    }

    @Test func `a body is refused for invalid UTF-8 and for depth`() {
        let broken = bytes(#"{"model":"m","messages":[{"content":""#) + [0xff] + bytes(#""}]}"#)
        let error = #expect(throws: GatewayError.self) {
            _ = try ChatRequest(broken, scanner: JSONScanner(), maximumDepth: 512)
        }
        #expect(error?.reason == .invalidBody)
        let deep = #"{"model":"m",\#(messages),"x":[[[[]]]]}"#
        #expect(throws: Never.self) { _ = try request(deep, depth: 5) }
        #expect(throws: GatewayError.self) { _ = try request(deep, depth: 4) }
    }

    @Test(
        "What is asked for is read",
        arguments: [
            ("", false, false), (#","stream":null"#, false, false), (#","stream":false"#, false, false),
            (#","stream":true"#, true, false), (#","stream":true,"stream_options":null"#, true, false),
            (#","stream":true,"stream_options":{}"#, true, false),
            (#","stream":true,"stream_options":{"include_usage":false}"#, true, false),
            (#","stream":true,"stream_options":{"include_usage":null}"#, true, false),
            (#","stream":true,"stream_options":{"include_usage":true}"#, true, true),
        ])
    func wishes(more: String, isStream: Bool, wantsUsage: Bool) throws {
        let read = try request(#"{"model":"a\u002fb",\#(messages)\#(more)}"#)
        #expect(read.model == "a/b")
        let wishes = try read.prepared(for: model()).wishes
        #expect(wishes.isStream == isStream)
        #expect(wishes.wantsUsageChunk == wantsUsage)
    }

    @Test(
        "Usage is asked for on every stream",
        arguments: [
            ("", ""), (#","stream":false,"stream_options":null"#, #","stream":false,"stream_options":null"#),
            (#","stream":true"#, #","stream":true,"stream_options":{"include_usage":true}"#),
            (#","stream":true,"stream_options": null"#, #","stream":true,"stream_options": {"include_usage":true}"#),
            (#","stream":true,"stream_options":{}"#, #","stream":true,"stream_options":{"include_usage":true}"#),
            (
                #","stream_options":{ "include_usage" : false, "x":1 },"stream":true"#,
                #","stream_options":{ "include_usage" : true, "x":1 },"stream":true"#
            ),
            (
                #","stream":true,"stream_options":{"x":1}"#,
                #","stream":true,"stream_options":{"x":1,"include_usage":true}"#
            ),
            (
                #","stream":true,"stream_options":{ "include_usage":true}"#,
                #","stream":true,"stream_options":{ "include_usage":true}"#
            ),
        ])
    func usage(more: String, sent: String) throws {
        #expect(
            try upstream(#"{"model":"m",\#(messages)\#(more)}"#) == #"{"model":"upstream",\#(messages)\#(sent)}"#)
    }

    @Test(
        "The limit of the output goes up under the name the model wants",
        arguments: [
            (OutputLimitName.either, #","max_tokens":5"#, #","max_tokens":5"#),
            (.either, #","max_completion_tokens":5"#, #","max_completion_tokens":5"#),
            (.either, #","max_tokens":5,"max_completion_tokens":6"#, #","max_completion_tokens":6"#),
            (.maxCompletionTokens, #","max_tokens": 5"#, #","max_completion_tokens": 5"#),
            (.maxCompletionTokens, #","max_\u0074okens":5"#, #","max_completion_tokens":5"#),
            (.maxCompletionTokens, #","max_completion_tokens":6,"max_tokens":5"#, #","max_completion_tokens":6"#),
            (
                .maxCompletionTokens, #","max_completion_tokens":6,"stream":true,"max_tokens":5"#,
                #","max_completion_tokens":6,"stream":true,"stream_options":{"include_usage":true}"#
            ),
        ])
    func limits(limit: OutputLimitName, more: String, sent: String) throws {
        #expect(
            try upstream(#"{"model":"m",\#(messages)\#(more)}"#, limit)
                == #"{"model":"upstream",\#(messages)\#(sent)}"#)
    }

    @Test(arguments: 0..<200)
    func `all but the model's name goes up byte for byte`(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let (before, after) = RandomBody.around(&random)
        let name = random.pick([#""openai/o4-mini""#, #""a""#, #""\u006f4""#, #""\"quoted\"""#])
        #expect(try upstream(before + name + after) == before + #""upstream""# + after)
    }
}

/// Bodies that are not streams, in every spelling JSON allows, cut in two where the model's name stands.
enum RandomBody {
    static func around(_ random: inout SeededRandom) -> (before: String, after: String) {
        let mark = "\u{1}"
        var members = ["\"model\"\(space(&random)):\(space(&random))\(mark)"]
        let message = "{\"role\":\"user\",\"content\":\(content(&random)),\"x\":\(value(&random, 2))}"
        members.append("\"messages\":\(space(&random))[\(message)]")
        if Bool.random(using: &random) {
            members.append("\"temperature\":\(space(&random))\(random.pick(["0", "1.50", "2.0"]))")
        }
        for number in 0..<random.below(8) { members.append("\"x\(number)\"\(space(&random)):\(value(&random, 3))") }
        members.shuffle(using: &random)
        let separator = "\(space(&random)),\(space(&random))"
        let body = "\(space(&random)){\(space(&random))\(members.joined(separator: separator))}\(space(&random))"
        let parts = body.split(separator: mark, omittingEmptySubsequences: false)
        return (String(parts[0]), String(parts[1]))
    }

    private static func space(_ random: inout SeededRandom) -> String {
        random.pick(["", "", " ", "\n", "\t ", "\r\n  "])
    }

    private static func content(_ random: inout SeededRandom) -> String {
        random.pick([
            #""""#, #""\u00e9\n""#, #""é🚀""#, #"[{"type":"text","text":"a\/b","y":[1.50]}]"#,
            #"[ {"text":"","cache_control":{"type":"ephemeral"},"ty\u0070e":"text"} , {"type":"refusal","refusal":"n"}]"#,
        ])
    }

    private static func value(_ random: inout SeededRandom, _ depth: Int) -> String {
        switch random.below(depth == 0 ? 3 : 5) {
        case 0: random.pick(["0", "-0", "1.50", "1E5", "1e-05", "0.1e+1", "9007199254740993", "1e400", "-2.0"])
        case 1: random.pick(["true", "false", "null"])
        case 2:
            random.pick([#""""#, #""\u00e9""#, #""é🚀""#, #""a\/b\n""#, #""model""#, #""\ud83d\ude80""#, #""}],{""#])
        case 3: "[\((0..<random.below(4)).map { _ in value(&random, depth - 1) }.joined(separator: ","))]"
        default:
            "{\((0..<random.below(4)).map { "\"model\($0)\":\(value(&random, depth - 1))" }.joined(separator: " , "))}"
        }
    }
}

/// Repeatable randomness (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
    mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }
}
