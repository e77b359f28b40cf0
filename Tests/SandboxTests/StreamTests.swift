import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox streams")
struct StreamTests {
    static let words = [
        "hello", "What are the three laws of thermodynamics?", "How do I read a JSON file in Python?",
        "Write a short story opening about a detective finding an unusual clue.",
        "Explain the concept of recursion with a simple example.", "Why is the sky blue 🟦, and the “sea” too?",
        "sandbox:echo Größe 👩‍👩‍👧‍👦 e\u{301} \r\n naïve — 日本語", "sandbox:echo ", "sandbox:tokens=40",
        "sandbox:content-filter please", "What's the weather in Tokyo and Paris?", "Say \"yes\" \\ no",
    ]

    /// Requests made of many features at once, the same in every run.
    static let generated: [JSONValue] = (0..<240).map { number in
        var random = StableRandom(UInt64(number))
        let model = SandboxModel.builtIn[random.below(4)]
        var request = body(model.name, words[random.below(words.count)])
        if random.below(3) == 0 { request = request.with("max_completion_tokens", .int(1 + random.below(120))) }
        if random.below(4) == 0 { request = request.with("n", .int(1 + random.below(3))) }
        if random.below(4) == 0 { request = request.with("stop", ["the", "é"]) }
        if random.below(3) == 0 { request = request.with("seed", .int(random.below(1000))) }
        if random.below(3) == 0 {
            request = request.with("reasoning_effort", .string(random.pick(["none", "low", "high"])))
        }
        if random.below(3) == 0 { request = request.with("logprobs", true).with("top_logprobs", .int(random.below(4))) }
        if random.below(4) == 0 { request = request.with("response_format", ["type": "json_object"]) }
        if random.below(2) == 0 {
            request = request.with("tools", [Self.weather, Self.search])
                .with("tool_choice", .string(random.pick(["auto", "none", "required"])))
                .with("parallel_tool_calls", .bool(random.below(2) == 0))
        }
        return request
    }

    static let weather: JSONValue = [
        "type": "function",
        "function": [
            "name": "get_weather", "description": "Get current weather for a city",
            "parameters": [
                "type": "object", "properties": ["city": ["type": "string"]], "required": ["city"],
            ],
        ],
    ]
    static let search: JSONValue = [
        "type": "function",
        "function": [
            "name": "search_web", "description": "Search the web",
            "parameters": ["type": "object", "properties": ["query": ["type": "string"]], "required": ["query"]],
        ],
    ]

    @Test(arguments: generated)
    func `a stream keeps the grammar and says what the whole answer says`(request: JSONValue) throws {
        let whole = try answer(request)
        let stream = try StreamGrammar(try stream(request.streamed), wantsUsage: true)
        #expect(stream.usage == whole["usage"])
        #expect(stream.head[0] == whole["id"])
        let choices = try #require(whole["choices"]?.arrayValue)
        #expect(stream.choices.count == choices.count)
        for choice in choices {
            let message = try #require(choice["message"])
            let streamed = try #require(stream.choices[choice["index"]?.intValue ?? -1])
            #expect(streamed.content ?? "" == message["content"]?.stringValue ?? "")
            #expect(streamed.reasoning == message["reasoning_content"]?.stringValue ?? "")
            #expect(streamed.finish == choice["finish_reason"]?.stringValue)
            #expect(streamed.logprobs == choice["logprobs"]?["content"]?.arrayValue ?? [])
            let calls = message["tool_calls"]?.arrayValue ?? []
            #expect(
                streamed.calls
                    == calls.map { call in
                        [call["id"], call["function"]?["name"], call["function"]?["arguments"]].map {
                            $0?.stringValue ?? ""
                        }
                    })
        }
    }

    @Test(arguments: generated)
    func `usage adds up and keeps the limit`(request: JSONValue) throws {
        let whole = try answer(request)
        let usage = try #require(whole["usage"])
        let completion = try #require(usage["completion_tokens"]?.intValue)
        let reasoning = try #require(usage["completion_tokens_details"]?["reasoning_tokens"]?.intValue)
        #expect(usage["total_tokens"]?.intValue == completion + (usage["prompt_tokens"]?.intValue ?? 0))
        #expect(reasoning <= completion)
        var expected = (reasoning: 0, all: 0)
        for choice in whole["choices"]?.arrayValue ?? [] {
            let message = choice["message"]
            expected.reasoning += TokenEstimate.text(message?["reasoning_content"]?.stringValue ?? "")
            expected.all += TokenEstimate.text(message?["content"]?.stringValue ?? "")
            for call in message?["tool_calls"]?.arrayValue ?? [] {
                for part in ["name", "arguments"] {
                    expected.all += TokenEstimate.text(call["function"]?[part]?.stringValue ?? "")
                }
            }
        }
        #expect(reasoning == expected.reasoning)
        #expect(completion == expected.reasoning + expected.all)
        if let limit = request["max_completion_tokens"]?.intValue {
            #expect(completion <= limit * (request["n"]?.intValue ?? 1))
        }
    }

    @Test func `no usage chunk comes unasked`() throws {
        let text = try stream(body().with("stream", true))
        _ = try StreamGrammar(text, wantsUsage: false)
        #expect(!text.contains("usage"))
    }

    @Test func `the bytes of a short stream are these`() throws {
        let request = body("gpt-4.1-mini", "sandbox:echo Hi “you”").with("stream", true)
        let id = try #require(try answer(request)["id"]?.stringValue)
        #expect(id.hasPrefix("chatcmpl-"))
        let head =
            #"data: {"id":"\#(id)","object":"chat.completion.chunk","created":1776947082,"model":"gpt-4.1-mini","#
            + #""system_fingerprint":"fp_sandbox","choices":[{"index":0,"delta":"#
        let expected = [
            #"\#(head){"role":"assistant"},"finish_reason":null}]}"#,
            #"\#(head){"content":"Hi “"},"finish_reason":null}]}"#,
            #"\#(head){"content":"yo"},"finish_reason":null}]}"#,
            #"\#(head){"content":"u”"},"finish_reason":null}]}"#,
            #"\#(head){},"finish_reason":"stop"}]}"#, "data: [DONE]",
        ]
        #expect(try stream(request) == expected.map { $0 + "\n\n" }.joined())
    }
}
