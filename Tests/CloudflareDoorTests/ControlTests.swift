import Domain
import HTTPCore
import JSON
import NamedGateways
import Testing

@Suite("What callers want done otherwise")
struct ControlTests {
    private func controls(_ fields: [(String, String)]) throws -> GatewayControls {
        try GatewayControls(headers: HeaderFields(fields))
    }

    @Test func `no fields ask for nothing`() throws {
        #expect(try controls([("content-type", "x"), ("cf-aig-authorization", "x"), ("cf-aig-new", "?")]) == .init())
    }

    @Test func `every field is read`() throws {
        let read = try controls([
            ("CF-AIG-Skip-Cache", "True"), ("cf-aig-cache-ttl", "3600"), ("cf-aig-cache-key", "k"),
            ("cf-aig-collect-log", "FALSE"), ("cf-aig-collect-log-payload", "false"),
            ("cf-aig-metadata", #"{"user":"u","n":1.50,"b":true}"#), ("cf-aig-event-id", "e 1"),
            ("cf-aig-request-timeout", "1500"), ("cf-aig-max-attempts", "5"), ("cf-aig-retry-delay", "60000"),
            ("cf-aig-backoff", "exponential"),
            ("cf-aig-custom-cost", #"{"per_token_in":0.000001,"per_token_out":2e-6}"#),
            ("cf-aig-byok-alias", "prod"), ("cf-aig-zdr", "true"), ("cf-aig-no-wholesale", "true"),
            ("cf-aig-otel-trace-id", "4BF92F3577B34DA6A3CE929D0E0E4736"),
            ("cf-aig-otel-parent-span-id", "00f067aa0ba902b7"),
        ])
        var wanted = GatewayControls()
        wanted.skipCache = true
        wanted.cacheTTL = 3600
        wanted.cacheKey = "k"
        wanted.collectLog = false
        wanted.collectPayload = false
        wanted.metadata = CallMetadata([
            .init(key: "user", value: .text("u")), .init(key: "n", value: .number("1.50")),
            .init(key: "b", value: .bool(true)),
        ])
        wanted.eventID = "e 1"
        wanted.timeoutMilliseconds = 1500
        wanted.maximumAttempts = 5
        wanted.retryDelayMilliseconds = 60_000
        wanted.backoff = .exponential
        var cost = CustomCost()
        cost.input = Nanodollars(1_000_000_000)
        cost.output = Nanodollars(2_000_000_000)
        wanted.customCost = cost
        wanted.keyAlias = "prod"
        wanted.keepsNothing = true
        wanted.forbidsWallet = true
        wanted.traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
        wanted.parentSpanID = "00f067aa0ba902b7"
        #expect(read == wanted)
    }

    @Test func `older names count where the newer ones are missing`() throws {
        let old = try controls([("cf-skip-cache", "true"), ("cf-cache-ttl", "60")])
        #expect(old.skipCache == true)
        #expect(old.cacheTTL == 60)
        let both = try controls([("cf-cache-ttl", "60"), ("cf-aig-cache-ttl", "0")])
        #expect(both.cacheTTL == 0)
    }

    @Test(
        "What cannot be is refused, and the field named",
        arguments: [
            ("cf-aig-skip-cache", "yes"), ("cf-aig-skip-cache", ""), ("cf-aig-skip-cache", "1"),
            ("cf-skip-cache", "no"),
            ("cf-aig-cache-ttl", "59"), ("cf-aig-cache-ttl", "2592001"), ("cf-aig-cache-ttl", "-1"),
            ("cf-aig-cache-ttl", "60.5"), ("cf-cache-ttl", "x"), ("cf-aig-cache-key", ""),
            ("cf-aig-cache-key", String(repeating: "k", count: 1025)), ("cf-aig-collect-log", "t"),
            ("cf-aig-collect-log-payload", "0"), ("cf-aig-metadata", ""), ("cf-aig-metadata", "[1]"),
            ("cf-aig-metadata", "{"), ("cf-aig-metadata", #"{"a":1}x"#), ("cf-aig-event-id", "a\u{1}b"),
            ("cf-aig-event-id", String(repeating: "e", count: 257)), ("cf-aig-request-timeout", "0"),
            ("cf-aig-request-timeout", "86400001"), ("cf-aig-request-timeout", "99999999999999999999"),
            ("cf-aig-max-attempts", "0"), ("cf-aig-max-attempts", "6"), ("cf-aig-max-attempts", "+1"),
            ("cf-aig-retry-delay", "60001"), ("cf-aig-retry-delay", "-1"), ("cf-aig-backoff", "random"),
            ("cf-aig-custom-cost", "1"), ("cf-aig-custom-cost", "{}"), ("cf-aig-custom-cost", #"{"total_cost":"1"}"#),
            ("cf-aig-custom-cost", #"{"total_cost":-1}"#), ("cf-aig-custom-cost", #"{"per_token_in":1e9}"#),
            ("cf-aig-custom-cost", #"{"total_cost":1e99}"#), ("cf-aig-byok-alias", ""), ("cf-aig-zdr", "on"),
            ("cf-aig-no-wholesale", "2"), ("cf-aig-otel-trace-id", String(repeating: "0", count: 32)),
            ("cf-aig-otel-trace-id", "4bf92f3577b34da6a3ce929d0e0e473"),
            ("cf-aig-otel-parent-span-id", "00f067aa0ba902bx"),
        ])
    func refused(name: String, value: String) throws {
        let error = try #require(throws: GatewayError.self) { try controls([(name, value)]) }
        #expect(error.reason == .invalidValue)
        #expect(error.param == name)
        #expect(error.message.hasPrefix("`\(name)` "))
    }

    @Test(
        "Metadata keeps the first five, and nothing where a value is null or nested",
        arguments: [
            (#"{}"#, []), (#"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}"#, ["a=1", "b=2", "c=3", "d=4", "e=5"]),
            (#"{"a":1,"b":null}"#, []), (#"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":null}"#, []), (#"{"a":{"b":1}}"#, []),
            (#"{"a":[1],"b":2}"#, []), (#"{"a":1,"b":2,"a":3}"#, ["a=3", "b=2"]),
            (#"{"cf.user_id":"x","a":"y"}"#, ["a=y"]),
            (#"{"big":"12345678901234567890"}"#, ["big=12345678901234567890"]),
            (#"{"big":12345678901234567890123}"#, ["big=12345678901234567890123"]), (#"{"a":false}"#, ["a=false"]),
        ] as [(String, [String])])
    func metadata(json: String, kept: [String]) throws {
        let metadata = try #require(try controls([("cf-aig-metadata", json)]).metadata)
        #expect(metadata.entries.map { "\($0.key)=\($0.value.text)" } == kept)
    }

    @Test(
        "Costs are exact, and rounded where they are finer than can be kept",
        arguments: [
            (#"{"total_cost":0.30000000000000004}"#, 300_000_000, nil, nil, nil, nil),
            (#"{"per_token_in":0.0000025,"per_token_out":0}"#, nil, 2_500_000_000, 0, nil, nil),
            (
                #"{"per_token_in":1e-6,"per_cache_read_token":1e-7,"per_cache_write_token":1.25e-6,"total_cost":null}"#,
                nil, 1_000_000_000, nil, 100_000_000, 1_250_000_000
            ),
        ] as [(String, Int64?, Int64?, Int64?, Int64?, Int64?)])
    func costs(json: String, total: Int64?, input: Int64?, output: Int64?, read: Int64?, write: Int64?) throws {
        let cost = try #require(try controls([("cf-aig-custom-cost", json)]).customCost)
        #expect(cost.total?.rawValue == total)
        #expect(cost.input?.rawValue == input)
        #expect(cost.output?.rawValue == output)
        #expect(cost.cacheRead?.rawValue == read)
        #expect(cost.cacheWrite?.rawValue == write)
    }
}

@Suite("What a binding's options and a step's configuration ask for")
struct ControlOptionTests {
    private func options(_ json: String) throws -> GatewayControls {
        try GatewayControls(options: #require(try JSONValue(parsing: Array(json.utf8)).objectValue))
    }

    @Test func `every option is read`() throws {
        let read = try options(
            #"""
            {"id":"g","cacheKey":"k","cacheTtl":60.0,"skipCache":false,"metadata":{"a":"b"},"collectLog":true,
            "eventId":"e","requestTimeoutMs":1,"retries":{"maxAttempts":2,"retryDelayMs":0,"backoff":"linear"},"x":1}
            """#)
        var wanted = GatewayControls()
        wanted.cacheKey = "k"
        wanted.cacheTTL = 60
        wanted.skipCache = false
        wanted.metadata = CallMetadata([.init(key: "a", value: .text("b"))])
        wanted.collectLog = true
        wanted.eventID = "e"
        wanted.timeoutMilliseconds = 1
        wanted.maximumAttempts = 2
        wanted.retryDelayMilliseconds = 0
        wanted.backoff = .linear
        #expect(read == wanted)
        #expect(try options(#"{"id":"g","cacheKey":null,"retries":null,"metadata":null}"#) == GatewayControls())
    }

    @Test(
        "What cannot be is refused, and the option named",
        arguments: [
            (#"{"cacheTtl":"60"}"#, "options.gateway.cacheTtl", ErrorReason.invalidType),
            (#"{"cacheTtl":30}"#, "options.gateway.cacheTtl", .invalidValue),
            (#"{"cacheTtl":60.5}"#, "options.gateway.cacheTtl", .invalidValue),
            (#"{"skipCache":"true"}"#, "options.gateway.skipCache", .invalidType),
            (#"{"metadata":[]}"#, "options.gateway.metadata", .invalidType),
            (#"{"eventId":1}"#, "options.gateway.eventId", .invalidType),
            (#"{"eventId":"a\r\nset-cookie: x"}"#, "options.gateway.eventId", .invalidValue),
            (#"{"retries":[]}"#, "options.gateway.retries", .invalidType),
            (#"{"retries":{"maxAttempts":6}}"#, "options.gateway.retries.maxAttempts", .invalidValue),
            (#"{"retries":{"backoff":"x"}}"#, "options.gateway.retries.backoff", .invalidValue),
            (#"{"requestTimeoutMs":0}"#, "options.gateway.requestTimeoutMs", .invalidValue),
        ])
    func refused(json: String, param: String, reason: ErrorReason) throws {
        let error = try #require(throws: GatewayError.self) { try options(json) }
        #expect(error.reason == reason)
        #expect(error.param == param)
    }

    @Test func `a step's configuration is read`() throws {
        let config: JSONObject = ["requestTimeout": 10, "maxAttempts": 1, "retryDelay": 5, "backoff": "constant"]
        let read = try GatewayControls(stepConfig: config, at: "[0].config")
        #expect(read.timeoutMilliseconds == 10)
        #expect(read.maximumAttempts == 1)
        #expect(read.retryDelayMilliseconds == 5)
        #expect(read.backoff == .constant)
        let error = try #require(throws: GatewayError.self) {
            try GatewayControls(stepConfig: ["maxAttempts": "2"], at: "[3].config")
        }
        #expect(error.param == "[3].config.maxAttempts")
    }
}
