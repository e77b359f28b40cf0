import Domain
import JSON
import Testing

@testable import Dialects

private let counted = #""usage":{ "prompt_tokens":1 }"#

@Suite("Chat answers")
struct ChatAnswerTests {
    private func answer(_ body: String) throws(GatewayError) -> ChatAnswer {
        try ChatAnswer(
            bytes(body), model: ModelID("openai/o4-mini"), promptEstimate: 10, scanner: JSONScanner())
    }

    @Test(
        "The model bears its public name, all else stays byte for byte",
        arguments: [
            (
                #"{"model":"o4-mini-2025","choices":[],\#(counted)}"#,
                #"{"model":"openai/o4-mini","choices":[],\#(counted)}"#
            ),
            (
                #"{ "choices" : [ {"x":1.50} ], \#(counted) ,"mod\u0065l":null , "y":"é" } "#,
                #"{ "choices" : [ {"x":1.50} ], \#(counted) ,"mod\u0065l":"openai/o4-mini" , "y":"é" } "#
            ),
            (#"{"choices":[],\#(counted)}"#, #"{"choices":[],\#(counted)}"#),
        ])
    func renamed(received: String, sent: String) throws {
        #expect(text(try answer(received).body) == sent)
    }

    @Test(arguments: ["", "{", "[]", "null", "<html>", #"{"hello":1}"#, #"{"choices":null}"#, #"{"choices":{}}"#])
    func `what is no answer is an error of the provider`(body: String) {
        let error = #expect(throws: GatewayError.self) { _ = try answer(body) }
        #expect(error?.reason == .providerError)
    }

    struct Usage: Sendable, CustomTestStringConvertible {
        let json: String
        let read: TokenUsage?
        var testDescription: String { json }
    }

    static let usages: [Usage] = [
        Usage(json: "null", read: nil), Usage(json: "{}", read: nil), Usage(json: "[1]", read: nil),
        Usage(json: #"{"prompt_tokens":null}"#, read: nil), Usage(json: #"{"prompt_tokens":"9"}"#, read: nil),
        Usage(json: #"{"prompt_tokens":-1}"#, read: nil), Usage(json: #"{"prompt_tokens":1.5}"#, read: nil),
        Usage(json: #"{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807}"#, read: nil),
        Usage(json: #"{"prompt_tokens":1e300}"#, read: nil),
        Usage(json: #"{"prompt_tokens":0}"#, read: TokenUsage()),
        Usage(
            json: #"{"prompt_tokens":9,"completion_tokens":3}"#,
            read: TokenUsage(promptTokens: 9, completionTokens: 3, totalTokens: 12)),
        Usage(
            json: #"{"prompt_tokens":9,"completion_tokens":3,"total_tokens":40}"#,
            read: TokenUsage(promptTokens: 9, completionTokens: 3, totalTokens: 40)),
        Usage(json: #"{"completion_tokens":3}"#, read: TokenUsage(completionTokens: 3, totalTokens: 3)),
        Usage(
            json: #"""
                {"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":4},
                "completion_tokens_details":{"reasoning_tokens":2}}
                """#,
            read: TokenUsage(
                promptTokens: 9, completionTokens: 3, totalTokens: 12, cachedPromptTokens: 4, reasoningTokens: 2)),
        Usage(
            json: #"""
                {"prompt_tokens":90,"completion_tokens":30,"total_tokens":120,
                "prompt_tokens_details":{"cached_tokens":4,"audio_tokens":5,"image_tokens":6,"cache_write_tokens":7},
                "completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":3,"image_tokens":4},"cost":0.1}
                """#,
            read: TokenUsage(
                promptTokens: 90, completionTokens: 30, totalTokens: 120, cachedPromptTokens: 4, reasoningTokens: 2,
                cacheWriteTokens: 7, promptAudioTokens: 5, promptImageTokens: 6, completionAudioTokens: 3,
                completionImageTokens: 4)),
        Usage(
            json: #"{"prompt_tokens":9,"cache_read_input_tokens":4,"cache_creation_input_tokens":5}"#,
            read: TokenUsage(promptTokens: 9, totalTokens: 9, cachedPromptTokens: 4, cacheWriteTokens: 5)),
        Usage(
            json: #"{"prompt_tokens":9,"prompt_tokens_details":null,"completion_tokens_details":[]}"#,
            read: TokenUsage(promptTokens: 9, totalTokens: 9)),
    ]

    @Test(arguments: usages)
    func `usage is what the vendor counted, and nothing when it did not`(usage: Usage) throws {
        #expect(try answer(#"{"choices":[],"usage":\#(usage.json)}"#).usage == usage.read)
    }

    @Test func `an answer without usage has none`() throws {
        #expect(try answer(#"{"choices":[]}"#).usage == nil)
    }
}

@Suite("One name for thinking")
struct ReasoningNameTests {
    @Test(
        "Vendors' names for thinking become one",
        arguments: [
            (#"{"content":"a","reasoning":"t"}"#, #"{"content":"a","reasoning_content":"t"}"#),
            (#"{ "think\u0069ng" : "t" }"#, #"{ "reasoning_content" : "t" }"#),
            (#"{"reasoning_content":"t"}"#, #"{"reasoning_content":"t"}"#),
            (#"{"reasoning":"t","reasoning_content":"t"}"#, #"{"reasoning":"t","reasoning_content":"t"}"#),
            (#"{"reasoning":null,"thinking":{"x":1}}"#, #"{"reasoning":null,"thinking":{"x":1}}"#),
            (#"{"reasoning":"t","reasoning_content":null}"#, #"{"reasoning":"t","reasoning_content":"t"}"#),
            (#"{"content":"reasoning"}"#, #"{"content":"reasoning"}"#),
        ])
    func renamed(received: String, sent: String) throws {
        for (before, after) in [(#""model":"m","#, ""), ("", #","model":"m""#)] {
            func answer(_ message: String, _ name: String) -> String {
                let choices = #""choices":[{"index":0,"message":\#(message)},{"message":\#(message)}]"#
                return "{\(before)\(choices),\(counted)\(after)}".replacing(#""m""#, with: "\"\(name)\"")
            }
            let read = try ChatAnswer(
                bytes(answer(received, "vendor")), model: ModelID("openai/o4-mini"), promptEstimate: 10,
                scanner: JSONScanner())
            #expect(text(read.body) == answer(sent, "openai/o4-mini"))
        }
    }
}

@Suite("What was delivered")
struct DeliveredTextTests {
    private func whole(_ choices: String) throws -> TokenUsage {
        try ChatAnswer(
            bytes(#"{"choices":[\#(choices)]}"#), model: ModelID("m"), promptEstimate: 10, scanner: JSONScanner()
        ).estimate
    }

    @Test(
        "A streamed answer and a whole one come to the same estimate",
        arguments: [
            (#"{"index":0,"message":{"content":""}}"#, [#"{"index":0,"delta":{}}"#], 4),
            (
                #"{"index":0,"message":{"role":"assistant","content":"hello"}}"#,
                [
                    #"{"index":0,"delta":{"role":"assistant"}}"#, #"{"index":0,"delta":{"content":"he"}}"#,
                    #"{"index":0,"delta":{"content":"llo"}}"#,
                ], 6
            ),
            (
                #"{"index":0,"message":{"content":"\n\u00e9\ud83d\ude80\u4e2d"}}"#,
                [#"{"index":0,"delta":{"content":"\né🚀"}}"#, #"{"index":0,"delta":{"content":"中"}}"#], 7
            ),
            (
                #"{"index":0,"message":{"content":"\ud83d\ude80"}}"#, [#"{"index":0,"delta":{"content":"🚀"}}"#], 5
            ),
            (
                #"{"index":0,"message":{"reasoning":"aaaa","content":"b"}},{"index":1,"message":{"refusal":"c"}}"#,
                [
                    #"{"index":1,"delta":{"refusal":"c"}}"#, #"{"index":0,"delta":{"reasoning":"aaaa"}}"#,
                    #"{"index":0,"delta":{"content":"b"}}"#,
                ], 10
            ),
            (
                #"{"index":0,"message":{"tool_calls":[{"id":"c","function":{"name":"ff","arguments":"{}"}}]}}"#,
                [
                    #"{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"ff","arguments":""}}]}}"#,
                    #"{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}"#,
                ], 5
            ),
        ])
    func estimate(whole answer: String, streamed: [String], completion: Int) throws {
        let wanted = TokenUsage(promptTokens: 10, completionTokens: completion, totalTokens: 10 + completion)
        #expect(try whole(answer) == wanted)
        let stream = streamed.map { "data: {\"choices\":[\($0)]}\n\n" }.joined()
        #expect(try Tapped(stream).tap.estimate == wanted)
    }

    @Test func `of each count the latest frame's is kept`() throws {
        let stream = [
            #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":4}}}"#,
            #"{"choices":[],"usage":{"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":2}}}"#,
            #"{"choices":[],"usage":null}"#, #"{"choices":[],"usage":{"completion_tokens":7}}"#,
        ].map { "data: \($0)\n\n" }.joined()
        #expect(
            try Tapped(stream).tap.usage
                == TokenUsage(
                    promptTokens: 9, completionTokens: 7, totalTokens: 16, cachedPromptTokens: 4, reasoningTokens: 2))
    }
}

@Suite("Vendors' errors")
struct VendorErrorTests {
    private func error(_ status: Int, _ retryAfter: String? = nil, _ body: String = "") -> GatewayError {
        VendorError.answer(status: status, retryAfter: retryAfter, body: bytes(body), scanner: JSONScanner())
    }

    @Test(
        "A status becomes a reason",
        arguments: [
            (400, ErrorReason.upstreamRejected), (404, .upstreamRejected), (413, .upstreamRejected),
            (422, .upstreamRejected), (401, .providerError), (403, .providerError), (408, .upstreamTimeout),
            (504, .upstreamTimeout), (429, .upstreamSaturated), (503, .upstreamSaturated), (529, .upstreamSaturated),
            (500, .providerError), (502, .providerError), (301, .providerError), (302, .providerError),
            (204, .providerError), (599, .providerError), (0, .providerError),
        ])
    func reasons(status: Int, reason: ErrorReason) {
        #expect(error(status).reason == reason)
    }

    @Test(
        "Retry-After is at least a second and at most an hour",
        arguments: [
            (nil, 1), ("7", 7), ("0", 1), ("-5", 1), ("1.2", 2), ("99999", 3600), ("1e300", 3600), ("inf", 3600),
            ("-inf", 1), ("nan", 1), ("", 1), ("Wed, 21 Oct 2026 07:28:00 GMT", 1),
        ] as [(String?, Int)])
    func retryAfter(text: String?, seconds: Int) {
        #expect(error(429, text).retryAfterSeconds == seconds)
        #expect(error(500, text).retryAfterSeconds == nil)
    }

    @Test(
        "A refusal passes on the vendor's words and the member it names",
        arguments: [
            (#"{"error":{"message":"too hot","param":"temperature"}}"#, "too hot", "temperature"),
            (#"{"error":{"message":"too hot","param":null}}"#, "too hot", nil),
            (#"{"error":"too hot"}"#, "too hot", nil),
            (#"{"error":{}}"#, nil, nil), (#"{"error":7}"#, nil, nil), ("<html>no</html>", nil, nil), ("", nil, nil),
        ] as [(String, String?, String?)])
    func rejection(body: String, message: String?, param: String?) {
        let error = error(400, nil, body)
        #expect(error.message == message ?? "The provider refused the request without saying why.")
        #expect(error.param == param)
    }

    @Test func `words without end are cut, also when they are one character`() {
        let long = "e" + String(repeating: "\u{301}", count: 100_000)
        let error = error(400, nil, #"{"error":{"message":"\#(long)","param":"\#(long)"}}"#)
        #expect(error.message.utf8.count <= 8_000)
        #expect((error.param?.utf8.count ?? 0) <= 800)
    }

    @Test(arguments: [401, 403])
    func `what a vendor says about our key is not passed on`(status: Int) {
        let error = error(status, nil, #"{"error":{"message":"Incorrect API key provided: sk-vendor-secret"}}"#)
        #expect(!error.message.contains("sk-vendor"))
    }
}
