import AIGateway
import HTTPCore
import Testing

@Suite("What a run gives", .timeLimit(.minutes(1)))
struct RunAnswerTests {
    @Test(arguments: [AITransport.native, .tunnel, .rest])
    func `a whole answer, its text and what it says about itself`(transport: AITransport) async throws {
        let body = transport == .rest ? #"{"result":\#(chatText),"success":true,"errors":[]}"# : chatText
        let fields = [("cf-aig-log-id", "log-1"), ("cf-ai-req-id", "req-1")]
        try await withAI(transport, answer: .json(body, headers: fields)) { ai, _ in
            #expect((ai.last.logID, ai.last.requestID, ai.last.status) == (nil, nil, nil))
            let result = try await ai.run("openai/o4-mini", ["messages": []])
            #expect(result.value == (try AIValue(parsing: chatText)))
            #expect(result.outputText == "Hi, 日本語")
            #expect(result.value["usage"]?["total_tokens"]?.intValue == 3)
            #expect((result.logID, result.requestID, result.status) == ("log-1", "req-1", 200))
            #expect((ai.last.logID, ai.last.requestID, ai.last.status) == ("log-1", "req-1", 200))
            let copy = ai
            #expect(copy.last == ai.last)
        }
    }

    @Test func `an answer as a type of one's own`() async throws {
        struct Chat: Decodable {
            struct Choice: Decodable {
                struct Message: Decodable { let content: String? }
                let message: Message
            }
            let choices: [Choice]
        }
        try await withAI(answer: .json(chatText)) { ai, _ in
            let chat = try await ai.run("m", ["a": 1]).decode(Chat.self)
            #expect(chat.choices[0].message.content == "Hi, 日本語")
        }
    }

    static let texts: [(String, String)] = [
        (#"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}}]}"#, "ab"),
        (#"{"choices":[{"message":{"content":null,"tool_calls":[]}}]}"#, ""),
        (
            #"{"object":"response","output":[{"type":"reasoning"},{"content":[{"type":"output_text","text":"ab"}]}]}"#,
            "ab"
        ),
        (#"{"type":"message","content":[{"type":"thinking"},{"type":"text","text":"ab"}]}"#, "ab"),
        (#"{"response":"ab","usage":{}}"#, "ab"),
        (#"{"data":[[1,2]]}"#, ""),
        (#"[{"label":"x"}]"#, ""),
        ("7", ""),
    ]
    @Test(arguments: texts)
    func `text of every dialect`(body: String, text: String) async throws {
        try await withAI(answer: .json(body)) { ai, _ in
            let found = try await ai.run("m", ["a": 1]).outputText
            #expect(found == text)
        }
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let body: String
        let name: String
        let code: Int?
        let message: String
        var testDescription: String { body }
    }
    static let failures = [
        Failure(
            body: #"{"name":"AiError","internalCode":5006,"description":"bad","message":"bad: x"}"#, name: "AiError",
            code: 5006, message: "bad"),
        Failure(
            body: #"{"error":[{"code":1}],"name":"AiGatewayError","internalCode":2003,"description":"Too many"}"#,
            name: "AiGatewayError", code: 2003, message: "Too many"),
        Failure(
            body: #"{"success":false,"result":null,"errors":[{"code":7003,"message":"no such model"}]}"#,
            name: "InferenceUpstreamError", code: 7003, message: "no such model"),
        Failure(body: #"{"error":"x"}"#, name: "InferenceUpstreamError", code: nil, message: #"{"error":"x"}"#),
        Failure(body: "Bad gateway", name: "InferenceUpstreamError", code: nil, message: "Bad gateway"),
        Failure(body: "", name: "InferenceUpstreamError", code: nil, message: "an answer without a body"),
    ]
    @Test(arguments: failures)
    func `an error says whose it is`(failure: Failure) async throws {
        try await withAI(answer: .json(failure.body, status: 429, headers: [("cf-ai-req-id", "r")])) { ai, _ in
            for isStreamed in [false, true] {
                do throws(AIError) {
                    if isStreamed {
                        _ = try await ai.stream("m", ["a": 1])
                    } else {
                        _ = try await ai.run("m", ["a": 1])
                    }
                    Issue.record("nothing was thrown")
                } catch .refused(let refusal) {
                    #expect((refusal.name, refusal.code) == (failure.name, failure.code))
                    #expect((refusal.message, refusal.status, refusal.requestID) == (failure.message, 429, "r"))
                } catch {
                    Issue.record(error)
                }
                #expect((ai.last.status, ai.last.code, ai.last.requestID) == (429, failure.code, "r"))
            }
        }
    }

    @Test func `an answer that is no JSON is for raw`() async throws {
        let png: [UInt8] = [0x89, 0x50]
        try await withAI(answer: .whole(200, ["Content-Type": "image/png"], png)) { ai, _ in
            await #expect(throws: AIError.unreadable("The answer is image/png, not JSON; read it with `raw`.")) {
                try await ai.run("m", ["a": 1])
            }
            let raw = try await ai.raw("m", ["a": 1])
            #expect((raw.status, raw.header("CONTENT-type")) == (200, "image/png"))
            let found = try await raw.collect(upTo: 10)
            #expect(found == png)
        }
        try await withAI(answer: .json("{", status: 200)) { ai, _ in
            await #expect(throws: AIError.self) { try await ai.run("m", ["a": 1]) }
        }
    }

    @Test func `the raw answer is handed over whatever its status, whole or in pieces`() async throws {
        try await withAI(answer: .json(#"{"errors":[]}"#, status: 429)) { ai, _ in
            let raw = try await ai.raw("m", ["a": 1])
            #expect(raw.status == 429)
            var body: [UInt8] = []
            for try await piece in raw.pieces { body += piece }
            #expect(String(decoding: body, as: UTF8.self) == #"{"errors":[]}"#)
            #expect(ai.last.status == 429)
            await #expect(throws: AIError.unreadable("The answer is longer than 3 bytes.")) {
                try await ai.raw("m", ["a": 1]).collect(upTo: 3)
            }
        }
    }

    @Test func `a gateway that is not there is told apart`() async throws {
        let ai = try AI(baseURL: "http://127.0.0.1:1", apiKey: "sk-aig-secret")
        do throws(AIError) {
            _ = try await ai.run("m", ["a": 1])
            Issue.record("nothing was thrown")
        } catch .cannotConnect(let text) {
            #expect(!text.contains("secret"))
        } catch {
            Issue.record(error)
        }
    }

    @Test func `a time limit is kept`() async throws {
        try await withGateway({ _ in .events(["{}"], .silent) }) { origin, gateway in
            let ai = try AI(baseURL: origin, apiKey: "k", timeouts: AITimeouts(idle: .milliseconds(50)))
            await #expect(throws: AIError.timedOut) { try await ai.stream("m", ["a": 1]).text() }
            await gateway.left.wait()
        }
    }
}
