import HTTPCore
import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox messages")
struct MessagesTests {
    static let path = "/v1/messages"

    static func request(_ user: String, model: String = "gpt-4.1-mini", _ more: JSONObject = [:]) -> JSONValue {
        var object: JSONObject = [
            "model": .string(model), "max_tokens": 4096, "messages": [["role": "user", "content": .string(user)]],
        ]
        for member in more { object[member.key] = member.value }
        return .object(object)
    }

    private func wire(_ body: JSONValue) throws -> MessagesWire {
        let chat = try MessagesReading(models: SandboxModel.builtIn).read(body.serialized())
        return MessagesWire(answer: SimulatedAnswer(to: chat))
    }

    private func whole(_ body: JSONValue) throws -> JSONValue {
        try JSONValue(parsing: try wire(body).whole())
    }

    /// A chat request of the stream tests, as this wire says it.
    private func translated(_ chat: JSONValue) -> JSONValue {
        var object: JSONObject = [
            "model": chat["model"] ?? "", "messages": chat["messages"] ?? [],
            "max_tokens": chat["max_completion_tokens"] ?? 4096,
        ]
        object["stop_sequences"] = chat["stop"]
        if chat["model"] == "o4-mini" { object["thinking"] = ["type": "adaptive"] }
        if let tools = chat["tools"]?.arrayValue {
            object["tools"] = .array(
                tools.map { tool in
                    [
                        "name": tool["function"]?["name"] ?? "", "description": tool["function"]?["description"] ?? "",
                        "input_schema": tool["function"]?["parameters"] ?? [:],
                    ]
                })
            let choices = ["auto": "auto", "none": "none", "required": "any"]
            object["tool_choice"] = [
                "type": .string(choices[chat["tool_choice"]?.stringValue ?? ""] ?? "auto"),
                "disable_parallel_tool_use": .bool(chat["parallel_tool_calls"] == false),
            ]
        }
        return .object(object)
    }

    @Test func `an answer has the vendor's form and the words of chat`() throws {
        let answer = try whole(Self.request("Tell me about tides."))
        #expect(answer["type"] == "message" && answer["role"] == "assistant" && answer["model"] == "gpt-4.1-mini")
        #expect(answer["id"]?.stringValue?.hasPrefix("msg_") == true)
        #expect(answer["stop_reason"] == "end_turn" && answer["stop_sequence"] == .null)
        #expect(answer["content"]?.arrayValue?.count == 1 && answer["content"]?[0]?["type"] == "text")
        #expect(answer["content"]?[0]?["text"] == .string(try content(body("gpt-4.1-mini", "Tell me about tides."))))
        let usage = try #require(answer["usage"])
        #expect(usage["input_tokens"] == 12 && usage["cache_read_input_tokens"] == 0)
        #expect((usage["output_tokens"]?.intValue ?? 0) > 50)
    }

    @Test func `a system prompt and blocks are the conversation of chat`() throws {
        let blocks = Self.request("Why is the sky blue?").with("system", [["type": "text", "text": "Be brief."]])
            .with("messages", [["role": "user", "content": [["type": "text", "text": "Why is the sky blue?"]]]])
        let chat = body().with(
            "messages",
            [["role": "system", "content": "Be brief."], ["role": "user", "content": "Why is the sky blue?"]])
        #expect(try whole(blocks)["content"]?[0]?["text"] == .string(try content(chat)))
    }

    @Test(arguments: StreamTests.generated)
    func `a stream keeps the grammar and says what the whole answer says`(chat: JSONValue) throws {
        let request = translated(chat)
        let whole = try whole(request)
        let events = try SentEvent.all(stream(try wire(request)))
        for event in events { #expect(event.data["type"] == .string(event.name ?? "")) }
        let read = try MessagesGrammar(events)
        #expect(read.content == whole["content"]?.arrayValue)
        #expect(read.delta["stop_reason"] == whole["stop_reason"])
        #expect(read.delta["stop_sequence"] == whole["stop_sequence"])
        #expect(read.message["id"] == whole["id"] && read.message["model"] == whole["model"])
        #expect(read.message["usage"]?["input_tokens"] == whole["usage"]?["input_tokens"])
        #expect(read.outputTokens == whole["usage"]?["output_tokens"])
    }

    @Test func `the events of a short stream are these`() throws {
        let events = try SentEvent.all(stream(try wire(Self.request("sandbox:echo Hi “you”"))))
        #expect(
            events.map(\.name) == [
                "message_start", "ping", "content_block_start", "content_block_delta", "content_block_delta",
                "content_block_delta", "content_block_stop", "message_delta", "message_stop",
            ])
        #expect(events[3].data["delta"] == ["type": "text_delta", "text": "Hi “"])
        #expect(events[7].data["usage"] == ["output_tokens": 3])
    }

    @Test func `ends are named`() throws {
        #expect(try whole(Self.request("sandbox:tokens=9", ["max_tokens": 3]))["stop_reason"] == "max_tokens")
        let stopped = try whole(Self.request("sandbox:echo one two three", ["stop_sequences": ["three", "two"]]))
        #expect(stopped["stop_reason"] == "stop_sequence" && stopped["stop_sequence"] == "two")
        #expect(stopped["content"]?[0]?["text"] == "one ")
        #expect(try whole(Self.request("sandbox:content-filter"))["stop_reason"] == "refusal")
    }

    @Test func `thinking comes when it is asked for, and changes no word`() throws {
        let plain = try whole(Self.request("Why is the sky blue?", model: "o4-mini"))
        #expect(plain["content"]?.arrayValue?.map { $0["type"] } == ["text"])
        let thought = try whole(
            Self.request(
                "Why is the sky blue?", model: "o4-mini", ["thinking": ["type": "enabled", "budget_tokens": 2048]]))
        #expect(thought["content"]?.arrayValue?.map { $0["type"] } == ["thinking", "text"])
        #expect(thought["content"]?[1] == plain["content"]?[0])
        #expect(
            (thought["usage"]?["output_tokens"]?.intValue ?? 0) > (plain["usage"]?["output_tokens"]?.intValue ?? 0))
    }

    @Test func `a tool is called, and its result is told`() throws {
        let tool: JSONValue = [
            "name": "get_weather", "description": "Get current weather for a city",
            "input_schema": ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]],
        ]
        let question = Self.request("What is the weather in Tokyo?", ["tools": [tool]])
        let answer = try whole(question)
        #expect(answer["stop_reason"] == "tool_use")
        let call = try #require(answer["content"]?[0])
        #expect(call["type"] == "tool_use" && call["name"] == "get_weather" && call["input"] == ["city": "Tokyo"])
        let id = try #require(call["id"])
        #expect(id.stringValue?.hasPrefix("toolu_") == true)
        let messages: JSONValue = [
            ["role": "user", "content": "What is the weather in Tokyo?"],
            ["role": "assistant", "content": answer["content"] ?? []],
            [
                "role": "user",
                "content": [
                    ["type": "tool_result", "tool_use_id": id, "content": [["type": "text", "text": "Sunny, 21 °C"]]]
                ],
            ],
        ]
        let told = try whole(question.with("messages", messages))
        #expect(told["stop_reason"] == "end_turn")
        #expect(told["content"]?[0]?["text"]?.stringValue?.contains("Sunny, 21 °C") == true)
    }

    @Test func `a picture is seen`() throws {
        let gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
        let source: JSONValue = ["type": "base64", "media_type": "image/gif", "data": .string(gif)]
        let content: JSONValue = [["type": "image", "source": source], ["type": "text", "text": "What is this?"]]
        let answer = try whole(Self.request("").with("messages", [["role": "user", "content": content]]))
        #expect(answer["content"]?[0]?["text"]?.stringValue?.contains("GIF") == true)
    }

    @Test(arguments: [
        (#"{"max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#, "model"),
        (#"{"model":"gpt-4.1-mini","messages":[{"role":"user","content":"x"}]}"#, "max_tokens: Field required"),
        (#"{"model":"gpt-4.1-mini","max_tokens":9}"#, "messages: Field required"),
        (#"{"model":"gpt-4.1-mini","max_tokens":9,"messages":[]}"#, "at least one message"),
        (#"{"model":"gpt-4.1-mini","max_tokens":9,"messages":[{"role":"system","content":"x"}]}"#, "system"),
        (
            #"{"model":"gpt-4.1-mini","max_tokens":9,"messages":[{"role":"user","content":[{"type":"smell"}]}]}"#,
            "smell"
        ),
        (
            #"{"model":"gpt-4.1-mini","max_tokens":99999999,"messages":[{"role":"user","content":"x"}]}"#,
            "maximum allowed"
        ),
        (
            #"{"model":"gpt-4.1-mini","max_tokens":9,"stop_sequences":[""],"messages":[{"role":"user","content":"x"}]}"#,
            "stop_sequences"
        ),
        (
            #"{"model":"gpt-4.1-mini","max_tokens":9,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"x"}]}"#,
            "greater than"
        ), ("{", "JSON"),
    ])
    func `what the vendor refuses is refused in its shape`(body: String, contains: String) throws {
        let error = try #require(
            #expect(throws: VendorError.self) {
                _ = try MessagesReading(models: SandboxModel.builtIn).read(Array(body.utf8))
            })
        #expect(error.status == 400)
        #expect(error.message.contains(contains))
        let shape = try JSONValue(parsing: ErrorDialect.anthropic.body(error))
        #expect(shape["type"] == "error" && shape["error"]?["type"] == "invalid_request_error")
        #expect(shape["error"]?["message"] == .string(error.message))
    }

    @Test func `the server answers with the vendor's key, and misbehaves like it`() async throws {
        let plain = Self.request("sandbox:echo Grüße an alle, die dies lesen")
        try await withSandbox { client in
            let whole = try await client.post(Self.path, plain, [("x-api-key", "k"), ("anthropic-version", "x")])
            #expect(whole.status == 200 && whole.text.contains(#""stop_reason":"end_turn""#))
            let streamed = try await client.post(Self.path, plain.with("stream", true))
            #expect(streamed.headers.first("content-type")?.hasPrefix("text/event-stream") == true)
            #expect(try SentEvent.all(streamed.text).last?.name == "message_stop")
            let early = try await client.post(Self.path, plain.with("stream", true), fault: "close-early=2")
            #expect(try SentEvent.all(early.text).map(\.name).last == "content_block_delta")
            let broken = try await client.post(Self.path, plain.with("stream", true), fault: "malformed-json=2")
            #expect(throws: JSONError.self) { try SentEvent.all(broken.text) }
            let silent = try await client.post(Self.path, plain.with("stream", true), fault: "no-usage")
            #expect(!silent.text.contains("usage"))
            let refused = try await client.post(Self.path, plain, [("x-sandbox-status", "529")])
            #expect(refused.status == 529)
            #expect(try JSONValue(parsing: refused.bytes)["error"]?["type"] == "overloaded_error")
            let unknown = try await client.post(Self.path, plain.with("model", "claude-0"))
            #expect(unknown.status == 404)
            #expect(try JSONValue(parsing: unknown.bytes)["error"]?["type"] == "not_found_error")
        }
    }
}

/// Puts a stream of messages together again and holds it to its order.
struct MessagesGrammar {
    var message: JSONValue
    var content: [JSONValue] = []
    var delta: JSONValue = [:]
    var outputTokens: JSONValue?

    init(_ events: [SentEvent]) throws {
        #expect(events.first?.name == "message_start" && events.last?.name == "message_stop")
        message = try #require(events.first?.data["message"])
        #expect(message["content"] == [] && message["stop_reason"] == .null)
        var open: Int?
        var input = ""
        for event in events.dropFirst().dropLast() {
            #expect(event.name == "ping" || event.name == "message_delta" || event.data["index"] != nil)
            switch event.name {
            case "ping": break
            case "content_block_start":
                #expect(open == nil && event.data["index"]?.intValue == content.count)
                open = event.data["index"]?.intValue
                content.append(try #require(event.data["content_block"]))
                input = ""
            case "content_block_delta":
                #expect(event.data["index"]?.intValue == open)
                let delta = try #require(event.data["delta"])
                if let piece = delta["partial_json"]?.stringValue { input += piece }
                for name in ["text", "thinking", "signature"] {
                    guard let piece = delta[name]?.stringValue else { continue }
                    let before = content[content.count - 1][name]?.stringValue ?? ""
                    content[content.count - 1] = content[content.count - 1].with(name, .string(before + piece))
                }
            case "content_block_stop":
                #expect(event.data["index"]?.intValue == open)
                open = nil
                let last = content[content.count - 1]
                if last["type"] == "tool_use" {
                    content[content.count - 1] = last.with("input", (try? json(input)) ?? [:])
                }
            case "message_delta":
                #expect(open == nil)
                delta = try #require(event.data["delta"])
                outputTokens = event.data["usage"]?["output_tokens"]
            default: Issue.record("unknown event \(event.name ?? "")")
            }
        }
        #expect(open == nil)
    }
}
