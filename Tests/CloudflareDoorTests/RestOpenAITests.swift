import Domain
import JSON
import NamedGateways
import Telemetry
import Testing

@testable import CloudflareDoor

@Suite("OpenAI's wire, over REST", .timeLimit(.minutes(1)))
struct RestOpenAITests {
    private static let base = "/client/v4/accounts/acc_acme/ai/v1"

    @Test(
        "Every endpoint passes its body on, whole",
        arguments: [
            ("chat/completions", GatewayStep.Operation.chat), ("embeddings", .embeddings), ("responses", .responses),
        ])
    func endpoints(path: String, operation: GatewayStep.Operation) async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(#"{"id": "c"}"#))
            let body = #"{ "x":1, "model": "openai/o4-mini" }"#
            let answer = try await house.post("\(Self.base)/\(path)", body, [("cf-aig-event-id", "e")])
            #expect(answer.status == 200)
            #expect(answer.text == #"{"id": "c"}"#)
            #expect(answer.header("content-type") == "application/json; charset=utf-8")
            let request = try house.last()
            #expect(request.target == .model("openai/o4-mini", operation))
            #expect(request.body == body)
            #expect(request.kind == .run)
            #expect(request.gateway == GatewayID("default"))
            #expect(request.controls.eventID == "e")
        }
    }

    @Test func `hosted models pass by the gateways unless one is named`() async throws {
        try await withHouse { house in
            let body = #"{"model":"@cf/meta/llama"}"#
            _ = try await house.post("\(Self.base)/chat/completions", body)
            #expect(try house.last().gateway == nil)
            _ = try await house.post("\(Self.base)/chat/completions", body, [("cf-aig-gateway-id", "g")])
            #expect(try house.last().gateway == GatewayID("g"))
        }
    }

    @Test func `errors are told to both kinds of clients`() async throws {
        try await withHouse { house in
            house.engine.answers(
                FakeEngine.refusing(GatewayError(.modelNotFound, "There is no such model.", param: "model")))
            let answer = try await house.post("\(Self.base)/chat/completions", #"{"model":"a/b"}"#)
            #expect(answer.status == 404)
            #expect(
                answer.text
                    == #"{"result":null,"success":false,"errors":[{"code":7003,"message":"There is no such model.","source":{"pointer":"/model"}}],"messages":[],"error":{"message":"There is no such model.","type":"not_found","code":404,"param":"model","reason":"model_not_found","request_id":"req_1"}}"#
            )
            let unread = try await house.post("\(Self.base)/chat/completions", "{}")
            #expect(unread.status == 400)
            #expect(unread.code == 7000)
            #expect(unread.json["error"]?["param"] == "model")
        }
    }

    @Test func `models are listed`() async throws {
        try await withHouse { house in
            let answer = try await house.ask("GET \(Self.base)/models")
            #expect(answer.status == 200)
            #expect(
                answer.text.hasPrefix(
                    #"{"object":"list","data":[{"id":"openai/o4-mini","object":"model","created":1744761600,"owned_by":"openai"},"#
                ))
            #expect(answer.json["data"]?.arrayValue?.count == 6)
            #expect(try await house.ask("GET \(Self.base)/models", key: nil).status == 401)
        }
    }

    @Test func `the playground names its gateway in the path, and models as the gateway host does`() async throws {
        try await withHouse { house in
            let path = "/client/v4/accounts/acc_acme/ai-gateway/inference/g/compat/chat/completions"
            _ = try await house.post(path, #"{"model":"grok/grok-4","a":1}"#)
            let request = try house.last()
            #expect(request.target == .model("xai/grok-4", .chat))
            #expect(request.body == #"{"model":"xai/grok-4","a":1}"#)
            #expect(request.kind == .compat)
            #expect(request.gateway == GatewayID("g"))
            house.engine.answers(FakeEngine.refusing(GatewayError(.promptBlocked, "no")))
            #expect(try await house.post(path, #"{"model":"a/b"}"#).status == 424)
            let long = String(repeating: "g", count: 65)
            let answer = try await house.post(path.replacing("/g/", with: "/\(long)/"), #"{"model":"a/b"}"#)
            #expect(answer.code == 2001)
        }
    }
}

/// Goes on until its client leaves.
final class EndlessStream: GatewayStream {
    private let left: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (left, continuation) = AsyncStream.makeStream() }

    func next() async -> GatewayStreamStep { .bytes(Array("data: {}\n\n".utf8)) }
    func clientLeft() async { continuation.finish() }

    func waitUntilLeft() async {
        for await _ in left {}
    }
}

@Suite("Streams", .timeLimit(.minutes(1)))
struct StreamTests {
    private static let path = "/client/v4/accounts/acc_acme/ai/run/openai/o4-mini"
    private static let body = #"{"messages":[],"stream":true}"#

    @Test func `they are sent as they come, whatever the client says it accepts`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.stream(FakeStream(["data: {\"a\":1}\n\n", "data: [DONE]\n\n"])))
            let answer = try await house.post(Self.path, Self.body, [("Accept", "application/json")])
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/event-stream")
            #expect(answer.header("cache-control") == "no-cache")
            #expect(answer.header("cf-aig-log-id") == "01LOG")
            #expect(answer.text == "data: {\"a\":1}\n\ndata: [DONE]\n\n")
        }
    }

    @Test(
        "One that breaks says so, and has no end mark",
        arguments: [
            ("data: {}\n\n", "data: {}\n\n"), ("data: {", "data: {\n\n"), ("", ""),
        ])
    func broken(sent: String, received: String) async throws {
        try await withHouse { house in
            house.engine.answers(
                FakeEngine.stream(FakeStream([sent], then: .failed(GatewayError(.upstreamTimeout, "too slow")))))
            let answer = try await house.post(Self.path, Self.body)
            #expect(answer.text == received + #"data: {"error":{"code":3007,"message":"too slow"}}"# + "\n\n")
        }
    }

    @Test func `a client that leaves is told to the stream`() async throws {
        try await withHouse { house in
            let stream = EndlessStream()
            house.engine.answers { _ in
                .answered(
                    GatewayAnswer(status: 200, contentType: "text/event-stream", body: .stream(stream)),
                    GatewayFacts())
            }
            let body = Self.body
            let request =
                "POST \(Self.path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-aig-acme\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            let address = house.address
            try await blocking { try RawSocket(address).leave(after: "data: {}", of: request) }
            await stream.waitUntilLeft()
        }
    }

    @Test func `bytes that are no events break off without a word`() async throws {
        try await withHouse { house in
            house.engine.answers(
                FakeEngine.stream(
                    FakeStream(["[{}"], then: .failed(GatewayError(.upstreamTimeout, "too slow"))),
                    type: "application/json"))
            let answer = try await house.post(
                "/gateway/v1/acc_acme/g/google-ai-studio/v1/models/m:streamGenerateContent", "{}")
            #expect(answer.text == "[{}")
        }
    }

    @Test func `a conversion of the stream is used`() {
        let scanner = JSONScanner()
        let (stream, other) = (FakeStream([]), FakeStream([]))
        let conversion = RunConversion(
            operation: .chat, body: [], whole: { answer, _, _ in answer }, stream: { _, _ in other })
        #expect(AnswerShape.run(conversion).stream(stream, GatewayFacts(), scanner) === other)
        #expect(AnswerShape.wire.stream(stream, GatewayFacts(), scanner) === stream)
        var facts = GatewayFacts()
        facts.step = 1
        #expect(AnswerShape.steps([nil, conversion]).stream(stream, facts, scanner) === other)
        facts.step = 2
        #expect(AnswerShape.steps([nil, conversion]).stream(stream, facts, scanner) === stream)
    }

    @Test func `hosted models stream in their own form, whatever pieces theirs comes in`() async throws {
        try await withHouse { house in
            let chunks =
                #"data: {"choices":[{"index":0,"delta":{"content":"a"}}]}"# + "\n\n"
                + #"data: {"choices":[],"usage":{"total_tokens":5}}"# + "\n\ndata: [DONE]\n\n"
            house.engine.answers(
                FakeEngine.stream(FakeStream([String(chunks.prefix(30)), String(chunks.dropFirst(30))])))
            let path = "/client/v4/accounts/acc_acme/ai/run/@cf/meta/llama"
            let answer = try await house.post(path, #"{"prompt":"x","stream":true}"#)
            #expect(
                answer.text
                    == #"data: {"response":"a"}"# + "\n\n"
                    + #"data: {"response":"","usage":{"total_tokens":5}}"# + "\n\ndata: [DONE]\n\n")
            house.engine.answers(
                FakeEngine.stream(FakeStream(["data: {\n"], then: .failed(GatewayError(.upstreamTimeout, "late")))))
            let broken = try await house.post(path, #"{"prompt":"x","stream":true}"#)
            #expect(broken.text == #"data: {"error":{"code":3007,"message":"late"}}"# + "\n\n")
        }
    }

    @Test func `what answers tell in their fields`() async throws {
        try await withHouse { house in
            house.engine.answers(
                FakeEngine.json(
                    "{}", headers: [("X-Request-Id", "theirs"), ("openai-version", "1"), ("CF-AIG-Step", "9")],
                    FakeEngine.facts {
                        $0.step = 0
                        $0.cacheStatus = .hit
                        $0.eventID = "e"
                        $0.dlp = #"{"action":"FLAG"}"#
                        $0.cost = Nanodollars(79_200)
                        $0.isSandbox = true
                        $0.warning = "w"
                    }))
            let answer = try await house.post(Self.path, #"{"messages":[]}"#, [("Origin", "https://x.dev")])
            #expect(answer.all("cf-aig-step") == ["0"])
            #expect(answer.header("cf-aig-cache-status") == "HIT")
            #expect(answer.header("cf-aig-event-id") == "e")
            #expect(answer.header("cf-aig-dlp") == #"{"action":"FLAG"}"#)
            #expect(answer.header("x-cost-cents") == "0.00792")
            #expect(answer.header("x-aig-provider") == "sandbox")
            #expect(answer.header("x-aig-warning") == "w")
            #expect(answer.header("openai-version") == "1")
            #expect(answer.all("x-request-id") == ["req_1"])
            #expect(answer.header("access-control-expose-headers")?.contains("cf-aig-log-id") == true)
            let plain = try await house.post(Self.path, #"{"messages":[]}"#)
            #expect(plain.header("access-control-expose-headers") == nil)
        }
    }
}

@Suite("Bodies")
struct RequestBodyTests {
    @Test func `a large one that is all commas is not even looked at`() throws {
        let commas = Array("[0".utf8) + [UInt8](repeating: UInt8(ascii: ","), count: 5 << 20)
        let error = try #require(throws: GatewayError.self) {
            try RequestBody.scan(commas, scanner: JSONScanner(), depth: 8)
        }
        #expect(error.reason == .invalidBody)
        #expect(error.message == "The body has too many values.")
    }

    @Test func `JSON for people`() {
        #expect(
            PrettyJSON.text(["a": [], "b": ["x\n", nil], "c": [:]])
                == "{\n  \"a\": [],\n  \"b\": [\n    \"x\\n\",\n    null\n  ],\n  \"c\": {}\n}")
    }
}
