import Domain
import JSON
import MemoryStores
import Testing

@testable import Gateways

@Suite("Gateways: fields")
struct GatewayFieldTests {
    /// A field, a value as JSON, and what an answer shows of it; nil when it is refused.
    struct Case: Sendable, CustomTestStringConvertible {
        let field: String
        let value: String
        let shown: String?

        init(_ field: String, _ value: String, _ shown: String?) {
            self.field = field
            self.value = value
            self.shown = shown
        }

        var testDescription: String { "\(field): \(value.prefix(40))" }
    }

    static let flags = [
        "cache_invalidate_on_update", "collect_logs", "authentication", "byok_only", "log_classification", "logpush",
        "zdr",
    ].flatMap { name in
        [
            Case(name, "true", "true"), Case(name, "false", "false"), Case(name, #""true""#, nil), Case(name, "1", nil),
        ]
    }

    static let numbers = [
        Case("cache_ttl", "0", "0"), Case("cache_ttl", "null", "null"), Case("cache_ttl", "1", "1"),
        Case("cache_ttl", "59", "59"), Case("cache_ttl", "60", "60"), Case("cache_ttl", "60.0", "60"),
        Case("cache_ttl", "2592000", "2592000"), Case("cache_ttl", "2592001", nil), Case("cache_ttl", "-1", nil),
        Case("cache_ttl", "60.5", nil), Case("cache_ttl", #""60""#, nil), Case("cache_ttl", "true", nil),
        Case("rate_limiting_interval", "0", "0"), Case("rate_limiting_interval", "null", "null"),
        Case("rate_limiting_interval", "1", "1"), Case("rate_limiting_interval", "31622400", "31622400"),
        Case("rate_limiting_interval", "31622401", nil), Case("rate_limiting_interval", "-1", nil),
        Case("rate_limiting_limit", "0", "0"), Case("rate_limiting_limit", "null", "null"),
        Case("rate_limiting_limit", "1000000001", nil), Case("rate_limiting_limit", "-1", nil),
        Case("log_management", "9999", nil), Case("log_management", "10000", "10000"),
        Case("log_management", "10000000", "10000000"), Case("log_management", "10000001", nil),
        Case("log_management", "null", "null"), Case("log_management", "0", nil),
        Case("retry_max_attempts", "0", nil), Case("retry_max_attempts", "1", "1"),
        Case("retry_max_attempts", "5", "5"), Case("retry_max_attempts", "6", nil),
        Case("retry_max_attempts", "null", "null"), Case("retry_delay", "-1", nil), Case("retry_delay", "0", "0"),
        Case("retry_delay", "60000", "60000"), Case("retry_delay", "60001", nil), Case("retry_delay", "null", "null"),
    ]

    static let words = [
        Case("rate_limiting_technique", #""SLIDING""#, #""sliding""#),
        Case("rate_limiting_technique", #""fixed""#, #""fixed""#), Case("rate_limiting_technique", "null", #""fixed""#),
        Case("rate_limiting_technique", #""none""#, nil), Case("rate_limiting_technique", "1", nil),
        Case("log_management_strategy", #""stop_inserting""#, #""STOP_INSERTING""#),
        Case("log_management_strategy", #""DELETE_OLDEST""#, #""DELETE_OLDEST""#),
        Case("log_management_strategy", #""DELETE""#, nil), Case("retry_backoff", #""Constant""#, #""constant""#),
        Case("retry_backoff", #""linear""#, #""linear""#), Case("retry_backoff", #""EXPONENTIAL""#, #""exponential""#),
        Case("retry_backoff", "null", "null"), Case("retry_backoff", #""random""#, nil),
        Case("workers_ai_billing_mode", #""Unified""#, #""unified""#),
        Case("workers_ai_billing_mode", "null", #""postpaid""#), Case("workers_ai_billing_mode", #""free""#, nil),
    ]

    static let texts = [
        Case("logpush_public_key", #""123456789012345""#, nil),
        Case("logpush_public_key", #""1234567890123456""#, #""1234567890123456""#),
        Case("logpush_public_key", #""-----BEGIN KEY-----\nabc""#, #""-----BEGIN KEY-----\nabc""#),
        Case("logpush_public_key", #""1234567890123456\u0000""#, nil), Case("logpush_public_key", "null", "null"),
        Case("logpush_public_key", "1234567890123456", nil), Case("store_id", #""""#, nil),
        Case("store_id", #""s""#, #""s""#), Case("store_id", "null", "null"),
        Case("store_id", "\"\(String(repeating: "s", count: 64))\"", "\"\(String(repeating: "s", count: 64))\""),
        Case("store_id", "\"\(String(repeating: "s", count: 65))\"", nil),
    ]

    static let parts = [
        Case("guardrails", #"{"prompt":{"S1":"FLAG"}}"#, #"{"prompt":{"S1":"FLAG"}}"#),
        Case("guardrails", "null", "null"), Case("guardrails", "[]", nil),
        Case("dlp", #"{"enabled":false}"#, #"{"enabled":false}"#),
        Case("dlp", "true", nil), Case("spend_limits", #"{"rules":[]}"#, #"{"rules":[]}"#),
        Case("spend_limits", #""x""#, nil), Case("otel", "[]", "[]"), Case("otel", "{}", nil),
        Case("otel", "null", "null"), Case("stripe", "null", "null"), Case("stripe", "{}", nil),
        Case("stripe", #"{"authorization":"sk","usage_events":[]}"#, nil),
        Case("stripe", #"{"authorization":"s\nk","usage_events":[{"payload":"p"}]}"#, nil),
        Case("stripe", #"{"authorization":"sk","usage_events":[{"payload":""}]}"#, nil),
        Case(
            "stripe", #"{"authorization":"sk","usage_events":[{"payload":"p"}]}"#,
            #"{"authorization":"********","usage_events":[{"payload":"p"}]}"#),
        Case(
            "dlp", String(repeating: #"{"a":"#, count: 32) + "1" + String(repeating: "}", count: 32),
            String(repeating: #"{"a":"#, count: 32) + "1" + String(repeating: "}", count: 32)),
        Case("dlp", String(repeating: #"{"a":"#, count: 33) + "1" + String(repeating: "}", count: 33), nil),
        Case(
            "dlp", #"{"a":"\#(String(repeating: "x", count: 65_528))"}"#,
            #"{"a":"\#(String(repeating: "x", count: 65_528))"}"#),
        Case("dlp", #"{"a":"\#(String(repeating: "x", count: 65_529))"}"#, nil),
    ]

    @Test(arguments: flags + numbers + words + texts + parts) func `a value is taken or refused`(sample: Case)
        async throws
    {
        let house = try House()
        let desk = house.desk()
        let sent = try json(#"{"id":"g","\#(sample.field)":\#(sample.value)}"#)
        guard let shown = sample.shown else {
            let error = await refusal { _ = try desk.create(sent, in: House.acme) }
            #expect(error?.reason == .invalidValue)
            #expect(error?.param?.hasPrefix("/\(sample.field)") == true)
            #expect(error?.message.contains(sample.field) == true)
            #expect(house.store.contents.documents.isEmpty)
            return
        }
        let made = try desk.create(sent, in: House.acme)
        #expect(desk.shown(made)[sample.field]?.text == shown)
        let kept = try desk.gateway(GatewayID("g"), of: House.acme)
        #expect(kept == made)
        #expect(desk.shown(kept)[sample.field]?.text == shown)
    }

    @Test(arguments: [
        ("a", true), ("0", true), ("_", true), ("my-gateway_1", true), ("a-b-c", true),
        (String(repeating: "a", count: 64), true), ("", false), (String(repeating: "a", count: 65), false),
        ("A", false), ("-a", false), ("a-", false), ("a--b", false), ("a b", false), ("a/b", false), ("ä", false),
        ("a.b", false),
    ])
    func `an id has its shape`(id: String, isGood: Bool) async throws {
        let desk = try House().desk()
        let error = await refusal { _ = try desk.create(["id": .string(id)], in: House.acme) }
        #expect((error == nil) == isGood)
        if !isGood { #expect(error?.param == "/id") }
    }

    @Test(arguments: ["{}", #"{"id":null}"#, #"{"id":7}"#]) func `a gateway needs an id`(sent: String) async throws {
        let desk = try House().desk()
        let error = await refusal { _ = try desk.create(try json(sent), in: House.acme) }
        #expect(error?.param == "/id")
    }

    @Test(arguments: ["[]", "null", #""g""#]) func `what is no object is refused`(sent: String) async throws {
        let desk = try House().desk()
        let error = await refusal { _ = try desk.create(try json(sent), in: House.acme) }
        #expect(error?.reason == .invalidType)
    }

    @Test func `all problems are told at once, the first by its place`() async throws {
        let desk = try House().desk()
        let sent = try json(
            #"{"id":"G","cache_ttl":-59,"retry_delay":-1,"stripe":{"authorization":"","usage_events":[{"payload":7}]},"x":1}"#
        )
        let error = await refusal { _ = try desk.create(sent, in: House.acme) }
        #expect(error?.param == "/id")
        for place in [
            "/id: ", "/cache_ttl: ", "/retry_delay: ", "/stripe/authorization: ", "/stripe/usage_events/0/payload: ",
        ] {
            #expect(error?.message.contains(place) == true)
        }
        #expect(
            error?.message.contains("0 or null for no caching, or a whole number of seconds from 1 to 2592000") == true
        )
        #expect(error?.message.contains("x") == true)
        #expect(error?.message.contains("/x") == false)
    }

    @Test func `a limit of requests needs an interval, set before or with it`() async throws {
        let desk = try House().desk()
        let alone = await refusal { _ = try desk.create(["id": "g", "rate_limiting_limit": 5], in: House.acme) }
        #expect(alone?.param == "/rate_limiting_interval")
        let made = try desk.create(
            ["id": "g", "rate_limiting_limit": 5, "rate_limiting_interval": 60, "rate_limiting_technique": "sliding"],
            in: House.acme)
        #expect(made.settings.rateLimit == GatewayRateLimit(limit: 5, intervalSeconds: 60, technique: .sliding))
        let taken = await refusal {
            _ = try await desk.update(GatewayID("g"), ["rate_limiting_interval": nil], of: House.acme)
        }
        #expect(taken?.param == "/rate_limiting_interval")
        let off = try await desk.update(
            GatewayID("g"), ["rate_limiting_interval": nil, "rate_limiting_limit": nil], of: House.acme)
        #expect(off.settings.rateLimit == nil)
        #expect(desk.shown(off)["rate_limiting_limit"] == .null)
    }

    @Test func `a gateway about which nothing is said is as usual`() throws {
        let desk = try House().desk()
        let made = try desk.create(["id": "plain"], in: House.acme)
        let expected = """
            {"id":"plain","cache_invalidate_on_update":false,"cache_ttl":0,"collect_logs":true,\
            "rate_limiting_interval":0,"rate_limiting_limit":0,"rate_limiting_technique":"fixed",\
            "authentication":true,"byok_only":false,"dlp":null,"guardrails":null,"log_classification":false,\
            "log_management":null,"log_management_strategy":"DELETE_OLDEST","logpush":false,\
            "logpush_public_key":null,"otel":null,"retry_backoff":null,"retry_delay":null,\
            "retry_max_attempts":null,"spend_limits":null,"store_id":null,"stripe":null,\
            "workers_ai_billing_mode":"postpaid","zdr":false,"is_default":false,\
            "created_at":"2026-05-20T12:00:00.000Z","modified_at":"2026-05-20T12:00:00.000Z"}
            """
        #expect(desk.shown(made).text == expected)
        var usual = GatewaySettings(
            account: House.acme, id: GatewayID("plain"), createdAt: Timestamp(seconds: 1_779_278_400))
        usual.retries = RetryPlan()
        #expect(made.settings == usual)
    }

    @Test func `every field reaches the settings of calls`() throws {
        let desk = try House().desk()
        let made = try desk.create(
            [
                "id": "g", "cache_invalidate_on_update": true, "cache_ttl": 120, "collect_logs": false,
                "authentication": false, "byok_only": true, "log_classification": true, "log_management": 20_000,
                "log_management_strategy": "stop_inserting", "logpush": true,
                "logpush_public_key": "0123456789abcdef", "retry_backoff": "exponential", "retry_delay": 500,
                "retry_max_attempts": 3, "store_id": "s1", "workers_ai_billing_mode": "unified", "zdr": true,
            ], in: House.acme)
        let settings = made.settings
        #expect(settings.forgetsCacheOnUpdate && settings.cacheTTL == 120 && !settings.collectsLogs)
        #expect(!settings.requiresKey && settings.isOwnKeyOnly && settings.classifiesLogs && settings.keepsNothing)
        #expect(settings.logCapacity == 20_000 && settings.logStrategy == .stopInserting)
        #expect(settings.pushesLogs && settings.logPublicKey == "0123456789abcdef")
        #expect(settings.retries == RetryPlan(maximumAttempts: 3, delayMilliseconds: 500, backoff: .exponential))
        #expect(settings.secretStore == "s1" && settings.hostedBilling == .unified)
    }
}
