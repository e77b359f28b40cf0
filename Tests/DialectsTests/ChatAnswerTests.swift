import Domain
import JSON
import Testing

@testable import Dialects

@Suite("Chat answers")
struct ChatAnswerTests {
    private func answer(_ body: String) throws(GatewayError) -> ChatAnswer {
        try ChatAnswer(bytes(body), model: ModelID("openai/o4-mini"), scanner: JSONScanner())
    }

    @Test(
        "The model bears its public name, all else stays byte for byte",
        arguments: [
            (#"{"model":"o4-mini-2025","choices":[]}"#, #"{"model":"openai/o4-mini","choices":[]}"#),
            (
                #"{ "choices" : [ {"x":1.50} ], "mod\u0065l":null , "y":"é" } "#,
                #"{ "choices" : [ {"x":1.50} ], "mod\u0065l":"openai/o4-mini" , "y":"é" } "#
            ),
            (#"{"choices":[]}"#, #"{"choices":[]}"#),
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
