import JSON
import Testing

@testable import Guards

@Suite("Texts of requests and answers")
struct GuardedTextTests {
    @Test(
        arguments: [
            // Chat
            (
                #"{"model":"m","messages":[{"role":"system","content":"a"},{"role":"user","content":[{"type":"text","text":"b"},"#
                    + #"{"type":"image_url","image_url":{"url":"https://x"}}]},{"role":"assistant","content":null,"#
                    + #""tool_calls":[{"function":{"name":"f","arguments":"{\"c\":1}"}}]},{"role":"tool","content":"d"}]}"#,
                ["a", "b", #"{"c":1}"#, "d"]
            ),
            // Messages
            (
                #"{"system":[{"type":"text","text":"a"}],"messages":[{"role":"user","content":"b"},{"role":"assistant","#
                    + #""content":[{"type":"thinking","thinking":"c"},{"type":"tool_use","input":{"q":"d"}}]},"#
                    + #"{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"e"}]},"#
                    + #"{"type":"tool_result","content":"f"},{"type":"document","source":{"type":"text","data":"g"}},"#
                    + #"{"type":"image","source":{"type":"base64","data":"no"}}]}]}"#,
                ["a", "b", "c", #"{"q":"d"}"#, "e", "f", "g"]
            ),
            // Responses
            (
                #"{"instructions":"a","input":[{"role":"user","content":[{"type":"input_text","text":"b"}]},"#
                    + #"{"type":"function_call","arguments":"{}x"},{"type":"function_call_output","output":"c"},"#
                    + #"{"type":"reasoning","summary":[{"type":"summary_text","text":"d"}]}]}"#,
                ["a", "b", "{}x", "c", "d"]
            ),
            (#"{"input":"a"}"#, ["a"]),
            // Embeddings
            (#"{"input":["a","b"]}"#, ["a", "b"]), (#"{"input":[[1,2],[3]]}"#, []),
            (#"{"text":["a","b"]}"#, ["a", "b"]),
            (#"{"texts":["a"]}"#, ["a"]), (#"{"query":"a","documents":["b",{"text":"c"}]}"#, ["a", "b", "c"]),
            // Gemini
            (
                #"{"systemInstruction":{"parts":[{"text":"a"}]},"contents":[{"role":"user","parts":[{"text":"b"},"#
                    + #"{"inlineData":{"data":"no"}}]},{"parts":[{"functionResponse":{"name":"f","response":{"r":"c"}}}]}]}"#,
                ["a", "b", #"{"r":"c"}"#]
            ),
            // The run interface
            (#"{"model":"m","input":{"messages":[{"role":"user","content":"a"}]}}"#, ["a"]),
            (#"{"prompt":"a"}"#, ["a"]),
            // Nothing
            ("[]", []), ("1", []), (#"{"messages":"x","input":1,"prompt":null,"contents":{}}"#, []),
        ] as [(String, [String])])
    func `a request's texts are found`(body: String, texts: [String]) throws {
        #expect(GuardedText.request(try json(body)) == texts)
    }

    @Test(
        arguments: [
            (
                #"{"choices":[{"message":{"content":"a","reasoning_content":"b","refusal":null}},{"message":{"content":null,"#
                    + #""tool_calls":[{"function":{"arguments":"c"}}]}},{"text":"d"}]}"#, ["a", "b", "c", "d"]
            ),
            (
                #"{"type":"message","content":[{"type":"text","text":"a"},{"type":"tool_use","input":{"b":1}}]}"#,
                ["a", #"{"b":1}"#]
            ),
            (
                #"{"candidates":[{"content":{"parts":[{"text":"a"},{"functionCall":{"args":{"b":1}}}]}}]}"#,
                ["a", #"{"b":1}"#]
            ),
            (
                #"{"output":[{"type":"reasoning","summary":[{"text":"a"}]},{"type":"message","content":[{"type":"output_text","#
                    + #""text":"b"},{"type":"refusal","refusal":"c"}]},{"type":"function_call","arguments":"d"}]}"#,
                ["a", "b", "c", "d"]
            ),
            (#"{"response":"a"}"#, ["a"]), (#"{"success":true,"result":{"response":"a"}}"#, ["a"]),
            (#"{"object":"list","data":[{"embedding":[0.1]}]}"#, []), (#"{"error":{"message":"no"}}"#, []),
        ] as [(String, [String])])
    func `an answer's texts are found`(body: String, texts: [String]) throws {
        #expect(GuardedText.response(try json(body)) == texts)
        #expect(GuardedText.response(Array(body.utf8)) == texts)
    }

    @Test(
        arguments: [
            (
                [
                    #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
                    #"{"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}"#,
                    #"{"choices":[{"index":0,"delta":{"content":"he"}},{"index":1,"delta":{"content":"x"}}]}"#,
                    #"{"choices":[{"index":0,"delta":{"content":"llo"}}]}"#,
                    #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}]}"#,
                    #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}"#,
                    "[DONE]",
                ], ["hm", "hello", "x", #"{"a":1}"#]
            ),
            (
                [
                    #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
                    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"#,
                    #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{"}}"#,
                    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"}}"#,
                    #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"}"}}"#,
                ], ["ab", "{}"]
            ),
            (
                [
                    #"{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"#,
                    #"{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]}"#,
                ], ["ab"]
            ),
            (
                [
                    #"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}"#,
                    #"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"b"}"#,
                    #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{}"}"#,
                    #"{"type":"response.completed","response":{"output":[{"content":[{"text":"ab"}]}]}}"#,
                ], ["ab", "{}"]
            ),
            ([#"{"response":"a"}"#, #"{"response":"b"}"#], ["ab"]),
            (["not JSON", "", "1"], []),
        ] as [([String], [String])])
    func `the pieces of a stream are put together`(events: [String], texts: [String]) {
        let stream = events.map { "data: \($0)\n\n" }.joined()
        #expect(GuardedText.response(Array(stream.utf8)) == texts)
        // A stream that broke off before its last blank line says the same.
        #expect(GuardedText.response(Array(stream.utf8.dropLast(2))) == texts)
    }

    @Test func `more texts than are kept apart are put behind the last`() {
        let stream = (0..<StreamCollector.maximumTracks + 5)
            .map { #"data: {"choices":[{"index":\#($0),"delta":{"content":"x"}}]}"# + "\n\n" }.joined()
        let texts = GuardedText.streamed(Array(stream.utf8))
        #expect(texts.count == StreamCollector.maximumTracks)
        #expect(texts.last == "xxxxxx")
    }
}
