import Domain
import HTTPCore
import JSON
import NamedGateways
import Testing

@testable import CloudflareDoor

@Suite("A model's input, over REST", .timeLimit(.minutes(1)))
struct RestRunTests {
    private static let runs = "/client/v4/accounts/acc_acme/ai/run"
    private static let messages = #"{"messages":[{"role":"user","content":"x"}]}"#

    @Test(
        "However its name is written in the path, it is that model",
        arguments: [
            ("openai/o4-mini", "openai/o4-mini"), ("openai%2Fo4-mini", "openai/o4-mini"),
            ("@cf/meta/llama", "@cf/meta/llama"), ("@cf%2Fmeta%2Fllama", "@cf/meta/llama"),
            ("%40cf/meta%2Fllama", "@cf/meta/llama"),
        ])
    func names(path: String, model: String) async throws {
        try await withHouse { house in
            _ = try await house.post("\(Self.runs)/\(path)", Self.messages)
            let request = try house.last()
            #expect(request.target == .model(model, .chat))
            #expect(request.body == #"{"messages":[{"role":"user","content":"x"}],"model":"\#(model)"}"#)
            #expect(request.kind == .run)
            #expect(!request.isUniversal)
            #expect(request.account.id == AccountID("acc_acme"))
            #expect(request.principal?.keyID == KeyID("sk-aig-acme"))
            #expect(request.requestID == RequestID("req_1"))
            #expect(request.path == "\(Self.runs)/\(path)")
            #expect(request.headers.first("x-request-id") == "req_1")
            #expect(request.steps.map(\.headers.count) == [0])
        }
    }

    @Test(
        "Models of others take a gateway always, hosted ones only a named one",
        arguments: [
            ("openai/o4-mini", nil, "default"), ("openai/o4-mini", "g", "g"), ("@cf/meta/llama", nil, nil),
            ("@cf/meta/llama", "g", "g"), ("dynamic/r", "g", "g"),
        ] as [(String, String?, String?)])
    func gateways(model: String, named: String?, gateway: String?) async throws {
        try await withHouse { house in
            _ = try await house.post(
                "\(Self.runs)/\(model)", Self.messages, named.map { [("cf-aig-gateway-id", $0)] } ?? [])
            #expect(try house.last().gateway?.rawValue == gateway)
        }
    }

    @Test func `the answer is in the envelope, with the source of the key`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(#"{"id":"c","choices":[]}"#))
            let answer = try await house.post("\(Self.runs)/openai/o4-mini", Self.messages)
            #expect(
                answer.text
                    == #"{"result":{"id":"c","choices":[],"gatewayMetadata":{"keySource":"Unified"}},"success":true,"errors":[],"messages":[]}"#
            )
            #expect(answer.header("cf-aig-log-id") == "01LOG")
            #expect(answer.header("cf-aig-request-id") == "req_1")
            #expect(answer.header("cf-aig-model") == "o4-mini")
            #expect(answer.header("cf-aig-provider") == "openai")
            #expect(answer.header("cf-ai-req-id") == nil)
            #expect(answer.header("cf-aig-cache-status") == nil)
            #expect(answer.header("cf-aig-step") == nil)
            #expect(answer.all("x-request-id") == ["req_1"])
        }
    }

    @Test func `members of the result stand beside it where that is wanted`() async throws {
        try await withHouse(copiesMembers: true) { house in
            house.engine.answers(FakeEngine.json(#"{"id":"c"}"#, FakeEngine.facts { $0.keySource = nil }))
            let answer = try await house.post("\(Self.runs)/openai/o4-mini", Self.messages)
            #expect(answer.text == #"{"result":{"id":"c"},"success":true,"errors":[],"messages":[],"id":"c"}"#)
            house.engine.answers(FakeEngine.json("{ }", FakeEngine.facts { $0.keySource = nil }))
            let empty = try await house.post("\(Self.runs)/openai/o4-mini", Self.messages)
            #expect(empty.text == #"{"result":{ },"success":true,"errors":[],"messages":[]}"#)
        }
    }

    @Test func `answers that are no JSON are sent as they are`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json("sound", type: "audio/mpeg"))
            let answer = try await house.post("\(Self.runs)/@cf/x/tts", #"{"prompt":"x"}"#)
            #expect(answer.text == "sound")
            #expect(answer.header("content-type") == "audio/mpeg")
        }
    }

    @Test(
        "The form of the input is told by its members",
        arguments: [
            ("openai/o3-mini", #"{"input":"x"}"#, GatewayStep.Operation.responses),
            ("openai/o4-mini", #"{"input":"x"}"#, .responses), ("openai/o4-mini", #"{"messages":[]}"#, .chat),
            ("openai/embed", #"{"input":"x"}"#, .embeddings), ("nobody/nothing", #"{}"#, .chat),
            ("custom-x/y", #"{"input":"x"}"#, .responses), ("@cf/meta/llama", #"{"prompt":"x"}"#, .chat),
            ("@cf/meta/llama", #"{"input":"x"}"#, .chat), ("@cf/baai/bge", #"{"text":["x"]}"#, .embeddings),
            ("@cf/nobody/nothing", #"{}"#, .chat),
            ("openai/o4-mini", #"{"messages":[],"input":null}"#, .chat),
        ])
    func forms(model: String, input: String, operation: GatewayStep.Operation) async throws {
        try await withHouse { house in
            _ = try await house.post("\(Self.runs)/\(model)", input)
            #expect(try house.last().target == .model(model, operation))
        }
    }

    @Test func `responses of a model whose vendor only chats are made of chats`() async throws {
        try await withHouse { house in
            house.engine.answers(
                FakeEngine.json(
                    #"{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":"#
                        + #"{"role":"assistant","content":"hello"},"finish_reason":"stop"}]}"#))
            let answer = try await house.post("\(Self.runs)/@cf/meta/llama", #"{"input":"x"}"#)
            #expect(answer.text.contains(#""object":"response""#) && answer.text.contains("hello"))
            #expect(try house.last().body.contains(#""messages":[{"#))
        }
    }

    @Test(
        "Inputs of both forms, of none, or of one the model has not, are refused",
        arguments: [
            ("openai/o4-mini", #"{"messages":[],"input":"x"}"#, 7003), ("openai/o4-mini", #"{}"#, 7003),
            ("anthropic/claude", #"{"input":"x"}"#, 7003), ("@cf/meta/llama", #"{"messages":[],"prompt":"x"}"#, 5006),
            ("@cf/meta/llama", #"{}"#, 5006), ("@cf/baai/bge", #"{"text":1}"#, 5006),
            ("@cf/meta/llama", #"{"prompt":"x","stream":true,"response_format":{"type":"json_object"}}"#, 5006),
        ])
    func noForm(model: String, input: String, code: Int) async throws {
        try await withHouse { house in
            let answer = try await house.post("\(Self.runs)/\(model)", input)
            #expect(answer.status == 400)
            #expect(answer.code == code)
            let named = try await house.post(Self.runs, #"{"model":"\#(model)","input":\#(input)}"#)
            #expect(named.code == code)
            let binding = try await house.post(
                "/binding/run", #"{"inputs":\#(input)}"#, [("cf-consn-model-id", model)])
            #expect(binding.json["internalCode"]?.intValue == code)
            let background = try await house.post(
                Self.runs, #"{"model":"\#(model)","input":\#(input),"options":{"background":true}}"#)
            #expect([code, 7001].contains(background.code))
            #expect(house.engine.asked.isEmpty)
        }
    }

    @Test func `hosted models answer in forms of their own`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(FakeEngine.hosted.wire))
            let chat = try await house.post("\(Self.runs)/@cf/meta/llama", #"{"prompt":"x"}"#)
            #expect(
                chat.text == #"{"result":\#(FakeEngine.hosted.own),"success":true,"errors":[],"messages":[]}"#)
            #expect(try house.last().body.contains(#""messages":[{"role":"user","content":"x"}]"#))
            house.engine.answers(FakeEngine.json(#"{"data":[{"index":0,"embedding":[1,2.5]}]}"#))
            let vectors = try await house.post("\(Self.runs)/@cf/baai/bge", #"{"text":"x"}"#)
            #expect(vectors.json["result"] == ["shape": [1, 2], "data": [[1, 2.5]]])
            #expect(try house.last().body == #"{"input":"x","model":"@cf/baai/bge"}"#)
        }
    }

    @Test func `an answer that cannot be what was asked for is a refusal`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(FakeEngine.hosted.wire))
            let answer = try await house.post(
                "\(Self.runs)/@cf/meta/llama",
                #"{"prompt":"x","response_format":{"type":"json_schema","json_schema":{"type":"object"}}}"#)
            #expect(answer.status == 500)
            #expect(answer.message == "JSON Mode couldn't be met")
            #expect(answer.header("cf-aig-log-id") == "01LOG")
        }
    }

    @Test(
        "Bodies that cannot be read are refused",
        arguments: ["", "x", "[]", "null", #"{"a":}"#, String(repeating: "[", count: 5_000), "\u{FF}"])
    func unreadable(body: String) async throws {
        try await withHouse { house in
            for path in ["\(Self.runs)/openai/o4-mini", Self.runs, "\(Self.runs)/openai/o4-mini?queueRequest=true"] {
                let answer = try await house.post(path, body)
                #expect(answer.status == 400)
                #expect(answer.code == 7000)
                #expect(answer.json["success"] == false)
                #expect(answer.json["result"] == .null)
            }
            #expect(house.engine.asked.isEmpty)
        }
    }

    @Test func `controls are read and named when they are wrong`() async throws {
        try await withHouse { house in
            _ = try await house.post(
                "\(Self.runs)/openai/o4-mini", Self.messages,
                [("cf-aig-skip-cache", "TRUE"), ("cf-aig-metadata", #"{"a":1}"#)])
            #expect(try house.last().controls.skipCache == true)
            #expect(try house.last().controls.metadata?["a"] == .number("1"))
            let answer = try await house.post(
                "\(Self.runs)/openai/o4-mini", Self.messages, [("cf-aig-cache-ttl", "5")])
            #expect(answer.status == 400)
            #expect(answer.code == 7001)
            #expect(answer.message.contains("cf-aig-cache-ttl"))
            #expect(answer.json["errors"]?[0]?["source"]?["pointer"] == "cf-aig-cache-ttl")
        }
    }

    @Test func `who may not ask is told so`() async throws {
        try await withHouse { house in
            let none = try await house.post("\(Self.runs)/openai/o4-mini", Self.messages, key: nil)
            #expect(none.status == 401)
            #expect(none.code == 10000)
            let other = try await house.post(
                "/client/v4/accounts/acc_other/ai/run/openai/o4-mini", Self.messages)
            #expect(other.status == 403)
            let foreign = try await house.post(
                "/client/v4/accounts/0123456789abcdef0123456789abcdef/ai/run/openai/o4-mini", Self.messages)
            #expect(foreign.status == 200)
            #expect(try house.last().account.id == AccountID("acc_acme"))
            _ = try await house.post(
                "/client/v4/accounts/sa_tenant/ai/run/openai/o4-mini", Self.messages, key: "sk-aig-admin")
            #expect(try house.last().account.id == AccountID("sa_tenant"))
        }
    }

    @Test func `methods and paths that are not there are told apart`() async throws {
        try await withHouse { house in
            let get = try await house.ask("GET \(Self.runs)/openai/o4-mini")
            #expect(get.status == 405)
            #expect(get.code == 7001)
            #expect(get.header("allow") == "POST")
            #expect(try await house.post("\(Self.runs)/", Self.messages).status == 404)
            #expect(try await house.post("\(Self.runs)/openai%zz", Self.messages).status == 404)
            #expect(try await house.post("\(Self.runs)/openai%2", Self.messages).status == 404)
            #expect(try await house.post("\(Self.runs)/%ff%fe", Self.messages).status == 404)
            let long = try await house.post("\(Self.runs)/openai/\(String(repeating: "x", count: 300))", Self.messages)
            #expect(long.status == 404)
            #expect(long.code == 7003)
            #expect(house.engine.asked.isEmpty)
        }
    }

    @Test(
        "What the gateway refuses is told in numbers that clients know",
        arguments: [
            ("openai/x", ErrorReason.modelNotFound, 404, 7003), ("@cf/x", .modelNotFound, 400, 5007),
            ("openai/x", .invalidValue, 400, 7003), ("@cf/x", .invalidValue, 400, 5006),
            ("openai/x", .gatewayNotFound, 400, 2001), ("openai/x", .promptBlocked, 422, 2017),
            ("openai/x", .answerBlocked, 422, 2017), ("openai/x", .insufficientCredits, 402, 2021),
            ("openai/x", .unknownKeyAlias, 400, 2040), ("openai/x", .spendLimit, 429, 2045),
            ("openai/x", .gatewayRate, 429, 2003), ("openai/x", .ownKeyNeeded, 400, 2021),
            ("openai/x", .promptWithheld, 400, 2029), ("openai/x", .scannerUnavailable, 503, 7013),
            ("openai/x", .upstreamRejected, 400, 7003),
        ])
    func refusals(model: String, reason: ErrorReason, status: Int, code: Int) async throws {
        try await withHouse { house in
            house.engine.answers(
                FakeEngine.refusing(
                    GatewayError(reason, "why", retryAfterSeconds: 7), FakeEngine.facts { $0.cacheStatus = .miss }))
            let answer = try await house.post("\(Self.runs)/\(model)", #"{"messages":[]}"#)
            #expect(answer.status == status)
            #expect(
                answer.text
                    == #"{"result":null,"success":false,"errors":[{"code":\#(code),"message":"why"}],"messages":[]}"#)
            #expect(answer.header("cf-aig-log-id") == "01LOG")
            #expect(answer.header("cf-aig-cache-status") == "MISS")
            #expect(answer.header("retry-after") == "7")
            #expect(answer.header("content-type") == "application/json")
        }
    }

    @Test func `whoever would rather be refused when vendors are busy is`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.refusing(GatewayError(.upstreamSaturated, "busy")))
            let body = #"{"options":{"rejectIfBusy":true},"messages":[]}"#
            do {
                let answer = try await house.post("\(Self.runs)/openai/o4-mini", body)
                #expect(answer.status == 429)
                #expect(answer.code == 3040)
                #expect(answer.message == "Capacity temporarily exceeded, please try again.")
                #expect(try house.last().body == #"{"messages":[],"model":"openai/o4-mini"}"#)
            }
            let named = try await house.post(
                Self.runs, #"{"model":"openai/o4-mini","input":{"messages":[]},"options":{"rejectIfBusy":true}}"#)
            #expect(named.status == 429)
            #expect(try await house.post("\(Self.runs)/openai/o4-mini", #"{"messages":[]}"#).status == 503)
            let wrong = try await house.post(
                "\(Self.runs)/openai/o4-mini", #"{"options":{"rejectIfBusy":1},"messages":[]}"#)
            #expect(wrong.code == 7001)
            // An input's own member of that name stays.
            _ = try await house.post("\(Self.runs)/@cf/x", #"{"options":{"a":1}}"#)
            #expect(try house.last().body == #"{"options":{"a":1},"model":"@cf/x"}"#)
        }
    }

    @Test func `the model may stand beside its input`() async throws {
        try await withHouse { house in
            let answer = try await house.post(
                Self.runs, #"{"input": {"messages": [] } ,"model":"openai/o4-mini","provider":"openai"}"#)
            #expect(answer.status == 200)
            #expect(answer.json["result"]?["gatewayMetadata"]?["keySource"] == "Unified")
            #expect(try house.last().body == #"{"messages": [],"model":"openai/o4-mini" }"#)
            #expect(try house.last().target == .model("openai/o4-mini", .chat))
        }
    }

    @Test(
        "What is wrong beside an input is named",
        arguments: [
            (#"{"input":{}}"#, 7000, "model"), (#"{"model":1,"input":{}}"#, 7001, "model"),
            (#"{"model":"openai/o4-mini"}"#, 7001, "input"), (#"{"model":"openai/o4-mini","input":[]}"#, 7001, "input"),
            (#"{"model":"openai/o4-mini","input":{},"options":1}"#, 7001, "options"),
            (#"{"model":"openai/o4-mini","input":{},"provider":"anthropic"}"#, 7001, "provider"),
            (#"{"model":"openai/o4-mini","input":{},"provider":7}"#, 7001, "provider"),
            (#"{"model":"a/b","input":{},"options":{"webhookUrl":"https://x.dev"}}"#, 7001, "options.webhookUrl"),
            (
                #"{"model":"a/b","input":{},"options":{"background":true,"webhookFormat":"raw"}}"#, 7001,
                "options.webhookFormat"
            ),
            (
                #"{"model":"a/b","input":{},"options":{"background":true,"webhookUrl":"https://x.dev","webhookFormat":"xml"}}"#,
                7001, "options.webhookFormat"
            ),
            (
                #"{"model":"a/b","input":{},"options":{"background":true,"webhookUrl":"http://x.dev"}}"#, 7001,
                "options.webhookUrl"
            ),
            (#"{"model":"a/b","input":{},"options":{"background":"yes"}}"#, 7001, "options.background"),
            (#"{"model":"a/b","input":{"stream":true},"options":{"background":true}}"#, 7001, "input.stream"),
        ])
    func named(body: String, code: Int, param: String) async throws {
        try await withHouse { house in
            let answer = try await house.post(Self.runs, body)
            #expect(answer.status == 400)
            #expect(answer.code == code)
            #expect(answer.json["errors"]?[0]?["source"]?["pointer"]?.stringValue == param)
            #expect(house.engine.asked.isEmpty)
        }
    }
}
