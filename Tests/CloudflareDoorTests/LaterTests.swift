import Domain
import JSON
import NamedGateways
import Testing

@testable import CloudflareDoor

@Suite("Runs that nobody waits for", .timeLimit(.minutes(1)))
struct BackgroundTests {
    private static let path = "/client/v4/accounts/acc_acme/ai/run"

    private static func body(_ options: String) -> String {
        #"{"model":"openai/o4-mini","input":{"messages":[]},"options":\#(options)}"#
    }

    private static let reported = body(#"{"background":true,"webhookUrl":"https://hooks.dev/x?y=1"}"#)

    @Test func `one is queued, run and reported`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(#"{"id":"c","usage":{"total_tokens":5}}"#))
            let answer = try await house.post(Self.path, Self.reported)
            #expect(answer.status == 202)
            let id = try #require(answer.json["result"]?["id"]?.stringValue)
            #expect(id.hasPrefix("run_"))
            #expect(
                answer.text
                    == #"{"result":{"id":"\#(id)","state":"Queued","model":"openai/o4-mini"},"success":true,"errors":[],"messages":[]}"#
            )
            let delivery = try #require(await house.deliveries.next())
            #expect(delivery.url == "https://hooks.dev/x?y=1")
            #expect(
                delivery.body
                    == #"{"id":"\#(id)","state":"Completed","result":{"id":"c","usage":{"total_tokens":5},"gatewayMetadata":{"keySource":"Unified"}},"error":null,"usage":{"total_tokens":5},"provider":"openai","model":"openai/o4-mini"}"#
            )
            #expect(try house.last().target == .model("openai/o4-mini", .chat))
        }
    }

    @Test func `one that failed is reported too`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.refusing(GatewayError(.insufficientCredits, "no money")))
            let answer = try await house.post(Self.path, Self.reported)
            #expect(answer.status == 202)
            let id = try #require(answer.json["result"]?["id"]?.stringValue)
            let delivery = try #require(await house.deliveries.next())
            #expect(
                delivery.body
                    == #"{"id":"\#(id)","state":"Failed","result":null,"error":{"code":2021,"message":"no money"},"usage":null,"provider":null,"model":"openai/o4-mini"}"#
            )
        }
    }

    @Test func `chat rooms get a text`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(#"{"a":[1,{}]}"#, FakeEngine.facts { $0.keySource = nil }))
            let body = Self.body(
                #"{"background":true,"webhookUrl":"https://hooks.dev","webhookFormat":"chat"}"#)
            let id = try #require(try await house.post(Self.path, body).json["result"]?["id"]?.stringValue)
            let delivery = try #require(await house.deliveries.next())
            let text = try #require(try JSONValue(parsing: Array(delivery.body.utf8))["text"]?.stringValue)
            #expect(
                text == """
                    {
                      "id": "\(id)",
                      "state": "Completed",
                      "result": {
                        "a": [
                          1,
                          {}
                        ]
                      },
                      "error": null,
                      "usage": null,
                      "provider": "openai",
                      "model": "openai/o4-mini"
                    }
                    """)
        }
    }

    @Test func `one without an address is run all the same`() async throws {
        try await withHouse { house in
            let (ran, notice) = AsyncStream<Void>.makeStream()
            house.engine.answers { _ in
                notice.finish()
                return .refused(GatewayError(.internalError, ""), GatewayFacts())
            }
            let answer = try await house.post(Self.path, Self.body(#"{"background":true}"#))
            #expect(answer.status == 202)
            for await _ in ran {}
            #expect(house.engine.asked.count == 1)
        }
    }

    @Test func `there are only so many at once, in all and of one account`() async throws {
        var limits = LaterWork.Limits()
        limits.tasks = 3
        limits.tasksPerAccount = 2
        limits.bytes = 1_000
        try await withHouse(limits: limits) { house in
            let (gate, open) = AsyncStream<Void>.makeStream()
            house.engine.answers { _ in
                for await _ in gate {}
                return .refused(GatewayError(.internalError, ""), GatewayFacts())
            }
            let long = Self.body(#"{"background":true}"#).replacing(
                "[]", with: #"["\#(String(repeating: "x", count: 1_000))"]"#)
            #expect(try await house.post(Self.path, long).code == 3040)
            #expect(try await house.post(Self.path, Self.reported).status == 202)
            #expect(try await house.post(Self.path, Self.reported).status == 202)
            let refused = try await house.post(Self.path, Self.reported)
            #expect(refused.status == 429)
            #expect(refused.code == 3040)
            #expect(refused.header("retry-after") == "5")
            let elsewhere = Self.path.replacing("acc_acme", with: "own")
            #expect(try await house.post(elsewhere, Self.reported, key: "sk-aig-tenant").status == 202)
            #expect(try await house.post(elsewhere, Self.reported, key: "sk-aig-root").status == 429)
            open.finish()
            for _ in 0..<3 { _ = await house.deliveries.next() }
        }
    }

    @Test(
        "Reports go to public addresses only",
        arguments: [
            "http://hooks.dev", "https://", "https://localhost/x", "https://a.localhost", "https://127.0.0.1",
            "https://127.1", "https://2130706433", "https://0x7f.0.0.1", "https://0177.0.0.1",
            "https://10.0.0.8:8443/x",
            "https://169.254.169.254/latest", "https://[::1]/", "https://[::ffff:10.0.0.1]", "https://[fd00::1]",
            "https://u:p@hooks.dev", "https://hooks.dev\\@evil", "https://hooks.dev:0", "https://hooks.dev:99999",
            "https://hooks.dev:8o", "https://hooks", "https://printer.local", "https://x.internal",
            "https://h ooks.dev",
            "https://h\u{f6}oks.dev", "https://hooks.dev/#a", "https://[::1", "https://a..dev", "ftp://hooks.dev",
            "hooks.dev",
            "https://hooks.dev/" + String(repeating: "x", count: 2_048),
        ])
    func privateAddresses(url: String) {
        let error = #expect(throws: GatewayError.self) { try WebhookAddress(url, allowsPrivate: false) }
        #expect(error?.param == "options.webhookUrl")
    }

    @Test(
        "Addresses that are taken",
        arguments: [
            ("https://hooks.dev", false, "hooks.dev"), ("HTTPS://Hooks.Dev:8443/a?b=c", false, "hooks.dev"),
            ("https://1.1.1.1/x", false, "1.1.1.1"), ("https://[2606:4700::1111]:443", false, "2606:4700::1111"),
            ("https://10.0.0.8/x", true, "10.0.0.8"), ("https://localhost", true, "localhost"),
        ])
    func addresses(url: String, allowsPrivate: Bool, host: String) throws {
        #expect(try WebhookAddress(url, allowsPrivate: allowsPrivate).host == host)
    }
}

@Suite("Batches", .timeLimit(.minutes(1)))
struct BatchTests {
    private static let path = "/client/v4/accounts/acc_acme/ai/run/@cf/meta/llama?queueRequest=true"

    /// Asks until the batch is done; each asking gives the loop a turn.
    private static func results(_ id: String, _ house: House) async throws -> JSONValue {
        while true {
            let answer = try await house.post(path, #"{"request_id":"\#(id)"}"#)
            try #require(answer.status == 200)
            let result = try #require(answer.json["result"])
            guard result["responses"] == nil else { return result }
            #expect(["queued", "running"].contains(result["status"]?.stringValue))
            #expect(result["request_id"]?.stringValue == id)
        }
    }

    @Test func `inputs are run one after the other, and their results kept`() async throws {
        try await withHouse { house in
            house.engine.answers { request in
                guard !request.body.contains("bad") else {
                    return .refused(GatewayError(.invalidValue, "why"), GatewayFacts())
                }
                return await FakeEngine.json(FakeEngine.hosted.wire)(request)
            }
            let queued = try await house.post(
                Self.path,
                #"{"requests":[{"prompt":"a","external_reference":"r1"},{"prompt":"bad"},{"messages":[],"external_reference":7}]}"#
            )
            let id = try #require(queued.json["result"]?["request_id"]?.stringValue)
            #expect(
                queued.json["result"] == ["status": "queued", "request_id": .string(id), "model": "@cf/meta/llama"])
            let done = try await Self.results(id, house)
            let responses = try #require(done["responses"]?.arrayValue)
            #expect(responses.map { $0["id"]?.intValue } == [0, 1, 2])
            #expect(responses.map { $0["success"] } == [true, false, true])
            #expect(responses.map { $0["external_reference"] } == ["r1", nil as JSONValue?, 7])
            #expect(responses[0]["result"] == (try JSONValue(parsing: Array(FakeEngine.hosted.own.utf8))))
            #expect(responses[1]["error"]?["code"] == 5006)
            #expect(done["usage"] == ["prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 10])
            let asked = house.engine.asked
            #expect(asked.map(\.requestID.rawValue) == ["req_1-0", "req_1-1", "req_1-2"])
            #expect(asked[0].body == #"{"messages":[{"role":"user","content":"a"}],"model":"@cf/meta/llama"}"#)
            #expect(asked[0].gateway == nil)
            // For nobody else, and for no other model.
            let ask = #"{"request_id":"\#(id)"}"#
            let other = try await house.post(Self.path, ask, key: "sk-aig-root")
            #expect(other.status == 200)
            let tenant = try await house.post(Self.path.replacing("acc_acme", with: "x"), ask, key: "sk-aig-tenant")
            #expect(tenant.status == 404)
            #expect(tenant.code == 7002)
            #expect(try await house.post(Self.path.replacing("llama", with: "other"), ask).status == 404)
        }
    }

    @Test func `the binding queues with an option, and gets it bare`() async throws {
        try await withHouse { house in
            let model = [("cf-consn-model-id", "@cf/meta/llama")]
            let queued = try await house.post(
                "/binding/run?version=3", #"{"inputs":{"requests":[{"prompt":"a"}]},"options":{"queueRequest":true}}"#,
                model)
            let id = try #require(queued.json["request_id"]?.stringValue)
            #expect(queued.all("content-type") == ["application/json"])
            _ = try await Self.results(id, house)
            let done = try await house.post(
                "/binding/run?version=3", #"{"inputs":{"request_id":"\#(id)"},"options":{"queueRequest":true}}"#, model)
            #expect(done.json["responses"]?.arrayValue?.count == 1)
        }
    }

    @Test(
        "What cannot be run later is refused",
        arguments: [
            ("{}", 7001, "requests"), (#"{"requests":1}"#, 7001, "requests"), (#"{"requests":[]}"#, 7001, "requests"),
            (#"{"requests":[1]}"#, 7000, "requests[0]"),
            (#"{"requests":[{"prompt":"x"},{"stream":true}]}"#, 7001, "requests[1]"),
            (#"{"request_id":1}"#, 7001, "request_id"), (#"{"request_id":"batch_x"}"#, 7002, "request_id"),
        ])
    func refused(body: String, code: Int, param: String) async throws {
        try await withHouse { house in
            let answer = try await house.post(Self.path, body)
            #expect(answer.code == code)
            #expect(answer.json["errors"]?[0]?["source"]?["pointer"]?.stringValue == param)
        }
    }

    @Test func `they are bounded in number, size and time`() async throws {
        var limits = BatchRuns.Limits()
        limits.inputs = 2
        limits.bodyBytes = 200
        limits.keptSeconds = 0
        limits.batches = 1
        try await withHouse(batchLimits: limits) { house in
            let many = try await house.post(Self.path, #"{"requests":[{},{},{}]}"#)
            #expect(many.code == 7001)
            let large = try await house.post(
                Self.path, #"{"requests":[{"a":"\#(String(repeating: "x", count: 200))"}]}"#)
            #expect(large.status == 413)
            let (gate, open) = AsyncStream<Void>.makeStream()
            house.engine.answers { _ in
                for await _ in gate {}
                return .refused(GatewayError(.internalError, ""), GatewayFacts())
            }
            let queued = try await house.post(Self.path, #"{"requests":[{"prompt":"x"}]}"#)
            let id = try #require(queued.json["result"]?["request_id"]?.stringValue)
            #expect(try await house.post(Self.path, #"{"requests":[{"prompt":"x"}]}"#).code == 3040)
            open.finish()
            // Its results are kept no time at all, so what is seen of its end is that it is gone.
            var last = 200
            while last == 200 { last = try await house.post(Self.path, #"{"request_id":"\#(id)"}"#).status }
            #expect(last == 404)
            #expect(try await house.post(Self.path, #"{"requests":[{"prompt":"x"}]}"#).status == 200)
        }
    }
}
