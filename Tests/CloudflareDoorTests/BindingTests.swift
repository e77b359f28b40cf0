import Domain
import HTTPServer
import JSON
import NamedGateways
import Testing

@testable import CloudflareDoor

@Suite("The binding", .timeLimit(.minutes(1)))
struct BindingTests {
    private static func model(_ name: String) -> [(String, String)] {
        [("cf-consn-model-id", name), ("cf-consn-sdk-version", "2.0.0"), ("content-type", "application/json")]
    }

    private static let inputs = #"{"inputs":{"messages":[]},"options":{}}"#

    @Test(
        "The gateway is the one of the options, else the model's usual one",
        arguments: [
            ("/binding/run", "openai/o4-mini", "{}", "default"), ("/binding/run", "@cf/meta/llama", "{}", nil),
            ("/binding/run", "@cf/meta/llama", #"{"gateway":{"id":"g"}}"#, "g"),
            ("/binding/ai-gateway/run", "openai/o4-mini", #"{"gateway":{"id":"g"}}"#, "g"),
            ("/binding/ai-gateway/run", "@cf/meta/llama", #"{"gateway":{"id":"g"}}"#, "g"),
            ("/binding/run", "prefix:openai/o4-mini", #"{"gateway":{"skipCache":true}}"#, "default"),
        ] as [(String, String, String, String?)])
    func gateways(path: String, name: String, options: String, gateway: String?) async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(FakeEngine.hosted.wire))
            let answer = try await house.post(
                "\(path)?version=3", #"{"inputs":{"messages":[]},"options":\#(options)}"#, Self.model(name))
            #expect(answer.status == 200)
            let request = try house.last()
            let model = name.replacing("prefix:", with: "")
            #expect(request.gateway?.rawValue == gateway)
            #expect(request.target == .model(model, .chat))
            #expect(request.body == #"{"messages":[],"model":"\#(model)"}"#)
            #expect(request.account.id == AccountID("acc_acme"))
            #expect(request.kind == .run)
            #expect(request.controls.skipCache == (options.contains("skipCache") ? true : nil))
        }
    }

    @Test func `answers are bare, of exactly one content type, and name their request`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(#"{"id":"c"}"#, FakeEngine.facts { $0.keySource = .own }))
            let answer = try await house.post("/binding/run?version=3", Self.inputs, Self.model("openai/o4-mini"))
            #expect(answer.text == #"{"id":"c","gatewayMetadata":{"keySource":"BYOK"}}"#)
            #expect(answer.all("content-type") == ["application/json"])
            #expect(answer.header("cf-ai-req-id") == "req_1")
            #expect(answer.header("cf-aig-log-id") == "01LOG")
            house.engine.answers(FakeEngine.json(FakeEngine.hosted.wire))
            let hosted = try await house.post("/binding/run?version=3", Self.inputs, Self.model("@cf/meta/llama"))
            #expect(hosted.text == FakeEngine.hosted.own)
            house.engine.answers(FakeEngine.stream(FakeStream(["data: [DONE]\n\n"])))
            let stream = try await house.post(
                "/binding/run?version=3", #"{"inputs":{"messages":[],"stream":true}}"#, Self.model("openai/o4-mini"))
            #expect(stream.text == "data: [DONE]\n\n")
            #expect(stream.header("content-type") == "text/event-stream")
        }
    }

    @Test func `options of the gateway are read, header fields only where they say nothing`() async throws {
        try await withHouse { house in
            _ = try await house.post(
                "/binding/ai-gateway/run?version=3",
                #"{"inputs":{"messages":[]},"options":{"gateway":{"id":"g","cacheTtl":60,"metadata":{"a":true}},"tags":["t"]}}"#,
                Self.model("openai/o4-mini") + [("cf-aig-cache-ttl", "120"), ("cf-aig-event-id", "e")])
            let controls = try house.last().controls
            #expect(controls.cacheTTL == 60)
            #expect(controls.eventID == "e")
            #expect(controls.metadata?["a"] == .bool(true))
        }
    }

    @Test(
        "What is wrong is told as the binding reads it",
        arguments: [
            ("/binding/run", Self.inputs, "", 7000, "AiError"),
            ("/binding/run", "x", "openai/o4-mini", 7000, "AiError"),
            ("/binding/run", "{}", "openai/o4-mini", 7001, "AiError"),
            ("/binding/run", #"{"inputs":[]}"#, "openai/o4-mini", 7001, "AiError"),
            ("/binding/run", #"{"inputs":{},"options":1}"#, "openai/o4-mini", 7001, "AiError"),
            ("/binding/run", #"{"inputs":{},"options":{"gateway":1}}"#, "openai/o4-mini", 7001, "AiError"),
            ("/binding/run", #"{"inputs":{},"options":{"gateway":{"id":1}}}"#, "openai/o4-mini", 7001, "AiError"),
            (
                "/binding/run", #"{"inputs":{},"options":{"gateway":{"id":"g","cacheTtl":1}}}"#, "openai/o4-mini", 7001,
                "AiError"
            ),
            ("/binding/run", #"{"inputs":{}}"#, "openai/o4-mini", 7003, "AiError"),
            ("/binding/ai-gateway/run", Self.inputs, "openai/o4-mini", 7001, "AiError"),
            ("/binding/run?userInputs=%7B%7D", "bytes", "@cf/openai/whisper", 7001, "AiError"),
        ])
    func refused(path: String, body: String, model: String, code: Int, name: String) async throws {
        try await withHouse { house in
            let answer = try await house.post(path, body, Self.model(model))
            #expect(answer.status == 400)
            #expect(answer.json["internalCode"]?.intValue == code)
            #expect(answer.json["name"]?.stringValue == name)
            #expect(answer.json["httpCode"] == 400)
            #expect(answer.json["requestId"] == "req_1")
            #expect(answer.json["description"]?.stringValue?.isEmpty == false)
            #expect(answer.all("content-type") == ["application/json"])
            #expect(answer.header("cf-ai-req-id") == "req_1")
            #expect(house.engine.asked.isEmpty)
        }
    }

    @Test(
        "What the gateway refuses is told as the binding reads it",
        arguments: [
            ("openai/o4-mini", ErrorReason.modelNotFound, 404, 7003, "AiError"),
            ("@cf/a/b", .modelNotFound, 400, 5007, "AiError"), ("@cf/a/b", .invalidValue, 400, 5006, "AiError"),
            ("openai/o4-mini", .promptBlocked, 422, 2017, "AiGatewayError"),
            ("openai/o4-mini", .insufficientCredits, 402, 2021, "AiGatewayError"),
        ])
    func refusals(model: String, reason: ErrorReason, status: Int, code: Int, name: String) async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.refusing(GatewayError(reason, "why")))
            let answer = try await house.post("/binding/run", Self.inputs, Self.model(model))
            #expect(answer.status == status)
            #expect(answer.json["internalCode"]?.intValue == code)
            #expect(answer.json["httpCode"]?.intValue == status)
            #expect(answer.json["name"]?.stringValue == name)
        }
    }

    @Test func `only callers with a key are let in`() async throws {
        try await withHouse { house in
            let answer = try await house.post("/binding/run", Self.inputs, key: nil, Self.model("openai/o4-mini"))
            #expect(answer.status == 401)
            #expect(answer.json["internalCode"] == 10000)
        }
    }

    @Test func `other methods and sockets are told so`() async throws {
        try await withHouse { house in
            let get = try await house.ask("GET /binding/run?version=3")
            #expect(get.status == 405)
            let socket = try await house.ask(
                "GET /binding/run?version=3&body=%7B%7D", "", [("Upgrade", "websocket")])
            #expect(socket.status == 426)
            #expect(socket.json["internalCode"] == 7001)
        }
    }

    @Test func `addresses of gateways are told`() async throws {
        try await withHouse { house in
            let all = try await house.ask("GET /binding/ai-gateway/gateways/g/url/universal")
            #expect(
                all.text
                    == #"{"result":{"url":"https://aig.test/gateway/v1/acc_acme/g/"},"success":true,"errors":[],"messages":[]}"#
            )
            let one = try await house.ask("GET /binding/ai-gateway/gateways/my-g/url/open%2Fai")
            #expect(one.json["result"]?["url"] == "https://aig.test/gateway/v1/acc_acme/my-g/open%2Fai")
        }
    }

    @Test func `a gateway's requests of several steps answer as the gateway host does`() async throws {
        try await withHouse { house in
            let path = "/binding/ai-gateway/universal/run/g"
            let body = #"[{"provider":"openai","endpoint":"x","headers":{},"query":{}}]"#
            house.engine.answers(FakeEngine.json("{}", status: 207, type: "application/json"))
            let answer = try await house.post(path, body, [("cf-aig-skip-cache", "true")])
            #expect(answer.status == 207)
            #expect(answer.header("cf-ai-req-id") == "req_1")
            let request = try house.last()
            #expect(request.isUniversal)
            #expect(request.gateway == GatewayID("g"))
            #expect(request.controls.skipCache == true)
            #expect(request.principal?.keyID == KeyID("sk-aig-acme"))
            #expect(try await house.post(path, "{}").code == 7001)
        }
    }

    @Test func `logs and the search of models are asked where they are`() async throws {
        var hooks = BindingHooks()
        hooks.searchModels = { call throws(GatewayError) in
            .result([.string("search \(call.request.query)")])
        }
        hooks.readLog = { call, gateway, log throws(GatewayError) in
            guard log.rawValue != "none" else { throw GatewayError(.objectNotFound, "Log Not Found") }
            return .result(["id": .string("\(gateway)/\(log)"), "account": .string(try call.owner.account.id.rawValue)])
        }
        hooks.changeLog = { _, _, log throws(GatewayError) in .result(["changed": .string(log.rawValue)]) }
        try await withHouse(hooks: hooks) { house in
            let search = try await house.ask("GET /binding/ai-api/models/search?per_page=50")
            #expect(search.json["result"]?[0] == "search per_page=50")
            let log = try await house.ask("GET /binding/ai-gateway/gateways/g/logs/01X")
            #expect(log.json["result"]?["id"] == "g/01X")
            #expect(log.json["result"]?["account"] == "acc_acme")
            let patched = try await house.ask("PATCH /binding/ai-gateway/gateways/g/logs/01X", "{}")
            #expect(patched.status == 200)
            #expect(patched.json["result"]?["changed"] == "01X")
            let none = try await house.ask("GET /binding/ai-gateway/gateways/g/logs/none")
            #expect(none.status == 404)
            #expect(none.json["internalCode"] == 7002)
            // The same through the tunnel.
            let tunnelled = try await house.ask(
                "PATCH /client/v4/accounts/acc_acme/ai/run/proxy", "{}",
                [("X-Forwarded", "https://workers-binding.ai/ai-gateway/gateways/g/logs/01Y")])
            #expect(tunnelled.json["result"]?["changed"] == "01Y")
        }
        try await withHouse { house in
            let none = try await house.ask("GET /binding/ai-gateway/gateways/g/logs/01X")
            #expect(none.status == 404)
        }
    }
}

@Suite("The tunnel of development runtimes", .timeLimit(.minutes(1)))
struct TunnelTests {
    private static let path = "/client/v4/accounts/acc_acme/ai/run/proxy"

    @Test func `the request goes to the route its address names, for the same caller`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(#"{"id":"c"}"#))
            let answer = try await house.post(
                Self.path, #"{"inputs":{"messages":[]},"options":{"gateway":{"id":"g"}}}"#,
                [
                    ("X-Forwarded", "https://workers-binding.ai/ai-gateway/run?version=3"),
                    ("cf-consn-model-id", "openai/o4-mini"),
                ])
            #expect(answer.status == 200)
            #expect(answer.text == #"{"id":"c","gatewayMetadata":{"keySource":"Unified"}}"#)
            #expect(answer.all("content-type") == ["application/json"])
            #expect(answer.header("cf-ai-req-id") == "req_1")
            #expect(try house.last().gateway == GatewayID("g"))
            #expect(try house.last().account.id == AccountID("acc_acme"))
            #expect(try house.last().path == "/binding/ai-gateway/run")
            let url = try await house.ask(
                "GET \(Self.path)", "", [("X-Forwarded", "https://workers-binding.ai/ai-gateway/gateways/g/url/openai")]
            )
            #expect(url.json["result"]?["url"] == "https://aig.test/gateway/v1/acc_acme/g/openai")
            let wrong = try await house.post(
                Self.path, "{}", [("X-Forwarded", "https://workers-binding.ai/run?version=3")])
            #expect(wrong.json["internalCode"] == 7000)
        }
    }

    @Test(
        "Addresses of other hosts, and of nothing, are refused",
        arguments: [
            (nil, 400), ("", 400), ("http://workers-binding.ai/run", 400), ("https://workers-binding.ai", 400),
            ("https://workers-binding.ai.evil.dev/run", 400), ("https://evil.dev/https://workers-binding.ai/run", 400),
            ("https://a@workers-binding.ai/run", 400), ("https://workers-binding.ai/nothing", 404),
            ("https://workers-binding.ai/../client/v4/user", 404), ("https://workers-binding.ai/%zz", 404),
            ("https://workers-binding.ai/run/", 404),
        ] as [(String?, Int)])
    func elsewhere(address: String?, status: Int) async throws {
        try await withHouse { house in
            let answer = try await house.post(
                Self.path, #"{"inputs":{}}"#, address.map { [("X-Forwarded", $0)] } ?? [])
            #expect(answer.status == status)
            #expect(house.engine.asked.isEmpty)
        }
    }

    @Test(arguments: [nil, "sk-aig-unknown"] as [String?])
    func `a key that is not good is told as the runtime knows it`(key: String?) async throws {
        try await withHouse { house in
            let answer = try await house.post(
                Self.path, "{}", key: key, [("X-Forwarded", "https://workers-binding.ai/run")])
            #expect(answer.status == 403)
            #expect(answer.code == 1031)
            #expect(answer.json["success"] == false)
        }
    }
}
