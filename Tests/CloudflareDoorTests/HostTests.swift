import Domain
import JSON
import NamedGateways
import Telemetry
import Testing

@testable import CloudflareDoor

@Suite("The gateway host", .timeLimit(.minutes(1)))
struct HostTests {
    private static let base = "/gateway/v1/acc_acme/g"
    private static let ours = [("cf-aig-authorization", "Bearer sk-aig-acme")]

    @Test func `a vendor's own wire goes on with method, path, query and body`() async throws {
        try await withHouse { house in
            house.engine.answers(
                FakeEngine.json(#"{"native": true}"#, status: 201, type: "application/json", FakeEngine.facts()))
            let answer = try await house.ask(
                "PUT \(Self.base)/anthropic/v1/messages%2Fx?beta=true&a=%20", #"{ "a" : 1 }"#, key: nil,
                Self.ours + [
                    ("x-api-key", "sk-ant"), ("anthropic-version", "2023-06-01"), ("Content-Type", "application/json"),
                ])
            #expect(answer.status == 201)
            #expect(answer.text == #"{"native": true}"#)
            let request = try house.last()
            #expect(
                request.target
                    == .native(provider: "anthropic", method: "PUT", path: "v1/messages%2Fx?beta=true&a=%20"))
            #expect(request.body == #"{ "a" : 1 }"#)
            #expect(request.kind == .native)
            #expect(request.gateway == GatewayID("g"))
            #expect(request.principal?.keyID == KeyID("sk-aig-acme"))
            #expect(request.path == "anthropic/v1/messages%2Fx")
            #expect(request.steps[0].vendorKey == Secret("sk-ant"))
            #expect(
                request.steps[0].headers.map { "\($0.0.lowercased()): \($0.1)" } == [
                    "x-api-key: sk-ant", "anthropic-version: 2023-06-01", "content-type: application/json",
                ])
        }
    }

    @Test(
        "Keys are told apart: ours never goes on, wherever it stands",
        arguments: [
            ("openai", "x", [("Authorization", "Bearer sk-aig-acme")], "sk-aig-acme", nil),
            ("openai", "x", [("Authorization", "Bearer sk-vendor")], nil, "sk-vendor"),
            (
                "openai", "x", [("Authorization", "Bearer sk-vendor"), ("cf-aig-authorization", "Bearer sk-aig-acme")],
                "sk-aig-acme", "sk-vendor"
            ),
            (
                "openai", "x", [("Authorization", "Bearer sk-vendor"), ("cf-aig-authorization", "sk-aig-acme")],
                "sk-aig-acme", "sk-vendor"
            ),
            (
                "openai", "x", [("Authorization", "Bearer sk-aig-acme"), ("cf-aig-authorization", "Bearer bad")], nil,
                nil
            ),
            ("anthropic", "x", [("X-Api-Key", "sk-aig-acme")], "sk-aig-acme", nil),
            ("anthropic", "x", [("Authorization", "Bearer oauth")], nil, "oauth"),
            ("google-ai-studio", "x?key=sk-aig-acme&alt=sse", [], "sk-aig-acme", nil),
            ("google-ai-studio", "x?alt=sse&key=AIza", [], nil, "AIza"),
            ("google-ai-studio", "x", [("x-goog-api-key", "AIza")], nil, "AIza"),
            ("azure-openai", "r/d/x", [("api-key", "az")], nil, "az"),
            ("deepgram", "v1/listen", [("Authorization", "Token dg")], nil, "dg"),
            ("openai", "x", [("Authorization", "Bearer ")], nil, nil),
            ("openai", "x", [], nil, nil),
            ("custom-mine", "x", [("x-api-key", "k")], nil, "k"),
            (
                "aws-bedrock", "bedrock-runtime/us-east-1/model/m/invoke",
                [("Authorization", "AWS4-HMAC-SHA256 Credential=A")], nil, "AWS4-HMAC-SHA256 Credential=A"
            ),
        ] as [(String, String, [(String, String)], String?, String?)])
    func keys(
        provider: String, path: String, headers: [(String, String)], ours: String?, vendors: String?
    ) async throws {
        try await withHouse { house in
            _ = try await house.post("\(Self.base)/\(provider)/\(path)", "{}", key: nil, headers)
            let request = try house.last()
            #expect(request.principal?.keyID.rawValue == ours)
            #expect(request.steps[0].vendorKey?.reveal() == vendors)
            #expect(request.account.id == AccountID("acc_acme"))
            let sent = request.steps[0].headers
            #expect(!sent.contains { $0.1.contains("sk-aig-") })
            #expect(vendors == nil ? !sent.contains { $0.0.lowercased() == "authorization" } : true)
            guard case .native(_, _, let sentPath)? = request.target else { throw CancellationError() }
            #expect(!sentPath.contains("key="))
            #expect(sentPath.contains("alt=sse") == path.contains("alt=sse"))
        }
    }

    @Test func `a key in a query goes on in the vendor's field`() async throws {
        try await withHouse { house in
            _ = try await house.post("\(Self.base)/google-ai-studio/v1/m?key=AIza%2B", "{}", key: nil)
            #expect(try house.last().steps[0].headers.map { "\($0.0): \($0.1)" } == ["x-goog-api-key: AIza+"])
            #expect(
                try house.last().target == .native(provider: "google-ai-studio", method: "POST", path: "v1/m"))
        }
    }

    @Test func `what is for the gateway or the connection stays here`() async throws {
        try await withHouse { house in
            _ = try await house.post(
                "\(Self.base)/openai/x", "{}", key: nil,
                Self.ours + [
                    ("cf-aig-metadata", "{}"), ("cf-connecting-ip", "1.2.3.4"), ("X-Forwarded-For", "1.2.3.4"),
                    ("Connection", "close, X-Hop"), ("X-Hop", "1"), ("TE", "trailers"), ("Cookie", "a=b"),
                    ("Accept-Encoding", "br"), ("x-byok-openai", "sk-other"), ("x-aig-tag", "t"),
                    ("X-Stainless-Lang", "js"), ("User-Agent", "u"), ("OpenAI-Beta", "b"), ("Proxy-Authorization", "p"),
                ])
            #expect(
                try house.last().steps[0].headers.map { "\($0.0): \($0.1)" }
                    == ["X-Stainless-Lang: js", "User-Agent: u", "OpenAI-Beta: b"])
        }
    }

    @Test func `callers without a key reach the account they name, or the installation's own`() async throws {
        try await withHouse { house in
            _ = try await house.post("\(Self.base)/openai/x", "{}", key: nil)
            #expect(try house.last().account.id == AccountID("acc_acme"))
            #expect(try house.last().principal == nil)
            _ = try await house.post("/gateway/v1/0123456789abcdef/g/openai/x", "{}", key: nil)
            #expect(try house.last().account.id == Account.root)
            _ = try await house.post("/gateway/v1/0123456789abcdef/g/openai/x", "{}", key: nil, Self.ours)
            #expect(try house.last().account.id == AccountID("acc_acme"))
            let other = try await house.post("/gateway/v1/acc_other/g/openai/x", "{}", key: nil, Self.ours)
            #expect(other.status == 403)
        }
    }

    @Test(
        "Paths that could lead elsewhere are refused",
        arguments: [
            "openai/../x", "openai/a/..", "openai/%2e%2e/x", "openai/a%2f..%2fb", "openai/./x", "openai/%zz",
            "openai/a%2", "openai/\(String(repeating: "x", count: 9_000))", "openai/a\\b", "openai/a#b",
        ])
    func paths(path: String) async throws {
        try await withHouse { house in
            let answer = try await house.post("\(Self.base)/\(path)", "{}")
            #expect(answer.status == 400 || answer.status == 404)
            #expect(house.engine.asked.isEmpty)
        }
    }

    @Test func `providers that are not there, and such that need a key in the request`() async throws {
        try await withHouse { house in
            let unknown = try await house.post("\(Self.base)/nobody/x", "{}")
            #expect(unknown.status == 400)
            #expect(unknown.code == 2005)
            #expect(unknown.json["httpCode"] == 400)
            let bedrock = try await house.post("\(Self.base)/aws-bedrock/bedrock-runtime/us-east-1/x", "{}")
            #expect(bedrock.status == 402)
            #expect(bedrock.code == 2021)
            #expect(bedrock.message.contains("key of your own"))
        }
    }

    @Test func `errors of the gateway carry everything its three kinds of clients look for`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.refusing(GatewayError(.gatewayKeyNeeded, "Unauthorized")))
            let answer = try await house.post("\(Self.base)/openai/x", "{}", key: nil)
            #expect(answer.status == 401)
            #expect(
                answer.text
                    == #"{"success":false,"result":[],"messages":[],"error":[{"code":2009,"message":"Unauthorized"}],"errors":[{"code":2009,"message":"Unauthorized"}],"name":"AiGatewayError","httpCode":401,"internalCode":2009,"message":"Unauthorized","description":"Unauthorized","requestId":"req_1"}"#
            )
            #expect(answer.header("content-type") == "application/json")
        }
    }

    @Test(
        "Blocked answers have this host's statuses",
        arguments: [
            (ErrorReason.promptBlocked, 424, 2016), (.answerBlocked, 424, 2017), (.promptWithheld, 400, 2029),
            (.gatewayRate, 429, 2003), (.invalidValue, 400, 7003),
        ])
    func blocked(reason: ErrorReason, status: Int, code: Int) async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.refusing(GatewayError(reason, "no", retryAfterSeconds: 3)))
            let answer = try await house.post("\(Self.base)/openai/x", "{}")
            #expect(answer.status == status)
            #expect(answer.code == code)
            #expect(answer.header("retry-after") == "3")
        }
    }

    @Test func `a vendor's refusal is passed on in its own words`() async throws {
        try await withHouse { house in
            var error = GatewayError(.upstreamRejected, "ours")
            error.vendorAnswer = VendorAnswer(
                status: 422, contentType: "application/problem+json", body: Array(#"{"error":"theirs"}"#.utf8))
            house.engine.answers(FakeEngine.refusing(error, FakeEngine.facts()))
            for path in ["openai/x", "compat/chat/completions", ""] {
                let body = path.isEmpty ? #"{"provider":"openai","endpoint":"x","query":{}}"# : #"{"model":"a/b"}"#
                let answer = try await house.post("\(Self.base)/\(path)", body)
                #expect(answer.status == 422)
                #expect(answer.text == #"{"error":"theirs"}"#)
                #expect(answer.header("content-type") == "application/problem+json")
                #expect(answer.header("cf-aig-log-id") == "01LOG")
            }
            // A run has no vendor's wire.
            let run = try await house.post(
                "/client/v4/accounts/acc_acme/ai/run/openai/o4-mini", #"{"messages":[]}"#)
            #expect(run.status == 400)
            #expect(run.code == 7003)
        }
    }

    @Test(
        "The wire all vendors share takes their names, and one key",
        arguments: [
            ("compat/chat/completions", "openai/o4-mini", "openai/o4-mini", GatewayStep.Operation.chat),
            ("compat/chat/completions", "google-ai-studio/gemini", "google/gemini", .chat),
            ("compat/embeddings", "grok/e", "xai/e", .embeddings),
            ("compat/chat/completions", "workers-ai/@cf/meta/llama", "@cf/meta/llama", .chat),
            ("compat/chat/completions", "dynamic/route", "dynamic/route", .chat),
            ("compat/chat/completions", "custom-x/m", "custom-x/m", .chat),
        ])
    func compat(path: String, named: String, model: String, operation: GatewayStep.Operation) async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(#"{"id":"c"}"#))
            let answer = try await house.post(
                "\(Self.base)/\(path)", #"{"model":"\#(named)","a":1}"#, key: "sk-vendor", Self.ours)
            #expect(answer.text == #"{"id":"c"}"#)
            let request = try house.last()
            #expect(request.target == .model(model, operation))
            #expect(request.body == #"{"model":"\#(model)","a":1}"#)
            #expect(request.kind == .compat)
            #expect(request.steps[0].vendorKey == Secret("sk-vendor"))
            #expect(request.steps[0].headers.isEmpty)
            #expect(request.path == path)
        }
    }

    @Test func `our key may stand where a vendor's would`() async throws {
        try await withHouse { house in
            _ = try await house.post("\(Self.base)/compat/chat/completions", #"{"model":"dynamic/r"}"#)
            #expect(try house.last().principal?.keyID == KeyID("sk-aig-acme"))
            #expect(try house.last().steps[0].vendorKey == nil)
        }
    }

    @Test func `hosted models answer in both wires`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(FakeEngine.hosted.wire))
            for path in [
                "workers-ai/@cf/meta/llama", "workers-ai/run/@cf/meta/llama", "workers-ai/run/@cf%2Fmeta%2Fllama",
            ] {
                let answer = try await house.post("\(Self.base)/\(path)", #"{"prompt":"x"}"#)
                #expect(
                    answer.text == #"{"result":\#(FakeEngine.hosted.own),"success":true,"errors":[],"messages":[]}"#)
                #expect(try house.last().target == .model("@cf/meta/llama", .chat))
                #expect(try house.last().gateway == GatewayID("g"))
            }
            let answer = try await house.post(
                "\(Self.base)/workers-ai/v1/chat/completions", #"{"model":"@cf/meta/llama"}"#)
            #expect(answer.text == FakeEngine.hosted.wire)
            #expect(try await house.post("\(Self.base)/workers-ai/openai/o4-mini", "{}").code == 7003)
        }
    }

    @Test func `the run API's preview has its own answers`() async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json(#"{"id":"c"}"#))
            let body = #"{"model":"openai/o4-mini","input":{"messages":[]}}"#
            let answer = try await house.post("\(Self.base)/run", body)
            #expect(
                answer.text
                    == #"{"state":"Completed","result":{"id":"c"},"provider":"openai","model":"openai/o4-mini"}"#)
            #expect(try house.last().kind == .run)
            house.engine.answers(FakeEngine.refusing(GatewayError(.upstreamSaturated, "busy", retryAfterSeconds: 2)))
            let failed = try await house.post("\(Self.base)/run", body)
            #expect(failed.status == 503)
            #expect(
                failed.text
                    == #"{"state":"Failed","error":{"code":"provider_unavailable","message":"busy"},"model":"openai/o4-mini"}"#
            )
            #expect(failed.header("retry-after") == "2")
            house.engine.answers(FakeEngine.refusing(GatewayError(.answerBlocked, "no")))
            #expect(try await house.post("\(Self.base)/run", body).status == 422)
            let stream = try await house.post(
                "\(Self.base)/run", #"{"model":"openai/o4-mini","input":{"messages":[],"stream":true}}"#)
            #expect(stream.code == 7001)
        }
    }

    @Test func `methods and sockets that are not served are told so`() async throws {
        try await withHouse { house in
            for path in ["", "/", "/run", "/compat/chat/completions"] {
                let answer = try await house.ask("GET \(Self.base)\(path)")
                #expect(answer.status == 405)
                #expect(answer.code == 7001)
                #expect(answer.header("allow") == "POST")
                #expect(answer.json["internalCode"] == 7001)
            }
            #expect(try await house.ask("TRACE \(Self.base)/openai/x").status == 405)
            for path in ["/", "/openai"] {
                let socket = try await house.ask(
                    "GET \(Self.base)\(path)", "", [("Upgrade", "websocket"), ("Connection", "Upgrade")])
                #expect(socket.status == 426)
                #expect(socket.code == 7001)
                #expect(socket.message.contains("WebSockets"))
            }
            #expect(house.engine.asked.isEmpty)
        }
    }

    @Test(
        "A host name of its own has its paths without the beginning",
        arguments: ["gateway.test", "GATEWAY.test:8080", "gateway.test."])
    func hosts(host: String) async throws {
        try await withHouse { house in
            _ = try await house.post("/v1/acc_acme/g/openai/x", "{}", [("Host", host)])
            #expect(try house.last().target == .native(provider: "openai", method: "POST", path: "x"))
            // What is a path of ours elsewhere is an account and a gateway here.
            _ = try await house.post(
                "/v1/chat/completions", #"{"provider":"openai","endpoint":"y","query":{}}"#, [("Host", host)])
            #expect(try house.last().gateway == GatewayID("completions"))
            #expect(try await house.post("/v1/acc_acme/g/openai/x", "{}").status == 404)
            #expect(
                try await house.post(
                    "/client/v4/accounts/a/ai/run/openai/o4-mini", #"{"messages":[]}"#, [("Host", host)]
                ).status == 200)
        }
    }

    @Test func `a header that is too large is refused before anybody looks at it`() async throws {
        try await withHouse { house in
            let answer = try await house.post(
                "\(Self.base)/openai/x", "{}", [("cf-aig-metadata", String(repeating: "x", count: 20_000))])
            #expect(answer.status == 431)
            #expect(house.engine.asked.isEmpty)
        }
    }
}
