import Foundation
import HTTPCore
import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox generateContent")
struct GeminiTests {
    static let path = "/v1beta/models/gpt-4.1-mini"

    static func request(_ user: String, _ more: JSONObject = [:]) -> JSONValue {
        var object: JSONObject = ["contents": [["role": "user", "parts": [["text": .string(user)]]]]]
        for member in more { object[member.key] = member.value }
        return .object(object)
    }

    private func wire(_ body: JSONValue, model: String = "gpt-4.1-mini") throws -> GeminiWire {
        let call = SandboxRoute.GeminiCall(model: model, isStreamed: false)
        return GeminiWire(try GeminiReading(models: SandboxModel.builtIn).read(body.serialized(), call))
    }

    private func whole(_ body: JSONValue, model: String = "gpt-4.1-mini") throws -> JSONValue {
        try JSONValue(parsing: try wire(body, model: model).whole())
    }

    private func parts(_ answer: JSONValue) -> JSONValue? { answer["candidates"]?[0]?["content"]?["parts"] }

    /// A chat request of the stream tests, as this wire says it.
    private func translated(_ chat: JSONValue) -> JSONValue {
        var config: JSONObject = ["thinkingConfig": ["includeThoughts": true]]
        config["maxOutputTokens"] = chat["max_completion_tokens"]
        config["candidateCount"] = chat["n"]
        config["stopSequences"] = chat["stop"]
        if chat["response_format"] != nil { config["responseMimeType"] = "application/json" }
        var request = Self.request(
            chat["messages"]?[0]?["content"]?.stringValue ?? "", ["generationConfig": .object(config)])
        if let tools = chat["tools"]?.arrayValue {
            let modes = ["auto": "AUTO", "none": "NONE", "required": "ANY"]
            let mode = modes[chat["tool_choice"]?.stringValue ?? ""] ?? "AUTO"
            request = request.with("tools", [["functionDeclarations": .array(tools.compactMap { $0["function"] })]])
                .with("toolConfig", ["functionCallingConfig": ["mode": .string(mode)]])
        }
        return request
    }

    @Test func `an answer has the vendor's form and the words of chat`() throws {
        let answer = try whole(Self.request("Tell me about tides."))
        let candidate = try #require(answer["candidates"]?[0])
        #expect(
            candidate["finishReason"] == "STOP" && candidate["index"] == 0 && candidate["content"]?["role"] == "model")
        #expect(parts(answer)?[0]?["text"] == .string(try content(body("gpt-4.1-mini", "Tell me about tides."))))
        #expect(answer["modelVersion"] == "gpt-4.1-mini")
        #expect(answer["usageMetadata"]?["promptTokenCount"] == 12)
    }

    @Test func `members may be spelled with underscores`() throws {
        let camel = Self.request(
            "Why is the sky blue?",
            [
                "systemInstruction": ["parts": [["text": "Be brief."]]],
                "generationConfig": ["maxOutputTokens": 20, "stopSequences": ["zzz"]],
            ])
        let snake = Self.request(
            "Why is the sky blue?",
            [
                "system_instruction": ["parts": [["text": "Be brief."]]],
                "generation_config": ["max_output_tokens": 20, "stop_sequences": ["zzz"]],
            ])
        let answer = try whole(camel)
        #expect(answer == (try whole(snake)))
        #expect(answer["candidates"]?[0]?["finishReason"] == "MAX_TOKENS")
        let chat = body().with(
            "messages",
            [["role": "system", "content": "Be brief."], ["role": "user", "content": "Why is the sky blue?"]])
        let words = try content(chat.with("max_completion_tokens", 20))
        #expect(parts(answer)?[0]?["text"] == .string(words))
    }

    @Test(arguments: StreamTests.generated)
    func `a stream says what the whole answer says`(chat: JSONValue) throws {
        let request = translated(chat)
        let model = try #require(chat["model"]?.stringValue)
        let whole = try whole(request, model: model)
        let text = stream(try wire(request, model: model)).replacingOccurrences(of: "\r\n\r\n", with: "\n\n")
        let chunks = try SentEvent.all(text).map(\.data)
        #expect(chunks.last?["usageMetadata"] == whole["usageMetadata"])
        for chunk in chunks {
            #expect(chunk["usageMetadata"]?["promptTokenCount"] == whole["usageMetadata"]?["promptTokenCount"])
            #expect(chunk["responseId"] == whole["responseId"])
        }
        for candidate in whole["candidates"]?.arrayValue ?? [] {
            let mine = chunks.compactMap { $0["candidates"]?[0] }.filter { $0["index"] == candidate["index"] }
            #expect(mine.last?["finishReason"] == candidate["finishReason"])
            #expect(mine.dropLast().allSatisfy { $0["finishReason"] == nil })
            let sent = mine.flatMap { $0["content"]?["parts"]?.arrayValue ?? [] }
            let parts = candidate["content"]?["parts"]?.arrayValue ?? []
            for isThought in [true, false] {
                let kind = { (part: JSONValue) in (part["thought"] == true) == isThought }
                #expect(
                    sent.filter(kind).compactMap { $0["text"]?.stringValue }.joined()
                        == parts.filter(kind).compactMap { $0["text"]?.stringValue }.joined())
            }
            #expect(sent.compactMap { $0["functionCall"] } == parts.compactMap { $0["functionCall"] })
        }
    }

    @Test func `thinking counts apart, and is shown when asked for`() throws {
        let plain = try whole(Self.request("Why is the sky blue?"), model: "o4-mini")
        let usage = try #require(plain["usageMetadata"])
        let thoughts = try #require(usage["thoughtsTokenCount"]?.intValue)
        #expect(thoughts > 0 && parts(plain)?.arrayValue?.count == 1)
        let (prompt, words) = (usage["promptTokenCount"]?.intValue ?? 0, usage["candidatesTokenCount"]?.intValue ?? 0)
        #expect(usage["totalTokenCount"]?.intValue == prompt + words + thoughts)
        let shown = try whole(
            Self.request("Why is the sky blue?", ["generationConfig": ["thinkingConfig": ["includeThoughts": true]]]),
            model: "o4-mini")
        #expect(parts(shown)?[0]?["thought"] == true && parts(shown)?[1] == parts(plain)?[0])
        let none = try whole(
            Self.request("Why is the sky blue?", ["generationConfig": ["thinkingConfig": ["thinkingBudget": 0]]]),
            model: "o4-mini")
        #expect(none["usageMetadata"]?["thoughtsTokenCount"] == nil && parts(none) == parts(plain))
    }

    @Test func `a tool is called, and its result is told`() throws {
        let function: JSONValue = [
            "name": "get_weather", "description": "Get current weather for a city",
            "parameters": ["type": "OBJECT", "properties": ["city": ["type": "STRING"]], "required": ["city"]],
        ]
        let question: JSONValue = ["role": "user", "parts": [["text": "What is the weather in Tokyo?"]]]
        let more: JSONObject = ["tools": [["functionDeclarations": [function]]]]
        let answer = try whole(Self.request("What is the weather in Tokyo?", more))
        let call = try #require(parts(answer)?[0]?["functionCall"])
        #expect(call == ["name": "get_weather", "args": ["city": "Tokyo"]])
        let result: JSONValue = [
            "role": "user",
            "parts": [["functionResponse": ["name": "get_weather", "response": ["sky": "Sunny"]]]],
        ]
        let thought: JSONValue = ["text": "I should look.", "thought": true]
        let asked: JSONValue = ["role": "model", "parts": .array([thought] + (parts(answer)?.arrayValue ?? []))]
        let turns: JSONValue = [question, asked, result]
        let told = try whole(Self.request("", more).with("contents", turns))
        #expect(parts(told)?[0]?["text"]?.stringValue?.contains("Sunny") == true)
        let called = turns.arrayValue?.dropFirst(2).reduce([question, answer["candidates"]?[0]?["content"] ?? .null]) {
            $0 + [$1]
        }
        #expect(told == (try whole(Self.request("", more).with("contents", .array(called ?? [])))))
    }

    @Test func `a schema is kept`() throws {
        let schema: JSONValue = ["type": "OBJECT", "properties": ["age": ["type": "INTEGER"]], "required": ["age"]]
        let config: JSONValue = ["responseMimeType": "application/json", "responseSchema": schema]
        let answer = try whole(Self.request("How old is she?", ["generationConfig": config]))
        let value = try json(try #require(parts(answer)?[0]?["text"]?.stringValue))
        #expect(value["age"]?.intValue != nil)
    }

    @Test func `the server answers whole, in events and as an array`() async throws {
        let plain = Self.request("sandbox:echo Grüße an alle, die dies lesen")
        try await withSandbox { client in
            let whole = try await client.post(Self.path + ":generateContent", plain, [("x-goog-api-key", "k")])
            #expect(whole.status == 200 && whole.text.contains(#""finishReason":"STOP""#))
            let events = try await client.post(Self.path + ":streamGenerateContent?alt=sse", plain)
            #expect(events.headers.first("content-type")?.hasPrefix("text/event-stream") == true)
            #expect(events.text.hasPrefix("data: {") && events.text.hasSuffix("}\r\n\r\n"))
            let array = try await client.post(Self.path + ":streamGenerateContent", plain)
            #expect(array.headers.first("content-type") == "application/json")
            let chunks = try #require(try JSONValue(parsing: array.bytes).arrayValue)
            #expect(chunks.last?["candidates"]?[0]?["finishReason"] == "STOP")
            let broken = try await client.post(
                Self.path + ":streamGenerateContent?alt=sse", plain, fault: "malformed-json=0")
            #expect(broken.text.contains("\n\n") && !broken.text.hasPrefix("\n"))
            #expect(throws: (any Error).self) {
                try SentEvent.all(broken.text.replacingOccurrences(of: "\r\n\r\n", with: "\n\n"))
            }
            let refused = try await client.post(Self.path + ":generateContent", plain, [("x-sandbox-status", "429")])
            #expect(
                try JSONValue(parsing: refused.bytes)["error"]
                    == [
                        "code": 429, "message": "Rate limit reached for requests. Please try again later.",
                        "status": "RESOURCE_EXHAUSTED",
                    ])
            let unknown = try await client.post("/v1beta/models/gemini-0:generateContent", plain)
            #expect(unknown.status == 404 && unknown.text.contains("NOT_FOUND"))
            let empty = try await client.post(Self.path + ":generateContent", [:])
            #expect(empty.status == 400 && empty.text.contains("INVALID_ARGUMENT"))
        }
    }

    @Test(arguments: [
        ("/v1/chat/completions", SandboxRoute.chat), ("/chat/completions", .chat),
        ("/openai/deployments/x/embeddings", .embeddings),
        ("/anthropic/v1/messages", .messages), ("/v1/responses", .responses), ("/v1/models", .models),
        ("/v1/models/a/b", .model("a/b")),
        ("/v1beta/models/x:generateContent", .gemini(.init(model: "x", isStreamed: false))),
        (
            "/v1/projects/p/locations/l/publishers/google/models/x:streamGenerateContent",
            .gemini(.init(model: "x", isStreamed: true))
        ), ("/v1beta/models/x:embed", .model("x:embed")), ("/nowhere", nil), ("/", nil), ("chat/completions", nil),
    ])
    func `paths count by their end`(path: String, route: SandboxRoute?) {
        #expect(SandboxRoute(path: path) == route)
    }
}
