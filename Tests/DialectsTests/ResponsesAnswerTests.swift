import Domain
import JSON
import Testing

@testable import Dialects
@testable import Sandbox

@Suite("Chat answers, as Responses")
struct ResponsesAnswerTests {
    private func input(_ body: String = #"{"model":"m","input":"x","temperature":0.5}"#) throws -> ResponsesInput {
        try ResponsesInput(bytes(body), scanner: JSONScanner())
    }

    private func whole(_ chat: String) throws -> JSONValue {
        try JSONValue(parsing: ResponsesAnswer.whole(bytes(chat), for: input(), scanner: JSONScanner()))
    }

    private func chat(_ message: String, finish: String = "stop") -> String {
        #"{"id":"chatcmpl-7","created":5,"model":"openai/x","choices":[{"message":\#(message),"finish_reason":"\#(finish)"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":1},"cost":0.25}}"#
    }

    @Test func `a text is a message`() throws {
        let answer = try whole(chat(#"{"role":"assistant","content":"Hé \"x\"","reasoning_content":"hm"}"#))
        #expect(answer["id"] == "resp_7" && answer["object"] == "response" && answer["created_at"] == 5)
        #expect(answer["status"] == "completed" && answer["model"] == "openai/x" && answer["error"] == .null)
        #expect(answer["output_text"] == "Hé \"x\"" && answer["temperature"] == 0.5 && answer["top_p"] == 1)
        #expect(
            answer["output"] == [
                ["id": "rs_7", "type": "reasoning", "summary": [["type": "summary_text", "text": "hm"]]],
                [
                    "id": "msg_7", "type": "message", "status": "completed", "role": "assistant",
                    "content": [["type": "output_text", "text": "Hé \"x\"", "annotations": [], "logprobs": []]],
                ],
            ])
        #expect(
            answer["usage"] == [
                "input_tokens": 9, "input_tokens_details": ["cached_tokens": 2], "output_tokens": 4,
                "output_tokens_details": ["reasoning_tokens": 1], "total_tokens": 13, "cost": 0.25,
            ])
    }

    @Test func `calls are items`() throws {
        let answer = try whole(
            chat(
                #"{"content":null,"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","function":{"name":"g","arguments":""}}]}"#,
                finish: "tool_calls"))
        #expect(
            answer["output"] == [
                [
                    "id": "fc_7_0", "type": "function_call", "status": "completed", "call_id": "a", "name": "f",
                    "arguments": "{\"x\":1}",
                ],
                [
                    "id": "fc_7_1", "type": "function_call", "status": "completed", "call_id": "b", "name": "g",
                    "arguments": "",
                ],
            ])
        #expect(answer["output_text"] == "" && answer["status"] == "completed")
    }

    @Test(arguments: [
        ("length", "incomplete", "max_output_tokens"), ("content_filter", "incomplete", "content_filter"),
    ])
    func `an answer cut short is incomplete`(finish: String, status: String, reason: String) throws {
        let answer = try whole(chat(#"{"content":"x"}"#, finish: finish))
        #expect(answer["status"] == .string(status) && answer["incomplete_details"] == ["reason": .string(reason)])
        #expect(answer["output"]?[0]?["status"] == .string(status))
    }

    @Test func `of several calls only the last is cut short`() throws {
        let calls = #"{"tool_calls":[{"id":"a","function":{"name":"f"}},{"id":"b","function":{"name":"g"}}]}"#
        let answer = try whole(chat(calls, finish: "length"))
        #expect(answer["output"]?.arrayValue?.map { $0["status"] } == ["completed", "incomplete"])
    }

    @Test func `a refusal is told as one`() throws {
        let answer = try whole(chat(#"{"content":null,"refusal":"No."}"#))
        #expect(answer["output"]?[0]?["content"] == [["type": "refusal", "refusal": "No."]])
    }

    @Test(arguments: ["", "{}", #"{"choices":[]}"#])
    func `what is no answer is an error`(body: String) {
        #expect(throws: GatewayError.self) { _ = try whole(body) }
    }

    // MARK: Streams

    private func events(_ stream: [UInt8], pieces size: Int, _ input: ResponsesInput) throws -> [JSONValue] {
        let scanner = JSONScanner()
        var converter = ResponsesStream(for: input)
        var sent: [UInt8] = []
        for start in Swift.stride(from: 0, to: stream.count, by: size) {
            sent += converter.convert(Array(stream[start..<min(start + size, stream.count)]), scanner: scanner)
        }
        #expect(converter.isOver)
        var reader = ServerSentEventReader()
        reader.feed(sent)
        var events: [JSONValue] = []
        while let event = try reader.next() {
            let data = try JSONValue(parsing: event.data)
            #expect(data["type"] == .string(event.event ?? "") && data["sequence_number"]?.intValue == events.count)
            events.append(data)
        }
        return events
    }

    private static let tool = #"""
        {"type":"function","name":"get_weather","description":"Get current weather for a city","parameters":{"type":
        "object","properties":{"city":{"type":"string"}},"required":["city"]}}
        """#

    @Test(arguments: NativeUsageStreamTests.words + ["sandbox:tokens=90"], NativeUsageStreamTests.models)
    func `a stream of the sandbox ends as its whole answer is`(words: String, model: String) throws {
        let words = String(decoding: JSONValue.string(words).serialized(), as: UTF8.self)
        let limit = words.contains("90") ? 60 : 4_000
        let input = try input(
            #"{"model":"\#(model)","input":\#(words),"max_output_tokens":\#(limit),"tools":[\#(Self.tool)],"stream":true}"#
        )
        var request = try ChatRequestReading(models: SandboxModel.builtIn).read(input.chat)
        request.includesUsage = true
        let wire = ChatWire(answer: SimulatedAnswer(to: request), created: 1, includesUsage: true)
        let whole = try JSONValue(parsing: ResponsesAnswer.whole(wire.whole(), for: input, scanner: JSONScanner()))
        var stream: [UInt8] = []
        for event in wire.events { stream += wire.frame(event) }
        for size in [11, 1 << 20] {
            let events = try events(stream + wire.ending(), pieces: size, input)
            #expect(events.last?["response"] == whole)
            try check(events, against: whole["output"]?.arrayValue ?? [])
        }
    }

    /// Items begin, go on and end one after another, and what was told of each is what it is in the end.
    private func check(_ events: [JSONValue], against items: [JSONValue]) throws {
        #expect(events.prefix(2).map { $0["type"] } == ["response.created", "response.in_progress"])
        var (done, open, text): ([JSONValue], JSONValue?, String) = ([], nil, "")
        for event in events.dropFirst(2).dropLast() {
            let type = try #require(event["type"]?.stringValue)
            #expect(event["output_index"]?.intValue == done.count)
            if let id = event["item_id"] { #expect(id == open?["id"]) }
            if type == "response.output_item.added" {
                #expect(open == nil)
                (open, text) = (event["item"], "")
            } else if type == "response.output_item.done" {
                #expect(open?["id"] == event["item"]?["id"])
                done.append(try #require(event["item"]))
                open = nil
            } else if type.hasSuffix(".delta") {
                text += try #require(event["delta"]?.stringValue)
            } else if let told = event["text"] ?? event["arguments"] {
                #expect(told == .string(text))
            } else {
                #expect(event["part"]?["text"] == .string(type.hasSuffix("added") ? "" : text))
            }
        }
        #expect(open == nil && done == items)
    }

    private static let first = #"data: {"id":"c-1","model":"m","created":2,"choices":[{"delta":{"content":"a"}}]}"#

    @Test(arguments: [
        (#"data: {"error":{"message":"Out of luck."}}"#, "Out of luck."), ("data: oops", "not readable"),
        (
            #"data: {"choices":[{"delta":{"tool_calls":[{"index":4,"function":{"arguments":"{}"}}]}}]}"#,
            "cannot be told"
        ),
    ])
    func `a failure is told, and ends the stream`(event: String, message: String) throws {
        let stream = [Self.first, event, Self.first, "data: [DONE]"].map { $0 + "\n\n" }.joined()
        let events = try events(bytes(stream), pieces: 1 << 20, input())
        #expect(events.last?["type"] == "response.failed")
        #expect(events.last?["response"]?["error"]?["message"]?.stringValue?.contains(message) == true)
        #expect(events.count { $0["type"] == "response.output_text.delta" } == 1)
        let atOnce = try self.events(bytes(event + "\n\n" + Self.first + "\n\n"), pieces: 9, input())
        #expect(atOnce.last?["type"] == (atOnce.count == 1 ? "error" : "response.failed"))
    }

    @Test func `an answer has a limit`() throws {
        var converter = ResponsesStream(for: try input(), maximumAnswerBytes: 3)
        var sent = ""
        for _ in 0..<9 { sent += text(converter.convert(bytes(Self.first + "\n\n"), scanner: JSONScanner())) }
        #expect(converter.isOver && sent.contains("too large"))
    }

    @Test func `a refusal is streamed as one`() throws {
        let stream = [
            #"data: {"id":"c-1","choices":[{"delta":{"refusal":"N"}}]}"#,
            #"data: {"choices":[{"delta":{"refusal":"o"},"finish_reason":"stop"}]}"#, "data: [DONE]",
        ].map { $0 + "\n\n" }.joined()
        let events = try events(bytes(stream), pieces: 6, input())
        #expect(events.contains { $0["type"] == "response.refusal.done" && $0["refusal"] == "No" })
        #expect(
            events.last?["response"]?["output"]?[0]?["content"] == [["type": "refusal", "refusal": "No"]])
    }
}
