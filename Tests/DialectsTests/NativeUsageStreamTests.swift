import Domain
import JSON
import Testing

@testable import Dialects
@testable import Sandbox

@Suite("Native usage of streams")
struct NativeUsageStreamTests {
    private func read(
        _ stream: [UInt8], _ wire: NativeWire, pieces size: Int, _ framing: NativeUsageStream.Framing = .events
    )
        -> NativeUsage
    {
        let scanner = JSONScanner()
        var reader = NativeUsageStream(wire, framing: framing)
        for start in Swift.stride(from: 0, to: stream.count, by: size) {
            reader.feed(Array(stream[start..<min(start + size, stream.count)]), scanner: scanner)
        }
        reader.finish(scanner: scanner)
        return reader.found
    }

    private func read(_ stream: String, _ wire: NativeWire) -> NativeUsage { read(bytes(stream), wire, pieces: 7) }

    // MARK: Against the sandbox

    static let words = [
        "Why is the sky blue?", "sandbox:tokens=40", "sandbox:echo Größe \"x\" \\ 👩‍👩‍👧‍👦 日本", "sandbox:echo ",
        "What is the weather in Tokyo and Paris?", "sandbox:content-filter",
    ]
    static let models = ["o4-mini", "gpt-4.1-mini"]

    private func chat(_ words: String, _ model: String) throws -> Sandbox.ChatRequest {
        let tool: JSONValue = [
            "type": "function",
            "function": [
                "name": "get_weather", "description": "Get current weather for a city",
                "parameters": ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]],
            ],
        ]
        let body: JSONValue = [
            "model": .string(model), "messages": [["role": "user", "content": .string(words)]], "tools": [tool],
            "n": words.count % 2 == 0 ? 1 : 2,
        ]
        return try ChatRequestReading(models: SandboxModel.builtIn).read(body.serialized())
    }

    private func written(by wire: some AnswerWire) -> (whole: [UInt8], stream: [UInt8]) {
        var writer = wire
        var stream: [UInt8] = []
        for event in wire.events { stream += writer.frame(event) }
        return (wire.whole(), stream + writer.ending())
    }

    /// The wires need one choice, but for chat's and Gemini's.
    private func answers(_ words: String, _ model: String, _ wire: NativeWire) throws -> (
        whole: [UInt8], stream: [UInt8]
    )? {
        var request = try chat(words, model)
        if wire != .openAIChat, wire != .geminiGenerate { request.choiceCount = 1 }
        let answer = SimulatedAnswer(to: request)
        return switch wire {
        case .openAIChat: written(by: ChatWire(answer: answer, created: 1, includesUsage: true))
        case .openAIResponses:
            written(by: ResponsesWire(ResponsesRequest(chat: request, showsSummary: true, fields: [:]), created: 1))
        case .anthropicMessages: written(by: MessagesWire(answer: answer))
        case .geminiGenerate: written(by: GeminiWire(GeminiRequest(chat: request, showsThoughts: true)))
        case .openAIEmbeddings, .cohereChat, .workersAIRun: nil
        }
    }

    @Test(arguments: words, models)
    func `a stream tells the same as the whole answer`(words: String, model: String) throws {
        for wire in NativeWire.allCases {
            guard let (whole, stream) = try answers(words, model, wire) else { continue }
            let told = NativeUsage(whole, wire, scanner: JSONScanner())
            #expect(told.usage?.addsUp == true && told.model == model && told.isComplete)
            for size in [5, 64, 1 << 20] {
                let read = read(stream, wire, pieces: size)
                #expect(read.usage == told.usage)
                #expect(read.model == told.model)
                #expect(read.isComplete && !read.hasFailed)
                #expect(read.settled(promptEstimate: 1).source == .reported)
                #expect(read.delivered == told.delivered)
            }
        }
    }

    @Test(arguments: words)
    func `an array of chunks tells the same as events`(words: String) throws {
        let request = GeminiRequest(chat: try chat(words, "o4-mini"), showsThoughts: true)
        let whole = NativeUsage(GeminiWire(request).whole(), .geminiGenerate, scanner: JSONScanner())
        let stream = written(by: GeminiWire(request, framing: .array)).stream
        for size in [5, 1 << 20] {
            let read = read(stream, .geminiGenerate, pieces: size, .array)
            #expect(read.usage == whole.usage && read.isComplete && read.delivered == whole.delivered)
        }
        let collected = NativeUsage(stream, .geminiGenerate, scanner: JSONScanner())
        #expect(collected.usage == whole.usage && collected.isComplete)
    }

    @Test(arguments: words, models)
    func `a stream that breaks off anywhere is not complete, and counts what came`(words: String, model: String) throws
    {
        for wire in [NativeWire.openAIChat, .anthropicMessages, .geminiGenerate, .openAIResponses] {
            guard let (whole, stream) = try answers(words, model, wire) else { continue }
            let told = NativeUsage(whole, wire, scanner: JSONScanner())
            let read = read(Array(stream.prefix(stream.count / 2)), wire, pieces: 64)
            guard !read.isComplete else { continue }
            let (usage, source) = read.settled(promptEstimate: 5)
            #expect(source == .estimated)
            #expect(usage.totalTokens == usage.promptTokens + usage.completionTokens)
            // Each choice may be estimated with the frame of a message on top.
            let most = (told.usage?.completionTokens ?? 0) + 2 * TextEstimate.perMessage + 2
            #expect(usage.completionTokens <= most)
        }
    }

    // MARK: Real shapes

    @Test func `a stream of messages, by the vendor's documentation`() {
        let stream = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-sonnet-4-5","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_read_input_tokens":100,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: ping
            data: {"type": "ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello!"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}


            """
        let read = read(stream, .anthropicMessages)
        #expect(read.model == "claude-sonnet-4-5" && read.isComplete)
        #expect(
            read.usage
                == TokenUsage(
                    promptTokens: 125, completionTokens: 15, totalTokens: 140, cachedPromptTokens: 100))
        let cut = self.read(
            String(
                stream.prefix(upTo: stream.firstRange(of: "event: content_block_stop")?.lowerBound ?? stream.endIndex)),
            .anthropicMessages)
        #expect(!cut.isComplete && cut.usage?.completionTokens == 1)
        #expect(
            cut.settled(promptEstimate: 0).usage
                == TokenUsage(promptTokens: 125, completionTokens: 2, totalTokens: 127, cachedPromptTokens: 100))
    }

    @Test func `chat without usage in its stream is estimated`() {
        let stream = """
            data: {"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"12345678"},"finish_reason":null}]}

            data: {"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """
        let read = read(stream, .openAIChat)
        #expect(read.usage == nil && read.isComplete)
        let (usage, source) = read.settled(promptEstimate: 9)
        #expect(usage == TokenUsage(promptTokens: 9, completionTokens: 6, totalTokens: 15) && source == .estimated)
    }

    @Test func `Cohere and Cloudflare tell at the end`() {
        let cohere = """
            event: message-start
            data: {"id":"29","type":"message-start","delta":{"message":{"role":"assistant","content":[]}}}

            event: content-delta
            data: {"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"LLM"}}}}

            event: message-end
            data: {"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":3,"output_tokens":7},"tokens":{"input_tokens":69,"output_tokens":7}}}}

            data: [DONE]


            """
        #expect(
            read(cohere, .cohereChat).usage == TokenUsage(promptTokens: 3, completionTokens: 7, totalTokens: 10))
        let run = """
            data: {"response":"Hel"}

            data: {"response":"","usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}}

            data: [DONE]


            """
        let read = read(run, .workersAIRun)
        #expect(read.isComplete && read.usage == TokenUsage(promptTokens: 4, completionTokens: 2, totalTokens: 6))
        #expect(read.delivered.usage(prompt: 0).completionTokens == 1)
    }

    @Test func `the last blank line may be missing, and what is no JSON is passed over`() {
        let read = read(
            "data: oops\n\n: comment\n\ndata: {\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}",
            .openAIChat)
        #expect(read.model == "m" && read.usage?.totalTokens == 3)
    }

    @Test(arguments: [
        (NativeWire.openAIChat, #"{"error":{"message":"x"}}"#),
        (.anthropicMessages, #"{"type":"error","error":{"type":"overloaded_error"}}"#),
        (.openAIResponses, #"{"type":"response.failed","response":{"status":"failed"}}"#),
        (.openAIResponses, #"{"type":"error","message":"x"}"#), (.geminiGenerate, #"{"error":{"code":500}}"#),
    ])
    func `a failure in the middle is seen`(wire: NativeWire, data: String) {
        let read = read("data: \(data)\n\n", wire)
        #expect(read.hasFailed && !read.isComplete)
    }

    @Test(arguments: [NativeUsageStream.Framing.events, .array])
    func `one part that is too large ends the reading, not the stream`(framing: NativeUsageStream.Framing) {
        let scanner = JSONScanner()
        var reader = NativeUsageStream(.geminiGenerate, framing: framing, maximumEventBytes: 100)
        reader.feed(bytes(framing == .events ? "data: {\"a\":\"" : "[{\"a\":\""), scanner: scanner)
        for _ in 0..<20 { reader.feed(bytes("0123456789"), scanner: scanner) }
        #expect(reader.isUnreadable)
        reader.feed(bytes("\"}\n\n"), scanner: scanner)
        reader.finish(scanner: scanner)
        #expect(reader.found.usage == nil)
    }

    @Test(arguments: [
        (#"[{"a":1},{"b":"]}"}]"#, [#"{"a":1}"#, #"{"b":"]}"}"#]), ("[]", []),
        (" [ [1,2] , 3, {} ]\n", ["[1,2]", "{}"]),
        (#"[{"a":"\"]\\"}]"#, [#"{"a":"\"]\\"}"#]), (#"[{"a":"#, []), ("", []), ("nonsense", []),
    ])
    func `an array comes apart, however it is cut`(array: String, elements: [String]) {
        for size in [1, 2, 100] {
            var reader = JSONArrayReader(maximumElementBytes: 100)
            var found: [String] = []
            let all = bytes(array)
            for start in Swift.stride(from: 0, to: all.count, by: size) {
                found += reader.feed(Array(all[start..<min(start + size, all.count)])).map(text)
            }
            #expect(found == elements)
        }
    }
}
