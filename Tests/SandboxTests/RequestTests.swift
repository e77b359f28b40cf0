import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox requests")
struct RequestTests {
    struct Refused: CustomTestStringConvertible, Sendable {
        var body: String
        var param: String?
        var code: String?
        var contains: String
        var status = 400
        var testDescription: String { body }
    }

    static let hi = #""messages":[{"role":"user","content":"hi"}]"#
    static let mini = #""model":"gpt-4.1-mini""#
    static func with(_ more: String, model: String = "gpt-4.1-mini") -> String {
        #"{"model":"\#(model)",\#(hi),\#(more)}"#
    }
    static func messages(_ list: String, model: String = "gpt-4.1-mini") -> String {
        #"{"model":"\#(model)","messages":\#(list)}"#
    }

    static let refused: [Refused] = [
        Refused(body: "{", contains: "could not parse the JSON"), Refused(body: "[1]", contains: "to be an object"),
        Refused(body: "{\(hi)}", contains: "you must provide a model parameter"),
        Refused(
            body: #"{"model":7,\#(hi)}"#, param: "model", code: "invalid_type",
            contains: "expected a string, but got an integer"),
        Refused(
            body: #"{"model":"gpt-9",\#(hi)}"#, code: "model_not_found", contains: "The model `gpt-9` does not exist",
            status: 404),
        Refused(body: "{\(mini)}", param: "messages", code: "missing_required_parameter", contains: "'messages'"),
        Refused(body: messages("null"), param: "messages", code: "missing_required_parameter", contains: "Missing"),
        Refused(
            body: messages(#""hi""#), param: "messages", code: "invalid_type",
            contains: "expected an array of objects, but got a string"),
        Refused(body: messages("[]"), param: "messages", code: "empty_array", contains: "empty array"),
        Refused(body: messages("[3]"), param: "messages[0]", code: "invalid_type", contains: "expected an object"),
        Refused(
            body: messages(#"[{"content":"x"}]"#), param: "messages[0].role", code: "missing_required_parameter",
            contains: "role"),
        Refused(
            body: messages(#"[{"role":"king","content":"x"}]"#), param: "messages[0].role", code: "invalid_value",
            contains: "Invalid value: 'king'"),
        Refused(
            body: messages(#"[{"role":"user"}]"#), param: "messages[0].content", contains: "expected a string, got null"
        ),
        Refused(
            body: messages(#"[{"role":"user","content":{}}]"#), param: "messages[0].content", code: "invalid_type",
            contains: "got an object"),
        Refused(
            body: messages(#"[{"role":"user","content":[{"type":"smell"}]}]"#), param: "messages[0].content[0].type",
            code: "invalid_value", contains: "smell"),
        Refused(
            body: messages(#"[{"role":"user","content":[{"type":"text"}]}]"#), param: "messages[0].content[0].text",
            code: "missing_required_parameter", contains: "text"),
        Refused(
            body: messages(
                #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}]}]"#,
                model: "o3-mini"), param: "messages[0].content[0].type", contains: "only supported by certain models"),
        Refused(
            body: messages(
                #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]"#),
            code: "invalid_image_format", contains: "unsupported image"),
        Refused(
            body: messages(#"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x"}}]}]"#),
            param: "messages[0].content[0].image_url.url", code: "invalid_image_url", contains: "image URL"),
        Refused(
            body: messages(#"[{"role":"tool","content":"x"}]"#), param: "messages[0].tool_call_id",
            code: "missing_required_parameter", contains: "tool_call_id"),
        Refused(
            body: messages(#"[{"role":"tool","tool_call_id":"c","content":"x"}]"#), param: "messages[0].role",
            contains: "must be a response to a preceeding message"),
        Refused(
            body: messages(
                #"[{"role":"assistant","tool_calls":[{"id":"c9","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"x"}]"#
            ), param: "messages[1].role", contains: "did not have response messages: c9"),
        Refused(
            body: messages(#"[{"role":"assistant","tool_calls":[{"id":"c9","type":"function"}]}]"#),
            param: "messages[0].tool_calls[0].function", code: "missing_required_parameter", contains: "function"),
        Refused(
            body: with(#""temperature":2.5"#), param: "temperature", code: "decimal_above_max_value",
            contains: "<= 2, but got 2.5"),
        Refused(body: with(#""temperature":"hot""#), param: "temperature", code: "invalid_type", contains: "a decimal"),
        Refused(body: with(#""top_p":-1"#), param: "top_p", code: "decimal_below_min_value", contains: ">= 0"),
        Refused(body: with(#""n":0"#), param: "n", code: "integer_below_min_value", contains: ">= 1"),
        Refused(body: with(#""n":200"#), param: "n", code: "integer_above_max_value", contains: "<= 128"),
        Refused(body: with(#""stream":"yes""#), param: "stream", code: "invalid_type", contains: "a boolean"),
        Refused(
            body: with(#""stream_options":{"include_usage":true}"#), param: "stream_options",
            contains: "'stream' is enabled"),
        Refused(
            body: with(#""stop":["a","b","c","d","e"]"#), param: "stop", code: "array_above_max_length",
            contains: "maximum length 4"),
        Refused(body: with(#""stop":[1]"#), param: "stop", code: "invalid_type", contains: "array of strings"),
        Refused(body: with(#""top_logprobs":3"#), param: "top_logprobs", contains: "'logprobs' is enabled"),
        Refused(
            body: with(#""logprobs":true,"top_logprobs":21"#), param: "top_logprobs", code: "integer_above_max_value",
            contains: "<= 20"),
        Refused(
            body: with(#""reasoning_effort":"huge""#), param: "reasoning_effort", code: "invalid_value",
            contains: "'low', 'medium', 'high'"),
        Refused(body: with(#""max_tokens":0"#), param: "max_tokens", code: "integer_below_min_value", contains: ">= 1"),
        Refused(
            body: with(#""max_tokens":40000"#), param: "max_tokens", code: "invalid_value",
            contains: "at most 32768 completion tokens"),
        Refused(
            body: with(#""max_tokens":5"#, model: "o4-mini"), param: "max_tokens", code: "unsupported_parameter",
            contains: "Use 'max_completion_tokens' instead."),
        Refused(
            body: with(#""temperature":0.7"#, model: "o3-mini"), param: "temperature", code: "unsupported_value",
            contains: "does not support 0.7"),
        Refused(
            body: with(#""top_p":0.9"#, model: "o4-mini"), param: "top_p", code: "unsupported_parameter",
            contains: "'top_p' is not supported"),
        Refused(
            body: with(#""response_format":{"type":"xml"}"#), param: "response_format.type", code: "invalid_value",
            contains: "xml"),
        Refused(
            body: with(#""response_format":{"type":"json_schema"}"#), param: "response_format.json_schema",
            code: "missing_required_parameter", contains: "json_schema"),
        Refused(
            body: with(#""response_format":{"type":"json_schema","json_schema":{"name":"x"}}"#),
            param: "response_format.json_schema.schema", code: "missing_required_parameter", contains: "schema"),
        Refused(
            body: with(#""tools":[{"type":"web"}]"#), param: "tools[0].type", code: "invalid_value",
            contains: "'function'"),
        Refused(
            body: with(#""tools":[{"type":"function"}]"#), param: "tools[0].function",
            code: "missing_required_parameter", contains: "function"),
        Refused(
            body: with(#""tools":[{"type":"function","function":{"name":"a b"}}]"#), param: "tools[0].function.name",
            code: "invalid_value", contains: "does not match pattern"),
        Refused(body: with(#""tool_choice":"auto""#), param: "tool_choice", contains: "when 'tools' are specified"),
        Refused(
            body: with(#""parallel_tool_calls":true"#), param: "parallel_tool_calls",
            contains: "when 'tools' are specified"),
        Refused(
            body: with(
                #""tools":[{"type":"function","function":{"name":"a"}}],"tool_choice":{"type":"function","function":{"name":"b"}}"#
            ), param: "tool_choice", code: "invalid_value", contains: "'b'"),
        Refused(
            body: messages(
                #"[{"role":"user","content":"\#(String(repeating: "word", count: 128_000))"}]"#, model: "gpt-5.4-mini"),
            param: "messages", code: "context_length_exceeded", contains: "resulted in 128007 tokens"),
    ]

    @Test(arguments: refused)
    func `a bad request is refused in the vendor's words`(wrong: Refused) throws {
        let error = try #require(throws: VendorError.self) {
            try ChatRequestReading(models: SandboxModel.builtIn).read(Array(wrong.body.utf8))
        }
        #expect(error.status == wrong.status && error.type == "invalid_request_error")
        #expect(error.param == wrong.param && error.code == wrong.code)
        #expect(error.message.contains(wrong.contains), "\(error.message)")
        #expect(try JSONValue(parsing: error.body)["error"]?.objectValue?.keys == ["message", "type", "param", "code"])
    }

    @Test(arguments: [
        #""temperature":1,"top_p":1.0,"max_completion_tokens":100000"#,
        #""seed":-5,"user":"u","stop":null,"n":null,"tools":null"#,
        #""tools":[],"presence_penalty":0.5,"metadata":{"a":"b"},"unheard_of":1"#,
        #""reasoning_effort":"none","stream":false"#,
    ])
    func `a good request is taken`(more: String) throws {
        _ = try ChatRequestReading(models: SandboxModel.builtIn).read(Array(Self.with(more, model: "o4-mini").utf8))
    }

    @Test func `the newer limit wins`() throws {
        #expect(try read(body("gpt-4.1-mini", "x", ["max_completion_tokens": 7, "max_tokens": 9])).maximumTokens == 7)
    }

    @Test func `delivery does not change what a request asks`() throws {
        let plain = body("gpt-4.1-mini", "x", ["temperature": 1])
        let others = [
            plain.streamed, plain.with("user", "me"), plain.with("max_tokens", 9),
            plain.with("temperature", .number(JSONNumber(spelling: "1.0")!)),
            .object(JSONObject(members: plain.objectValue!.members.reversed())),
        ]
        for other in others { #expect(try read(other).fingerprint == read(plain).fingerprint) }
        for other in [
            plain.with("seed", 1), plain.with("temperature", 0), body("gpt-4.1-mini", "y"), body("o4-mini", "x"),
        ] {
            #expect(try read(other).fingerprint != read(plain).fingerprint)
        }
    }

    @Test(arguments: [("", 7), ("word", 8), ("words", 9), ("日本", 9)])
    func `prompt tokens are counted as documented`(words: String, tokens: Int) throws {
        #expect(try TokenEstimate.prompt(read(body("gpt-4.1-mini", words))) == tokens)
    }
}
