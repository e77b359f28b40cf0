import AIGateway
import HTTPCore
import JSON
import Testing

@Suite("Named gateways and the catalogue", .timeLimit(.minutes(1)))
struct GatewayTests {
    static let log = """
        {"id":"01J","provider":"openai","model":"openai/o4-mini","duration":12,"status_code":200,"success":true,\
        "cached":false,"tokens_in":3,"metadata":{"plan":"free"},"created_at":"2026-01-02T03:04:05.678Z","new":1}
        """

    @Test(arguments: [AITransport.native, .rest])
    func `where a gateway is`(transport: AITransport) async throws {
        let result = transport == .rest ? #""http://g/a/mine/openai""# : #"{"url":"http://g/a/mine/openai"}"#
        try await withAI(transport, answer: .json(#"{"result":\#(result),"success":true}"#)) { ai, gateway in
            let found = try await ai.gateway("mine").url(for: "openai")
            #expect(found == "http://g/a/mine/openai")
            _ = try await ai.gateway("mine").url()
            let base = transport == .rest ? "/client/v4/accounts/acc_1" : "/binding"
            #expect(
                gateway.requests.map { "\($0.method) \($0.path)" } == [
                    "GET \(base)/ai-gateway/gateways/mine/url/openai",
                    "GET \(base)/ai-gateway/gateways/mine/url/universal",
                ])
        }
    }

    @Test func `a log is read`() async throws {
        try await withAI(.tunnel, answer: .json(#"{"result":\#(Self.log),"success":true}"#)) { ai, gateway in
            let log = try await ai.gateway("mine").log("01J/x")
            #expect((log.id, log.provider, log.statusCode, log.isCached) == ("01J", "openai", 200, false))
            #expect((log.durationMilliseconds, log.tokensIn, log.tokensOut) == (12, 3, nil))
            #expect(log.metadata?["plan"] == "free")
            #expect(log.createdAt == "2026-01-02T03:04:05.678Z")
            let path = "https://workers-binding.ai/ai-gateway/gateways/mine/logs/01J%2Fx"
            #expect(gateway.requests[0].headers.first("x-forwarded") == path)
        }
    }

    @Test func `a log is changed, and what is not named stays`() async throws {
        try await withAI(answer: .json(#"{"success":true}"#)) { ai, gateway in
            let logs = ai.gateway("mine")
            try await logs.patchLog("1", AIGatewayLogPatch(score: 90, feedback: .negative, metadata: ["a": 1]))
            try await logs.patchLog("1", AIGatewayLogPatch(feedback: .some(nil)))
            #expect(
                Set(gateway.requests.map { "\($0.method) \($0.path)" }) == [
                    "PATCH /binding/ai-gateway/gateways/mine/logs/1"
                ])
            #expect(gateway.requests[0].json == ["score": 90, "feedback": -1, "metadata": ["a": 1]])
            #expect(gateway.requests[1].json == ["feedback": nil])
        }
        try await withAI(answer: .whole(204, [:], [])) { ai, _ in
            await #expect(throws: AIError.self) { try await ai.gateway("mine").patchLog("1", AIGatewayLogPatch()) }
        }
    }

    @Test func `errors of a gateway are told apart`() async throws {
        try await withAI(answer: .json(#"{"errors":[]}"#, status: 404)) { ai, _ in
            await #expect(throws: AIError.logNotFound("Log Not Found")) { try await ai.gateway("g").log("1") }
            await #expect {
                try await ai.gateway("g").url()
            } throws: { error in
                if case AIError.gatewayFailed(let refusal) = error { refusal.status == 404 } else { false }
            }
        }
        try await withAI(answer: .json(#"{"errors":[{"code":7002,"message":"gone"}]}"#, status: 404)) { ai, _ in
            await #expect(throws: AIError.logNotFound("gone")) {
                try await ai.gateway("g").patchLog("1", AIGatewayLogPatch(score: 1))
            }
        }
        try await withAI(answer: .json("broken", status: 500)) { ai, _ in
            await #expect {
                try await ai.gateway("g").log("1")
            } throws: { error in
                guard case AIError.gatewayFailed(let refusal) = error else { return false }
                return (refusal.name, refusal.message, refusal.status) == ("AiGatewayInternalError", "broken", 500)
            }
        }
    }

    @Test(arguments: AITransport.allCases)
    func `steps are run`(transport: AITransport) async throws {
        try await withAI(transport, answer: .json("{}", status: 429)) { ai, gateway in
            let step = AIGatewayStep(
                provider: "openai", endpoint: "chat/completions", headers: ["Authorization": "Bearer vendor"],
                query: ["model": "o4-mini"])
            let answer = try await ai.gateway("mine").run(
                [step], options: AIGatewayOptions(cacheSeconds: 60, skipCache: false),
                extraHeaders: ["X-One": "one", "cf-aig-skip-cache": "true"])
            #expect(answer.status == 429)
            let request = gateway.requests[0]
            #expect(
                request.json == [
                    [
                        "provider": "openai", "endpoint": "chat/completions",
                        "headers": ["Authorization": "Bearer vendor"], "query": ["model": "o4-mini"],
                    ]
                ])
            #expect(request.headers.first("cf-aig-cache-ttl") == "60")
            #expect(request.headers.all("cf-aig-skip-cache") == ["true"])
            #expect(request.headers.first("x-one") == "one")
            switch transport {
            case .native: #expect(request.path == "/binding/ai-gateway/universal/run/mine")
            case .tunnel:
                let path = "https://workers-binding.ai/ai-gateway/universal/run/mine"
                #expect(request.headers.first("x-forwarded") == path)
            case .rest:
                #expect(request.path == "/gateway/v1/acc_1/mine")
                #expect(request.headers.first("authorization") == nil)
                #expect(request.headers.first("cf-aig-authorization") == "Bearer sk-aig-1")
            }
        }
    }

    @Test(arguments: [AITransport.native, .rest])
    func `models are found`(transport: AITransport) async throws {
        let body = """
            {"result":[{"id":"u","source":2,"name":"openai/o4-mini","description":"d","task":{"id":"t","name":"Text",\
            "description":""},"tags":["a"],"properties":[{"property_id":"context_window","value":200000}]}]}
            """
        try await withAI(transport, answer: .json(body)) { ai, gateway in
            let models = try await ai.models(AIModelSearch(author: "openai", perPage: 50, text: "o4 &mini"))
            #expect((models.count, models[0].name, models[0].source) == (1, "openai/o4-mini", 2))
            #expect(models[0].properties?[0].value.intValue == 200_000)
            #expect((models[0].properties?[0].id, models[0].task?.name) == ("context_window", "Text"))
            _ = try await ai.models()
            let base = transport == .rest ? "/client/v4/accounts/acc_1/ai/models" : "/binding/ai-api/models"
            #expect(
                gateway.requests.map(\.path) == [
                    "\(base)/search?author=openai&per_page=50&search=o4%20%26mini", "\(base)/search",
                ])
        }
        try await withAI(answer: .json(#"{"errors":[{"code":10000,"message":"who?"}]}"#, status: 401)) { ai, _ in
            await #expect {
                try await ai.models()
            } throws: { error in
                guard case AIError.refused(let refusal) = error else { return false }
                return (refusal.name, refusal.code, refusal.message) == ("AiInternalError", 10000, "who?")
            }
        }
    }
}
