import AIGateway
import HTTPCore
import JSON
import Testing

@Suite("Streamed answers", .timeLimit(.minutes(1)))
struct StreamTests {
    static let chat = [
        #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}"#,
        #"{"choices":[{"index":0,"delta":{"reasoning_content":"hm"},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{"content":"Grü"},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{"content":"ße"},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        #"{"choices":[],"usage":{"total_tokens":3}}"#,
    ]

    @Test(arguments: AITransport.allCases)
    func `events come one by one, and the end mark is none`(transport: AITransport) async throws {
        try await withAI(transport, answer: .events(Self.chat + ["[DONE]"])) { ai, gateway in
            let stream = try await ai.stream("openai/o4-mini", ["messages": []])
            #expect((stream.logID, stream.requestID, stream.status) == ("log-1", "req-1", 200))
            var events: [AIStreamEvent] = []
            for try await event in stream { events.append(event) }
            #expect(events.map(\.value) == (try Self.chat.map { text throws in try AIValue(parsing: text) }))
            #expect(events.map(\.text) == ["", "", "Grü", "ße", "", ""])
            #expect(events.map(\.reasoning) == ["", "hm", "", "", "", ""])
            #expect(events.map(\.finishReason) == [nil, nil, nil, nil, "stop", nil])
            #expect(events.map(\.usage) == [nil, nil, nil, nil, nil, ["total_tokens": 3]])
            let inputs = transport == .rest ? gateway.requests[0].json : gateway.requests[0].json?["inputs"]
            #expect(inputs == ["messages": [], "stream": true])
        }
    }

    static let dialects = [
        [#"{"type":"response.output_text.delta","delta":"Grüße"}"#, #"{"type":"response.completed"}"#],
        [#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"Grüße"}}"#],
        [#"{"response":"Grü"}"#, #"{"response":"ße","usage":{}}"#],
    ]
    @Test(arguments: dialects)
    func `text of every dialect`(events: [String]) async throws {
        try await withAI(answer: .events(events)) { ai, _ in
            let found = try await ai.stream("m", ["a": 1]).text()
            #expect(found == "Grüße")
        }
    }

    @Test(arguments: [1, 2, 3, 7, 50])
    func `pieces may be cut anywhere`(size: Int) async throws {
        let text = ": hello\r\n\r\nevent: x\r\ndata: {\"response\":\r\ndata: \"Grüße🚀\"}\r\n\r\ndata: [DONE]\n\n"
        let bytes = Array(text.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        try await withAI(answer: .pieces(["Content-Type": "text/event-stream"], pieces, .complete)) { ai, _ in
            var events: [AIStreamEvent] = []
            for try await event in try await ai.stream("m", ["a": 1]) { events.append(event) }
            #expect(events.map(\.text) == ["Grüße🚀"])
            #expect(events.map(\.name) == ["x"])
        }
    }

    @Test(arguments: [AITransport.native, .rest])
    func `a model that cannot stream answers as a whole`(transport: AITransport) async throws {
        let body = transport == .rest ? #"{"result":\#(chatText),"success":true}"# : chatText
        try await withAI(transport, answer: .json(body)) { ai, _ in
            let stream = try await ai.stream("m", ["a": 1])
            var texts: [String] = []
            for try await event in stream { texts.append(event.text) }
            #expect(texts == ["Hi, 日本語"])
        }
    }

    @Test func `an error in the middle is thrown after what came before it`() async throws {
        let events = [Self.chat[2], #"{"error":{"code":3040,"message":"full"}}"#]
        try await withAI(answer: .events(events)) { ai, _ in
            var iterator = try await ai.stream("m", ["a": 1]).makeAsyncIterator()
            let first = try await iterator.next()?.text
            #expect(first == "Grü")
            do throws(AIError) {
                _ = try await iterator.next()
                Issue.record("nothing was thrown")
            } catch .refused(let refusal) {
                #expect((refusal.code, refusal.message) == (3040, "full"))
            } catch {
                Issue.record(error)
            }
            let end = try await iterator.next()
            #expect(end == nil)
        }
    }

    @Test func `a connection that breaks is told from an end`() async throws {
        try await withAI(answer: .events([Self.chat[2]], .broken)) { ai, _ in
            do throws(AIError) {
                _ = try await ai.stream("m", ["a": 1]).text()
                Issue.record("nothing was thrown")
            } catch .brokenOff {
            } catch {
                Issue.record(error)
            }
        }
    }

    @Test func `a stream that is dropped ends its call`() async throws {
        try await withAI(answer: .events([Self.chat[2]], .silent)) { ai, gateway in
            for try await _ in try await ai.stream("m", ["a": 1]) { break }
            await gateway.left.wait()
        }
    }

    @Test func `a task that is cancelled ends its call`() async throws {
        try await withAI(answer: .events([Self.chat[2]], .silent)) { ai, gateway in
            let begun = Signal()
            let reading = Task {
                for try await _ in try await ai.stream("m", ["a": 1]) { begun.fire() }
            }
            await begun.wait()
            reading.cancel()
            await #expect(throws: AIError.cancelled) { try await reading.value }
            await gateway.left.wait()
        }
    }
}
