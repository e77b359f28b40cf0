import Domain
import JSON
import Testing

@testable import Dialects

@Suite("Native usage")
struct NativeUsageTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let wire: NativeWire
        let json: String
        let model: String?
        let usage: TokenUsage?
        var testDescription: String { "\(wire) \(json)" }

        init(_ wire: NativeWire, _ json: String, model: String? = nil, _ usage: TokenUsage?) {
            self.wire = wire
            self.json = json
            self.model = model
            self.usage = usage
        }
    }

    static let samples: [Sample] = [
        Sample(
            .openAIChat,
            #"""
            {"id":"chatcmpl-B9","object":"chat.completion","created":1741569952,"model":"gpt-4.1-2025-04-14","choices":
            [{"index":0,"message":{"role":"assistant","content":"Hello!","refusal":null,"annotations":[]},
            "logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":2006,"completion_tokens":300,
            "total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":5},
            "completion_tokens_details":{"reasoning_tokens":200,"audio_tokens":0,"accepted_prediction_tokens":0,
            "rejected_prediction_tokens":0}},"service_tier":"default"}
            """#,
            model: "gpt-4.1-2025-04-14",
            TokenUsage(
                promptTokens: 2006, completionTokens: 300, totalTokens: 2306, cachedPromptTokens: 1920,
                reasoningTokens: 200, promptAudioTokens: 5)),
        Sample(
            .openAIResponses,
            #"""
            {"id":"resp_67","object":"response","created_at":1741476542,"status":"completed","error":null,
            "model":"gpt-4.1-2025-04-14","output":[{"type":"message","id":"msg_67","status":"completed",
            "role":"assistant","content":[{"type":"output_text","text":"In a peaceful grove","annotations":[]}]}],
            "usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":12},"output_tokens":87,
            "output_tokens_details":{"reasoning_tokens":60},"total_tokens":123}}
            """#,
            model: "gpt-4.1-2025-04-14",
            TokenUsage(
                promptTokens: 36, completionTokens: 87, totalTokens: 123, cachedPromptTokens: 12, reasoningTokens: 60)),
        Sample(
            .openAIEmbeddings,
            #"""
            {"object":"list","data":[{"object":"embedding","embedding":[0.0023,-0.0093],"index":0}],
            "model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}
            """#,
            model: "text-embedding-3-small", TokenUsage(promptTokens: 8, totalTokens: 8)),
        Sample(
            .anthropicMessages,
            #"""
            {"content":[{"text":"Hi! My name is Claude.","type":"text"}],"id":"msg_013","model":"claude-sonnet-4-5",
            "role":"assistant","stop_reason":"end_turn","stop_sequence":null,"type":"message","usage":{
            "input_tokens":21,"cache_creation_input_tokens":188086,"cache_read_input_tokens":40,
            "cache_creation":{"ephemeral_5m_input_tokens":188086,"ephemeral_1h_input_tokens":0},
            "output_tokens":393,"service_tier":"standard"}}
            """#,
            model: "claude-sonnet-4-5",
            TokenUsage(
                promptTokens: 188_147, completionTokens: 393, totalTokens: 188_540, cachedPromptTokens: 40,
                cacheWriteTokens: 188_086)),
        Sample(
            .geminiGenerate,
            #"""
            {"candidates":[{"content":{"parts":[{"text":"AI works by"}],"role":"model"},"finishReason":"STOP",
            "index":0}],"usageMetadata":{"promptTokenCount":1008,"cachedContentTokenCount":900,
            "candidatesTokenCount":11,"toolUsePromptTokenCount":30,"thoughtsTokenCount":1200,
            "totalTokenCount":2249,"promptTokensDetails":[{"modality":"TEXT","tokenCount":8},
            {"modality":"IMAGE","tokenCount":740},{"modality":"AUDIO","tokenCount":260}]},
            "modelVersion":"gemini-2.5-flash","responseId":"mAitaLmkHPPlz7IPvtfUqQ4"}
            """#,
            model: "gemini-2.5-flash",
            TokenUsage(
                promptTokens: 1038, completionTokens: 1211, totalTokens: 2249, cachedPromptTokens: 900,
                reasoningTokens: 1200, promptAudioTokens: 260, promptImageTokens: 740)),
        Sample(
            .cohereChat,
            #"""
            {"id":"c14c","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text",
            "text":"LLMs"}]},"usage":{"billed_units":{"input_tokens":5,"output_tokens":418},
            "tokens":{"input_tokens":71,"output_tokens":418}}}
            """#, TokenUsage(promptTokens: 5, completionTokens: 418, totalTokens: 423)),
        Sample(
            .workersAIRun,
            #"""
            {"result":{"response":"Hello","tool_calls":[],"usage":{"prompt_tokens":26,"completion_tokens":3,
            "total_tokens":29}},"success":true,"errors":[],"messages":[]}
            """#, TokenUsage(promptTokens: 26, completionTokens: 3, totalTokens: 29)),
        Sample(
            .workersAIRun, #"{"response":"Hi","usage":{"prompt_tokens":2,"completion_tokens":1}}"#,
            TokenUsage(promptTokens: 2, completionTokens: 1, totalTokens: 3)),
        Sample(.openAIChat, "<html>", nil), Sample(.anthropicMessages, "[]", nil), Sample(.geminiGenerate, "{}", nil),
        Sample(.anthropicMessages, #"{"usage":{}}"#, nil), Sample(.cohereChat, #"{"usage":null}"#, nil),
        Sample(.openAIResponses, #"{"usage":{"input_tokens":"9","output_tokens":-1}}"#, nil),
        Sample(.openAIResponses, #"{"usage":{"input_tokens":9e99}}"#, nil),
        Sample(
            .anthropicMessages, #"{"usage":{"input_tokens":1099511627777,"output_tokens":2}}"#,
            TokenUsage(completionTokens: 2, totalTokens: 2)),
        Sample(
            .geminiGenerate,
            #"[{"usageMetadata":{"promptTokenCount":4}},{"modelVersion":"g","usageMetadata":{"candidatesTokenCount":6}}]"#,
            model: "g", TokenUsage(promptTokens: 4, completionTokens: 6, totalTokens: 10)),
    ]

    @Test(arguments: samples)
    func `a whole answer tells what it used`(sample: Sample) {
        let read = NativeUsage(bytes(sample.json), sample.wire, scanner: JSONScanner())
        #expect(read.model == sample.model)
        #expect(read.usage == sample.usage)
        if let usage = sample.usage, sample.model != nil { #expect(usage.addsUp) }
    }

    @Test(arguments: [
        (NativeWire.openAIChat, #"{"error":{"message":"no"}}"#), (.anthropicMessages, #"{"type":"error","error":{}}"#),
        (.geminiGenerate, #"{"error":{"code":400}}"#), (.openAIResponses, #"{"status":"failed","error":{}}"#),
    ])
    func `a failure is no answer`(wire: NativeWire, json: String) {
        let read = NativeUsage(bytes(json), wire, scanner: JSONScanner())
        #expect(read.hasFailed && !read.isComplete && read.usage == nil)
    }

    @Test func `a whole answer without usage is estimated by its text`() {
        let chat = NativeUsage(
            bytes(#"{"choices":[{"message":{"content":"12345678"},"finish_reason":"stop"}]}"#), .openAIChat,
            scanner: JSONScanner())
        #expect(chat.settled(promptEstimate: 10).usage.completionTokens == 2 + TextEstimate.perMessage)
        #expect(chat.settled(promptEstimate: 10).source == .estimated)
        let run = NativeUsage(bytes(#"{"response":"12345678"}"#), .workersAIRun, scanner: JSONScanner())
        #expect(
            run.settled(promptEstimate: 10).usage == TokenUsage(promptTokens: 10, completionTokens: 2, totalTokens: 12))
    }

    @Test func `figures that contradict each other are told as such`() {
        let read = NativeUsage(
            bytes(#"{"usage":{"input_tokens":5,"output_tokens":5,"total_tokens":99}}"#), .openAIResponses,
            scanner: JSONScanner())
        #expect(read.settled(promptEstimate: 1).source == .mismatched)
    }
}
