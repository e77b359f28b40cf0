import Domain
import JSON
import Testing

@testable import Dialects

@Suite("Native requests")
struct NativeRequestTests {
    private func facts(_ wire: NativeWire, _ body: String, path: String = "v1/x") throws(GatewayError)
        -> NativeRequestFacts
    {
        try wire.request(bytes(body), path: path, scanner: JSONScanner())
    }

    static let asked: [(NativeWire, String, String, String?, Bool, Int?)] = [
        (
            NativeWire.openAIChat, "v1/chat/completions", #"{"model":"m","stream":true,"max_tokens":5,"n":3}"#, "m",
            true, 15
        ),
        (.openAIChat, "x", #"{"model":"m","max_tokens":5,"max_completion_tokens":9}"#, "m", false, 9),
        (.openAIChat, "x", #"{"model":"m","max_tokens":null,"n":2}"#, "m", false, nil),
        (.openAIChat, "x", #"{"model":"m","max_tokens":9007199254740991,"n":99999}"#, "m", false, Int.max),
        (.openAIChat, "x", #"{"model":"m","max_tokens":-5}"#, "m", false, nil),
        (.openAIChat, "res/dep/chat/completions?api-version=1", "{}", "dep", false, nil),
        (.openAIChat, "res/openai/deployments/dep/chat/completions", "{}", "dep", false, nil),
        (.openAIChat, "openai/v1/chat/completions", "{}", nil, false, nil),
        (.openAIResponses, "x", #"{"model":"m","stream":false,"max_output_tokens":7}"#, "m", false, 7),
        (.openAIEmbeddings, "x", #"{"model":"m","input":[1,2]}"#, "m", false, 0),
        (.anthropicMessages, "v1/messages", #"{"model":"m","max_tokens":1024,"stream":true}"#, "m", true, 1024),
        (
            .anthropicMessages, "bedrock-runtime/r/model/anthropic.claude%3A1/invoke", #"{"max_tokens":8}"#,
            "anthropic.claude:1", false, 8
        ),
        (
            .anthropicMessages, "v1/projects/p/publishers/anthropic/models/c@2:streamRawPredict", #"{"max_tokens":8}"#,
            "c@2", true, 8
        ),
        (
            .geminiGenerate, "v1beta/models/g-2.5:generateContent",
            #"{"generationConfig":{"maxOutputTokens":10,"candidateCount":2}}"#, "g-2.5", false, 20
        ),
        (
            .geminiGenerate, "v1beta/models/g:streamGenerateContent?alt=sse",
            #"{"generation_config":{"max_output_tokens":10}}"#, "g", true, 10
        ), (.cohereChat, "v2/chat", #"{"model":"c","stream":true,"max_tokens":3}"#, "c", true, 3),
        (.workersAIRun, "run/@cf/meta/llama", #"{"prompt":"x","max_tokens":3}"#, "@cf/meta/llama", false, 3),
        (.workersAIRun, "@cf%2Fmeta%2Fllama", "{}", "@cf/meta/llama", false, nil),
    ]

    @Test(arguments: asked)
    func `what a request asks for is read`(
        wire: NativeWire, path: String, body: String, model: String?, isStream: Bool, output: Int?
    ) throws {
        let facts = try facts(wire, body, path: path)
        #expect(facts.model == model && facts.isStream == isStream && facts.outputBound == output)
        #expect(facts.promptBytes == body.utf8.count && facts.promptBound == body.utf8.count)
    }

    static let data = String(repeating: "QUJD", count: 500)

    @Test(arguments: [
        (
            NativeWire.openAIChat,
            #"{"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,DATA"}}]}]}"#, 1
        ),
        (
            .openAIResponses,
            #"{"input":[{"content":[{"type":"input_image","image_url":"data:image/png;base64,DATA"},{"type":"input_image","image_url":"https://x"},{"type":"input_image","file_id":"f"}]}]}"#,
            3
        ),
        (
            .openAIResponses,
            #"{"input":[{"type":"function_call_output","output":[{"type":"input_image","image_url":"data:image/png;base64,DATA"}]}]}"#,
            1
        ),
        (
            .anthropicMessages,
            #"{"messages":[{"content":[{"type":"image","source":{"type":"base64","data":"DATA"}},{"type":"image","source":{"type":"file","file_id":"f"}}]}]}"#,
            2
        ),
        (
            .anthropicMessages,
            #"{"messages":[{"content":[{"type":"tool_result","content":[{"type":"image","source":{"type":"base64","data":"DATA"}}]}]}]}"#,
            1
        ),
        (
            .geminiGenerate,
            #"{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"DATA"}},{"file_data":{"mime_type":"image/png","file_uri":"gs://x"}}]}]}"#,
            2
        ),
    ])
    func `pictures count as pictures, not by their bytes`(wire: NativeWire, body: String, pictures: Int) throws {
        let facts = try facts(wire, body.replacing("DATA", with: Self.data))
        #expect(facts.promptBytes < body.utf8.count)
        #expect(facts.promptBytes > body.utf8.count - 50)
        #expect(facts.promptBound == facts.promptBytes + pictures * TextEstimate.mostPerImage)
    }

    @Test(arguments: [
        (NativeWire.openAIChat, #"{"messages":[{"content":[{"type":"text","text":"DATA"}]}]}"#),
        (.openAIChat, #"{"tools":[{"type":"function","function":{"parameters":{"url":"DATA"}}}]}"#),
        (
            .anthropicMessages,
            #"{"messages":[{"content":[{"type":"document","source":{"type":"text","data":"DATA"}}]}]}"#
        ),
        (.geminiGenerate, #"{"contents":[{"parts":[{"inlineData":{"mimeType":"audio/wav","data":"DATA"}}]}]}"#),
        (.anthropicMessages, #"{"tools":[{"name":"f","input_schema":{"source":{"data":"DATA"}}}]}"#),
    ])
    func `text is never taken for a picture`(wire: NativeWire, body: String) throws {
        let body = body.replacing("DATA", with: Self.data)
        let facts = try facts(wire, body)
        #expect(facts.promptBytes == body.utf8.count && facts.promptBound == body.utf8.count)
    }

    @Test(arguments: [
        (NativeWire.openAIChat, #"{"messages":[{"content":[{"type":"file","file":{"file_id":"f"}}]}]}"#),
        (.openAIChat, #"{"web_search_options":{}}"#), (.openAIResponses, #"{"previous_response_id":"r"}"#),
        (.openAIResponses, #"{"conversation":"c"}"#), (.openAIResponses, #"{"prompt":{"id":"p"}}"#),
        (.openAIResponses, #"{"tools":[{"type":"web_search"}]}"#),
        (.openAIResponses, #"{"input":[{"type":"item_reference","id":"x"}]}"#),
        (.openAIResponses, #"{"input":[{"content":[{"type":"input_file","file_data":"x"}]}]}"#),
        (.anthropicMessages, #"{"tools":[{"type":"web_search_20250305","name":"web_search"}]}"#),
        (
            .anthropicMessages,
            #"{"messages":[{"content":[{"type":"document","source":{"type":"base64","data":"x"}}]}]}"#
        ),
        (.anthropicMessages, #"{"mcp_servers":[]}"#), (.geminiGenerate, #"{"cachedContent":"c"}"#),
        (.geminiGenerate, #"{"tools":[{"googleSearch":{}}]}"#),
        (.geminiGenerate, #"{"tools":[{"functionDeclarations":[],"urlContext":{}}]}"#),
        (.geminiGenerate, #"{"contents":[{"parts":[{"inlineData":{"mimeType":"application/pdf","data":"x"}}]}]}"#),
        (.geminiGenerate, #"{"contents":[{"parts":[{"fileData":{"mimeType":"video/mp4","fileUri":"x"}}]}]}"#),
    ])
    func `what the body does not show has no bound`(wire: NativeWire, body: String) throws {
        #expect(try facts(wire, body).promptBound == nil)
    }

    @Test(arguments: ["", "[]", "{", "null", "{\"a\":\u{1}}"])
    func `what is no JSON object is refused`(body: String) {
        for wire in NativeWire.allCases {
            let error = #expect(throws: GatewayError.self) { _ = try facts(wire, body) }
            #expect(error?.reason == .invalidBody)
        }
    }

    @Test func `a body of very many values is refused`() {
        let many = "{\"input\":[" + String(repeating: "1,", count: 2 << 20) + "1,1]}"
        #expect(throws: GatewayError.self) { _ = try facts(.openAIEmbeddings, many) }
    }
}
