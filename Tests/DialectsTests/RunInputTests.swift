import Domain
import JSON
import Testing

@testable import Dialects

@Suite("Run inputs")
struct RunInputTests {
    private func input(_ body: String, isHosted: Bool = true) throws(GatewayError) -> RunInput {
        try RunInput(bytes(body), model: "@cf/meta/llama", isHosted: isHosted, scanner: JSONScanner())
    }

    static let member = #""model":"@cf/meta/llama""#

    @Test(
        "The model is put in, and every other byte stays",
        arguments: [
            (#"{"messages":[]}"#, #"{"messages":[],\#(member)}"#),
            (#"{ "messages" : [ ] , "x":1.50 } "#, #"{ "messages" : [ ] , "x":1.50,\#(member) } "#),
            (#"{"model":"other","messages":[]}"#, #"{\#(member),"messages":[]}"#),
            (
                #"{"input":"hi","tools":[{"name":"f","type":"function"}]}"#,
                #"{"input":"hi","tools":[{"name":"f","type":"function"}],\#(member)}"#
            ),
            (#"{"prompt":null,"messages":[]}"#, #"{"prompt":null,"messages":[],\#(member)}"#),
            (#"{"prompt":"Say \"hi\""}"#, #"{"messages":[{"role":"user","content":"Say \"hi\""}],\#(member)}"#),
            (
                #"{"stream":true,"prompt":"x","raw":false}"#,
                #"{"stream":true,"messages":[{"role":"user","content":"x"}],"raw":false,\#(member)}"#
            ),
            (
                #"{"messages":[],"tools":[{"name":"f","parameters":{}},{"type":"function","function":{"name":"g"}}]}"#,
                #"{"messages":[],"tools":[{"type":"function","function":{"name":"f","parameters":{}}},{"type":"function","function":{"name":"g"}}],\#(member)}"#
            ),
            (
                #"{"messages":[],"response_format":{"type":"json_schema","json_schema":{"type":"object"}}}"#,
                #"{"messages":[],"response_format":{"type":"json_schema","json_schema":{"name":"response","schema":{"type":"object"}}},\#(member)}"#
            ),
            (
                #"{"messages":[],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}}}"#,
                #"{"messages":[],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}},\#(member)}"#
            ),
        ])
    func hosted(body: String, expected: String) throws {
        #expect(text(try input(body).body) == expected)
        #expect(throws: Never.self) { _ = try JSONValue(parsing: bytes(expected)) }
    }

    @Test func `others get the model and nothing else`() throws {
        let body = #"{"messages":[],"tools":[{"name":"f"}],"response_format":{"type":"json_schema","json_schema":{}}}"#
        let expected = "\(body.dropLast()),\(Self.member)}"
        #expect(text(try input(body, isHosted: false).body) == expected)
    }

    @Test func `what is wanted is told`() throws {
        #expect(try input(#"{"messages":[]}"#).variant == .chat)
        #expect(try input(#"{"input":[],"messages":null}"#).variant == .responses)
        #expect(try input(#"{"prompt":"x","stream":true}"#).isStream)
        #expect(try !input(#"{"prompt":"x","stream":false}"#).isStream)
        #expect(try input(#"{"prompt":"x","response_format":{"type":"json_object"}}"#).wantsJSON)
        #expect(try !input(#"{"prompt":"x","response_format":{"type":"text"}}"#).wantsJSON)
    }

    @Test(arguments: [
        (#"{"messages":[],"input":"x"}"#, true, ErrorReason.invalidValue, "`messages` and `input`"),
        (#"{"messages":[],"prompt":"x"}"#, true, .invalidValue, "`messages` and `prompt`"),
        ("{}", true, .missingField, "`prompt`"), ("{}", false, .missingField, "`messages` or `input`"),
        (#"{"prompt":"x"}"#, false, .missingField, "`messages` or `input`"),
        (#"{"messages":null}"#, true, .missingField, "must have"), (#"{"prompt":7}"#, true, .invalidType, "`prompt`"),
        (#"{"prompt":""}"#, true, .invalidType, "`prompt`"), ("[]", true, .invalidBody, "object"),
        ("", true, .invalidBody, "empty"),
    ])
    func `both, neither and nonsense are refused`(
        body: String, isHosted: Bool, reason: ErrorReason, contains: String
    ) {
        let error = #expect(throws: GatewayError.self) { _ = try input(body, isHosted: isHosted) }
        #expect(error?.reason == reason)
        #expect(error?.message.contains(contains) == true)
    }

    @Test func `a converted body is a chat request`() throws {
        let run = try input(
            #"{"prompt":"Hello","max_tokens":9,"tools":[{"name":"f","description":"d","parameters":{"type":"object"}}]}"#
        )
        let chat = try ChatRequest(run.body, scanner: JSONScanner(), maximumDepth: 64)
        #expect(chat.model == "@cf/meta/llama")
        #expect(try chat.prepared(for: model()).wishes.outputBound == 9)
    }

    // MARK: Vectors

    @Test(arguments: [
        (#"{"text":["a","b"],"pooling":"cls"}"#, #"{"input":["a","b"],"pooling":"cls","model":"bge"}"#),
        (#"{"text":"a"}"#, #"{"input":"a","model":"bge"}"#), (#"{"input":"a"}"#, #"{"input":"a","model":"bge"}"#),
    ])
    func `text is the input of vectors`(body: String, expected: String) throws {
        #expect(text(try RunInput.embeddings(bytes(body), model: "bge", scanner: JSONScanner())) == expected)
    }

    @Test(arguments: ["{}", #"{"text":"a","input":"a"}"#, #"{"text":{}}"#, #"{"query":"a","contexts":[]}"#, "[]"])
    func `vectors of nothing are refused`(body: String) {
        #expect(throws: GatewayError.self) {
            _ = try RunInput.embeddings(bytes(body), model: "bge", scanner: JSONScanner())
        }
    }
}
