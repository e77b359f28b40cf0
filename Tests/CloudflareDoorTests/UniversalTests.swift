import Domain
import JSON
import NamedGateways
import Telemetry
import Testing

@testable import CloudflareDoor

@Suite("Requests of several steps", .timeLimit(.minutes(1)))
struct UniversalTests {
    private static let path = "/gateway/v1/acc_acme/g"

    @Test(arguments: ["", "/"])
    func `every step is read, and its controls`(slash: String) async throws {
        try await withHouse { house in
            house.engine.answers(FakeEngine.json("{}", FakeEngine.facts { $0.step = 1 }))
            let body = #"""
                [{"provider":"anthropic","endpoint":"/v1/messages?x=1","headers":{"x-api-key":"sk-ant",
                "cf-aig-cache-ttl":60,"cf-aig-skip-cache":true,"cf-aig-max-attempts":"3","anthropic-x":{"a":1}},
                "query":{"model" : "m"},"config":{"requestTimeout":500,"maxAttempts":2}},
                {"provider":"openai","endpoint":"chat/completions","authorization":"Bearer sk-o","query":{}},
                {"provider":"compat","endpoint":"chat/completions","headers":{"authorization":"Bearer sk-x"},"query":{"model":"grok/g"}},
                {"provider":"workers-ai","endpoint":"@cf/meta/llama","headers":{},"query":{"prompt":"x"}}]
                """#
            let answer = try await house.post(Self.path + slash, body, [("cf-aig-request-timeout", "9000")])
            #expect(answer.status == 200)
            #expect(answer.header("cf-aig-step") == "1")
            let request = try house.last()
            #expect(request.isUniversal)
            #expect(request.kind == .native)
            #expect(request.controls.timeoutMilliseconds == 9000)
            #expect(
                request.steps.map(\.target) == [
                    .native(provider: "anthropic", method: "POST", path: "v1/messages?x=1"),
                    .native(provider: "openai", method: "POST", path: "chat/completions"),
                    .model("xai/g", .chat), .model("@cf/meta/llama", .chat),
                ])
            #expect(String(decoding: request.steps[0].body, as: UTF8.self) == #"{"model" : "m"}"#)
            #expect(
                request.steps[0].headers.map { "\($0.0): \($0.1)" } == [
                    "x-api-key: sk-ant", #"anthropic-x: {"a":1}"#, "Content-Type: application/json",
                ])
            #expect(request.steps[0].controls.cacheTTL == 60)
            #expect(request.steps[0].controls.skipCache == true)
            #expect(request.steps[0].controls.maximumAttempts == 2)
            #expect(request.steps[0].controls.timeoutMilliseconds == 500)
            #expect(
                request.steps[1].headers.map { "\($0.0): \($0.1)" }
                    == ["Authorization: Bearer sk-o", "Content-Type: application/json"])
            #expect(
                request.steps.map { $0.vendorKey?.reveal() } == ["sk-ant", "sk-o", "sk-x", nil])
            #expect(
                String(decoding: request.steps[3].body, as: UTF8.self)
                    == #"{"messages":[{"role":"user","content":"x"}],"model":"@cf/meta/llama"}"#)
        }
    }

    @Test func `one step needs no brackets`() async throws {
        try await withHouse { house in
            _ = try await house.post(Self.path, #"{"provider":"openai","endpoint":"x","headers":{},"query":{}}"#)
            #expect(try house.last().steps.count == 1)
            #expect(try house.last().isUniversal)
        }
    }

    @Test func `the step that answers decides how the answer looks`() async throws {
        try await withHouse { house in
            let steps =
                #"[{"provider":"openai","endpoint":"x","query":{}},{"provider":"workers-ai","endpoint":"@cf/meta/llama","query":{"prompt":"x"}}]"#
            house.engine.answers(FakeEngine.json(FakeEngine.hosted.wire, FakeEngine.facts { $0.step = 0 }))
            let native = try await house.post(Self.path, steps)
            #expect(native.text == FakeEngine.hosted.wire)
            house.engine.answers(FakeEngine.json(FakeEngine.hosted.wire, FakeEngine.facts { $0.step = 1 }))
            let hosted = try await house.post(Self.path, steps)
            #expect(
                hosted.text
                    == #"{"result":\#(FakeEngine.hosted.own),"success":true,"errors":[],"messages":[]}"#)
        }
    }

    @Test(
        "What cannot be tried is refused, and its place named",
        arguments: [
            ("[]", 7001, ""), ("1", 7000, ""), (#"["x"]"#, 7000, "[0]"), ("[{}]", 7001, "[0]: `provider`"),
            (#"[{"provider":"openai"}]"#, 7001, "[0]: `endpoint`"),
            (#"[{"provider":"openai","endpoint":"x"},{"provider":1,"endpoint":"x"}]"#, 7001, "[1]: `provider`"),
            (#"[{"provider":"nobody","endpoint":"x"}]"#, 2005, "[0]: There is no provider"),
            (#"[{"provider":"openai","endpoint":"../x"}]"#, 7001, "[0]"),
            (#"[{"provider":"openai","endpoint":"x y"}]"#, 7001, "[0]"),
            (#"[{"provider":"openai","endpoint":"x","headers":[]}]"#, 7001, "[0]: `headers`"),
            (#"[{"provider":"openai","endpoint":"x","headers":{"a":"b\r\nc: d"}}]"#, 7001, "[0]: `headers`"),
            (#"[{"provider":"openai","endpoint":"x","headers":{"a b":"c"}}]"#, 7001, "[0]: `headers`"),
            (#"[{"provider":"openai","endpoint":"x","authorization":"a\nb"}]"#, 7001, "[0]: `authorization`"),
            (
                #"[{"provider":"openai","endpoint":"x","headers":{"cf-aig-backoff":"no"}}]"#, 7001,
                "[0]: `cf-aig-backoff`"
            ),
            (#"[{"provider":"openai","endpoint":"x","config":{"maxAttempts":9}}]"#, 7001, "[0]: `config.maxAttempts`"),
            (#"[{"provider":"openai","endpoint":"x","config":3}]"#, 7001, "[0]: `config`"),
            (#"[{"provider":"compat","endpoint":"images","query":{}}]"#, 7002, "[0]: `compat`"),
            (#"[{"provider":"aws-bedrock","endpoint":"bedrock-runtime/us-east-1/x"}]"#, 2021, "[0]"),
        ])
    func refused(body: String, code: Int, message: String) async throws {
        try await withHouse { house in
            let answer = try await house.post(Self.path, body)
            #expect(answer.code == code)
            #expect(answer.message.hasPrefix(message))
            #expect(house.engine.asked.isEmpty)
        }
    }

    @Test func `there are only so many steps, and fields of one`() async throws {
        try await withHouse { house in
            let step = #"{"provider":"openai","endpoint":"x","query":{}}"#
            let all = { (count: Int) in "[" + Array(repeating: step, count: count).joined(separator: ",") + "]" }
            #expect(try await house.post(Self.path, all(16)).status == 200)
            for count in [17, 10_000] {
                let answer = try await house.post(Self.path, all(count))
                #expect(answer.status == 400)
                #expect(answer.message.contains("1 to 16"))
            }
            let fields = (0..<65).map { #""h\#($0)":"v""# }.joined(separator: ",")
            let answer = try await house.post(
                Self.path, #"{"provider":"openai","endpoint":"x","headers":{\#(fields)}}"#)
            #expect(answer.message.contains("64 fields"))
            #expect(house.engine.asked.count == 1)
        }
    }
}
