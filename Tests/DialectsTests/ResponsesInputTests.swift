import Domain
import JSON
import Testing

@testable import Dialects

@Suite("Responses, as chat requests")
struct ResponsesInputTests {
    private func chat(_ body: String) throws -> JSONValue {
        try JSONValue(parsing: try ResponsesInput(bytes(body), scanner: JSONScanner()).chat)
    }

    private func tree(_ text: String) throws -> JSONValue { try JSONValue(parsing: bytes(text)) }

    /// Of the items alone.
    private func messages(_ items: String) throws -> JSONValue? { try chat(#"{"input":\#(items)}"#)["messages"] }

    @Test(arguments: [
        (#"{"model":"m","input":"hi"}"#, #"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#),
        (
            #"{"input":"hi","instructions":"Be brief.","max_output_tokens":9,"temperature":0.50,"x":1}"#,
            #"{"temperature":0.50,"x":1,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi"}],"max_completion_tokens":9}"#
        ),
        (
            #"{"input":"hi","reasoning":{"effort":"low","summary":"auto"},"text":{"verbosity":"low","format":{"type":"text"}},"top_logprobs":2}"#,
            #"{"messages":[{"role":"user","content":"hi"}],"reasoning_effort":"low","logprobs":true,"top_logprobs":2,"verbosity":"low"}"#
        ),
        (
            #"{"input":"hi","text":{"format":{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}}}}"#,
            #"{"messages":[{"role":"user","content":"hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}}}"#
        ),
        (
            #"{"input":"hi","tools":[{"type":"function","name":"f","parameters":{},"strict":true}],"tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false}"#,
            #"{"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":{},"strict":true}}],"parallel_tool_calls":false,"tool_choice":{"type":"function","function":{"name":"f"}}}"#
        ),
        (
            #"{"input":"hi","tools":[],"tool_choice":"auto","parallel_tool_calls":true,"store":true,"metadata":{"a":"b"},"include":[],"truncation":"auto","previous_response_id":null}"#,
            #"{"messages":[{"role":"user","content":"hi"}]}"#
        ),
        (
            #"{"input":"hi","stream":true,"stream_options":{"include_obfuscation":false}}"#,
            #"{"messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}"#
        ),
    ])
    func `a request says the same in chat`(body: String, expected: String) throws {
        #expect(try chat(body) == (try tree(expected)))
    }

    @Test(arguments: [
        (
            #"[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"https://x","detail":"low"}]}]"#,
            #"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://x","detail":"low"}}]}]"#
        ),
        (
            #"[{"type":"message","role":"developer","content":"a"},{"role":"assistant","content":[{"type":"output_text","text":"b","annotations":[]}]}]"#,
            #"[{"role":"developer","content":"a"},{"role":"assistant","content":"b"}]"#
        ),
        (
            #"[{"role":"assistant","content":"on it"},{"type":"reasoning","summary":[]},{"type":"function_call","id":"fc","call_id":"c1","name":"f","arguments":"{}"},{"type":"function_call","call_id":"c2","name":"g","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"1"},{"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"2"}]}]"#,
            #"[{"role":"assistant","content":"on it","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c2","content":"2"}]"#
        ),
        (
            #"[{"role":"assistant","content":"a"},{"role":"user","content":"b"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"role":"assistant","content":"d"}]"#,
            #"[{"role":"assistant","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"assistant","content":"d"}]"#
        ),
        (
            #"[{"type":"function_call","call_id":"c","name":"f","arguments":""}]"#,
            #"[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":""}}]}]"#
        ),
        (
            #"[{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:x","file_id":null}]},{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}]"#,
            #"[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:x"}}]},{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}]"#
        ),
    ])
    func `items are messages`(items: String, expected: String) throws {
        #expect(try messages(items) == (try tree(expected)))
    }

    @Test(
        arguments: [
            ("{}", ErrorReason.missingField, "input"), (#"{"input":7}"#, .invalidType, "input"),
            (#"{"input":["x"]}"#, .invalidType, "input"),
            (#"{"input":"x","previous_response_id":"r"}"#, .invalidValue, "previous_response_id"),
            (#"{"input":"x","conversation":{}}"#, .invalidValue, "conversation"),
            (#"{"input":"x","prompt":{}}"#, .invalidValue, "prompt"),
            (#"{"input":"x","background":true}"#, .invalidValue, "background"),
            (#"{"input":"x","stream":1}"#, .invalidType, "stream"),
            (#"{"input":"x","tools":[{"type":"web_search"}]}"#, .invalidValue, "/tools/0/type"),
            (#"{"input":"x","tools":[{}]}"#, .missingField, "/tools/0/type"),
            (
                #"{"input":"x","tools":[{"type":"function","name":"f"}],"tool_choice":{"type":"mcp"}}"#, .invalidValue,
                "/tool_choice/type"
            ), (#"{"input":"x","text":{"format":{"type":"xml"}}}"#, .invalidValue, "/text/format/type"),
            (#"{"input":[{"type":"item_reference","id":"i"}]}"#, .invalidValue, "/input/0/type"),
            (#"{"input":[{"role":"king","content":"x"}]}"#, .invalidValue, "/input/0/role"),
            (#"{"input":[{"role":"user"}]}"#, .invalidValue, "/input/0/content"),
            (#"{"input":[{"role":"user","content":[{"type":"smell"}]}]}"#, .invalidValue, "/input/0/content/0/type"),
            (
                #"{"input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]}"#, .invalidValue,
                "/input/0/content/0/image_url"
            ),
            (
                #"{"input":[{"role":"user","content":[{"type":"input_file","file_url":"f"}]}]}"#, .invalidValue,
                "/input/0/content/0/type"
            ),
            (
                #"{"input":[{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"https://x"}]}]}"#,
                .invalidValue, "/input/0/output/0/type"
            ), ("[]", .invalidBody, nil), ("{", .invalidBody, nil),
        ] as [(String, ErrorReason, String?)])
    func `what chat cannot say is refused`(body: String, reason: ErrorReason, param: String?) {
        let error = #expect(throws: GatewayError.self) { _ = try ResponsesInput(bytes(body), scanner: JSONScanner()) }
        #expect(error?.reason == reason && error?.param == param)
    }
}
