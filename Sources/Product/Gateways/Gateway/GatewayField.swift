import Domain
import JSON

/// One field of a gateway as clients write it.
struct GatewayField: Sendable {
    enum Kind: Sendable {
        case flag
        /// `zero` says what 0 means where it may be said besides.
        case number(ClosedRange<Int>, unit: String? = nil, zero: String? = nil)
        case word([String])
        case text(ClosedRange<Int>)
        /// Told apart by ``GatewayParts``.
        case part(isSealed: Bool = false)
    }

    let name: String
    let kind: Kind
    /// What it is while nothing was said.
    let usual: JSONValue
    /// Whether null is kept as such, and not taken for the usual value.
    let keepsNull: Bool

    init(_ name: String, _ kind: Kind, _ usual: JSONValue = .null, keepsNull: Bool = false) {
        self.name = name
        self.kind = kind
        self.usual = usual
        self.keepsNull = keepsNull
    }

    static let mostRequests = 1_000_000_000
    static let longestInterval = 366 * 86_400
    static let logCapacities = 10_000...10_000_000
    static let publicKeyLengths = 16...8_192
    static let storeLengths = 1...64

    private static func words<Word: CaseIterable & RawRepresentable<String>>(_: Word.Type) -> Kind {
        .word(Word.allCases.map(\.rawValue))
    }

    /// In the order of answers.
    static let all: [GatewayField] = [
        GatewayField("cache_invalidate_on_update", .flag, false),
        GatewayField(
            "cache_ttl",
            .number(
                1...GatewaySettings.longestCacheTTL, unit: "seconds",
                zero: "no caching"), 0, keepsNull: true),
        GatewayField("collect_logs", .flag, true),
        GatewayField(
            "rate_limiting_interval", .number(1...longestInterval, unit: "seconds", zero: "no limit"), 0,
            keepsNull: true),
        GatewayField("rate_limiting_limit", .number(1...mostRequests, zero: "no limit"), 0, keepsNull: true),
        GatewayField("rate_limiting_technique", words(GatewayRateLimit.Technique.self), "fixed"),
        GatewayField("authentication", .flag, true),
        GatewayField("byok_only", .flag, false),
        GatewayField("dlp", .part()),
        GatewayField("guardrails", .part()),
        GatewayField("log_classification", .flag, false),
        GatewayField("log_management", .number(logCapacities)),
        GatewayField("log_management_strategy", words(GatewaySettings.LogStrategy.self), "DELETE_OLDEST"),
        GatewayField("logpush", .flag, false),
        GatewayField("logpush_public_key", .text(publicKeyLengths)),
        GatewayField("otel", .part(isSealed: true)),
        GatewayField("retry_backoff", words(RetryPlan.Backoff.self)),
        GatewayField("retry_delay", .number(0...Int(RetryPlan.longestDelayMilliseconds), unit: "milliseconds")),
        GatewayField("retry_max_attempts", .number(1...RetryPlan.mostAttempts)),
        GatewayField("spend_limits", .part()),
        GatewayField("store_id", .text(storeLengths)),
        GatewayField("stripe", .part(isSealed: true)),
        GatewayField("workers_ai_billing_mode", words(GatewaySettings.HostedBilling.self), "postpaid"),
        GatewayField("zdr", .flag, false),
    ]

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    var isSealed: Bool {
        if case .part(isSealed: true) = kind { true } else { false }
    }
}
