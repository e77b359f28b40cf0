import HTTPCore
import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox responses")
struct ResponsesTests {
    static func request(_ input: JSONValue, model: String = "gpt-4.1-mini", _ more: JSONObject = [:]) -> JSONValue {
        var object: JSONObject = ["model": .string(model), "input": input]
        for member in more { object[member.key] = member.value }
        return .object(object)
    }

    private func wire(_ body: JSONValue) throws -> ResponsesWire {
        let request = try ResponsesReading(models: SandboxModel.builtIn).read(body.serialized())
        return ResponsesWire(request, created: clock())
    }

    private func whole(_ body: JSONValue) throws -> JSONValue {
        try JSONValue(parsing: try wire(body).whole())
    }

    private func text(_ answer: JSONValue) -> JSONValue? {
        answer["output"]?.arrayValue?.first { $0["type"] == "message" }?["content"]?[0]?["text"]
    }

    /// A chat request of the stream tests, as this wire says it.
    private func translated(_ chat: JSONValue) -> JSONValue {
        var object: JSONObject = ["model": chat["model"] ?? "", "input": chat["messages"] ?? []]
        object["max_output_tokens"] = chat["max_completion_tokens"]?.intValue.map { .int($0 + 16) }
        if let effort = chat["reasoning_effort"] { object["reasoning"] = ["effort": effort, "summary": "auto"] }
        if let format = chat["response_format"] { object["text"] = ["format": format] }
        if let tools = chat["tools"]?.arrayValue {
            object["tools"] = .array(
                tools.map { tool in
                    JSONValue.object(JSONObject(members: tool["function"]?.objectValue?.members ?? []))
                        .with("type", "function")
                })
            object["tool_choice"] = chat["tool_choice"]
            object["parallel_tool_calls"] = chat["parallel_tool_calls"]
        }
        return .object(object)
    }

    @Test func `an answer has the vendor's form and the words of chat`() throws {
        let answer = try whole(Self.request("Tell me about tides.", ["max_output_tokens": 900]))
        #expect(answer["object"] == "response" && answer["status"] == "completed" && answer["error"] == .null)
        #expect(answer["id"]?.stringValue?.hasPrefix("resp_") == true && answer["created_at"] == 1_776_947_082)
        #expect(answer["max_output_tokens"] == 900 && answer["tool_choice"] == "auto")
        let item = try #require(answer["output"]?[0])
        #expect(item["type"] == "message" && item["role"] == "assistant" && item["status"] == "completed")
        #expect(item["content"]?[0]?["type"] == "output_text")
        #expect(text(answer) == .string(try content(body("gpt-4.1-mini", "Tell me about tides."))))
        let usage = try #require(answer["usage"])
        #expect(usage["input_tokens"] == 12)
        #expect(
            usage["total_tokens"]?.intValue == (usage["input_tokens"]?.intValue ?? 0)
                + (usage["output_tokens"]?.intValue ?? 0))
    }

    @Test func `instructions and items are the conversation of chat`() throws {
        let items: JSONValue = [
            ["role": "user", "content": [["type": "input_text", "text": "Hi"]]],
            ["type": "message", "role": "assistant", "content": [["type": "output_text", "text": "Hello!"]]],
            ["type": "message", "role": "user", "content": "Why is the sky blue?"],
        ]
        let chat = body().with(
            "messages",
            [
                ["role": "system", "content": "Be brief."], ["role": "user", "content": "Hi"],
                ["role": "assistant", "content": "Hello!"], ["role": "user", "content": "Why is the sky blue?"],
            ])
        #expect(text(try whole(Self.request(items, ["instructions": "Be brief."]))) == .string(try content(chat)))
    }

    @Test(arguments: StreamTests.generated)
    func `a stream keeps the grammar and says what the whole answer says`(chat: JSONValue) throws {
        let request = translated(chat)
        let events = try SentEvent.all(stream(try wire(request)))
        for (index, event) in events.enumerated() {
            #expect(event.data["type"] == .string(event.name ?? ""))
            #expect(event.data["sequence_number"]?.intValue == index)
        }
        let read = try ResponsesGrammar(events)
        #expect(read.final == (try whole(request)))
        #expect(read.items == read.final["output"]?.arrayValue)
    }

    @Test func `the events of a short stream are these`() throws {
        let events = try SentEvent.all(stream(try wire(Self.request("sandbox:echo Hi “you”"))))
        #expect(
            events.map(\.name) == [
                "response.created", "response.in_progress", "response.output_item.added",
                "response.content_part.added", "response.output_text.delta", "response.output_text.delta",
                "response.output_text.delta", "response.output_text.done", "response.content_part.done",
                "response.output_item.done", "response.completed",
            ])
        #expect(events[0].data["response"]?["status"] == "in_progress")
        #expect(events[0].data["response"]?["usage"] == .null)
        #expect(events[4].data["delta"] == "Hi “")
        #expect(events[10].data["response"]?["usage"]?["output_tokens"] == 3)
    }

    @Test func `ends are named`() throws {
        let cut = try whole(Self.request("sandbox:tokens=90", ["max_output_tokens": 16]))
        #expect(cut["status"] == "incomplete" && cut["incomplete_details"] == ["reason": "max_output_tokens"])
        let filtered = try whole(Self.request("sandbox:content-filter"))
        #expect(filtered["incomplete_details"] == ["reason": "content_filter"])
    }

    @Test func `thoughts are told when that is asked for`() throws {
        let silent = try whole(Self.request("Why is the sky blue?", model: "o4-mini", ["reasoning": ["effort": "low"]]))
        #expect(silent["output"]?[0]?["type"] == "reasoning" && silent["output"]?[0]?["summary"] == [])
        #expect((silent["usage"]?["output_tokens_details"]?["reasoning_tokens"]?.intValue ?? 0) > 0)
        let told = try whole(
            Self.request("Why is the sky blue?", model: "o4-mini", ["reasoning": ["effort": "low", "summary": "auto"]]))
        #expect(told["output"]?[0]?["summary"]?[0]?["text"]?.stringValue?.isEmpty == false)
        let chat = body("o4-mini", "Why is the sky blue?").with("reasoning_effort", "low")
        #expect(text(told) == .string(try content(chat)))
    }

    @Test func `a tool is called, and its result is told`() throws {
        let tool: JSONValue = [
            "type": "function", "name": "get_weather", "description": "Get current weather for a city",
            "parameters": ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]],
        ]
        let question: JSONValue = ["role": "user", "content": "What is the weather in Tokyo?"]
        let answer = try whole(Self.request([question], ["tools": [tool]]))
        let call = try #require(answer["output"]?[0])
        #expect(call["type"] == "function_call" && call["name"] == "get_weather")
        #expect(call["arguments"] == #"{"city":"Tokyo"}"#)
        let output: JSONValue = [
            "type": "function_call_output", "call_id": call["call_id"] ?? "", "output": "Sunny, 21 °C",
        ]
        let told = try whole(Self.request([question, call, output], ["tools": [tool]]))
        let thought: JSONValue = ["type": "reasoning", "id": "rs_1", "summary": []]
        #expect(told == (try whole(Self.request([question, thought, call, output], ["tools": [tool]]))))
        #expect(
            try whole(Self.request([question, thought, question]))["output"]
                == (try whole(Self.request([question, question]))["output"]))
        #expect(text(told)?.stringValue?.contains("Sunny, 21 °C") == true)
    }

    @Test(arguments: [
        (#"{"input":"x"}"#, "model"), (#"{"model":"gpt-4.1-mini"}"#, "'input'"),
        (#"{"model":"gpt-4.1-mini","input":"x","previous_response_id":"resp_1"}"#, "resp_1"),
        (#"{"model":"gpt-4.1-mini","input":"x","tools":[{"type":"web_search"}]}"#, "web_search"),
        (#"{"model":"gpt-4.1-mini","input":[{"type":"item_reference","id":"x"}]}"#, "item_reference"),
        (#"{"model":"gpt-4.1-mini","input":[{"role":"user","content":[{"type":"smell"}]}]}"#, "smell"),
        (#"{"model":"gpt-4.1-mini","input":"x","max_output_tokens":2}"#, "max_output_tokens"),
    ])
    func `what the vendor refuses is refused`(body: String, contains: String) {
        let error = #expect(throws: VendorError.self) {
            _ = try ResponsesReading(models: SandboxModel.builtIn).read(Array(body.utf8))
        }
        #expect(error?.status == 400 && error?.message.contains(contains) == true)
    }

    @Test func `the server answers, and misbehaves`() async throws {
        let plain = Self.request("sandbox:echo Grüße an alle, die dies lesen")
        try await withSandbox { client in
            let whole = try await client.post("/v1/responses", plain)
            #expect(whole.status == 200 && whole.text.contains(#""object":"response""#))
            let streamed = try await client.post("/v1/responses", plain.with("stream", true))
            #expect(streamed.headers.first("content-type")?.hasPrefix("text/event-stream") == true)
            #expect(try SentEvent.all(streamed.text).last?.name == "response.completed")
            let silent = try await client.post("/v1/responses", plain, fault: "no-usage")
            #expect(silent.status == 200 && !silent.text.contains("usage"))
            let refused = try await client.post("/v1/responses", plain, [("x-sandbox-status", "429")])
            #expect(try JSONValue(parsing: refused.bytes)["error"]?["code"] == "rate_limit_exceeded")
        }
    }
}

/// Puts a stream of responses together again and holds it to its order.
struct ResponsesGrammar {
    var items: [JSONValue] = []
    var final: JSONValue = .null

    init(_ events: [SentEvent]) throws {
        #expect(events.prefix(2).map(\.name) == ["response.created", "response.in_progress"])
        var open: JSONValue?
        var text = ""
        for event in events.dropFirst(2) {
            let data = event.data
            if let index = data["output_index"]?.intValue { #expect(index == items.count) }
            if let id = data["item_id"] { #expect(id == open?["id"]) }
            switch event.name {
            case "response.output_item.added":
                #expect(open == nil)
                open = data["item"]
                text = ""
            case "response.output_item.done":
                let item = try #require(data["item"])
                #expect(open?["id"] == item["id"] && open?["type"] == item["type"])
                items.append(item)
                open = nil
            case "response.output_text.delta", "response.function_call_arguments.delta",
                "response.reasoning_summary_text.delta":
                text += try #require(data["delta"]?.stringValue)
            case "response.output_text.done", "response.reasoning_summary_text.done":
                #expect(data["text"] == .string(text))
            case "response.function_call_arguments.done": #expect(data["arguments"] == .string(text))
            case "response.content_part.added", "response.content_part.done", "response.reasoning_summary_part.added",
                "response.reasoning_summary_part.done":
                #expect(data["part"]?["text"] == .string(event.name?.hasSuffix("added") == true ? "" : text))
            case "response.completed", "response.incomplete":
                final = try #require(data["response"])
                #expect(final["status"] == .string(String(event.name?.dropFirst("response.".count) ?? "")))
            default: Issue.record("unknown event \(event.name ?? "")")
            }
        }
        #expect(open == nil)
    }
}
