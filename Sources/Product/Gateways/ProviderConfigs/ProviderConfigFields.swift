import Accounts
import Domain
import JSON
import Telemetry

/// What a request says of a provider config.
struct ProviderConfigFields {
    enum SecretSent {
        case own(Secret)
        case vendorKey(VendorKeyID)
    }

    static let longestSecret = 16 << 10
    static let longestAlias = 64
    static let mostRequests = 1_000_000_000
    static let longestPeriod = 366 * 86_400
    private static let vendorKeyPrefix = "vk_"

    let provider: String?
    let secret: SecretSent?
    let alias: Change<String>
    let isDefault: Change<Bool>
    let rateLimit: Change<Int>
    let rateLimitSeconds: Change<Int>

    /// - Parameter config: What is changed; nil for a new one.
    init(_ sent: JSONValue, changing config: ProviderConfig? = nil) throws(GatewayError) {
        var fields = try SentFields(sent)
        provider = Self.provider(&fields, config)
        secret = Self.secret(&fields, config)
        alias = fields.read("alias", "1 to \(Self.longestAlias) of A-Z, a-z, 0-9, _, . and -") { value in
            value.stringValue.flatMap { Self.isAlias($0) ? $0 : nil }
        }
        isDefault = fields.flag("default_config")
        rateLimit = fields.number("rate_limit", 1...Self.mostRequests, unit: "requests", zero: "no limit")
        rateLimitSeconds = fields.number("rate_limit_period", 1...Self.longestPeriod, unit: "seconds", zero: "none")
        Self.checkRate(&fields, rateLimit, rateLimitSeconds, config)
        try fields.finish()
    }

    /// What a new one cannot be without.
    func required() throws(GatewayError) -> (provider: String, secret: SecretSent) {
        guard let provider, let secret else {
            throw GatewayError(.missingField, "The provider or its secret is missing.")
        }
        return (provider, secret)
    }

    func apply(to config: inout ProviderConfig) {
        alias.apply(to: &config.alias, none: ProviderConfig.usualAlias)
        Self.zeroClears(rateLimit).apply(to: &config.rateLimit)
        Self.zeroClears(rateLimitSeconds).apply(to: &config.rateLimitSeconds)
    }

    private static func zeroClears(_ change: Change<Int>) -> Change<Int> { change.value == 0 ? .clear : change }

    // MARK: Values

    private static func provider(_ fields: inout SentFields, _ config: ProviderConfig?) -> String? {
        let sent = fields["provider_slug"]?.stringValue ?? ""
        let guess = GatewayProviders.nearest(sent).map { "; did you mean \($0)?" } ?? ""
        let change = fields.read("provider_slug", "the name of a provider or custom- and a slug\(guess)") { value in
            value.stringValue.flatMap { GatewayProviders.isKnown($0) ? $0 : nil }
        }
        guard let config else { return fields.required(change, "provider_slug") }
        if let provider = change.value, provider != config.provider {
            fields.report("provider_slug", "cannot be changed, for the secret is the one of \(config.provider)")
        }
        return config.provider
    }

    private static func secret(_ fields: inout SentFields, _ config: ProviderConfig?) -> SecretSent? {
        // Clients that must send both leave one empty.
        let secret = isEmpty(fields["secret"]) ? nil : own(&fields)
        var named = isEmpty(fields["secret_id"]) ? nil : fields["secret_id"]
        // As it was shown.
        if let config, named?.stringValue == config.vendorKey?.rawValue ?? config.id { named = nil }
        if named != nil, !isEmpty(fields["secret"]) {
            fields.report("secret_id", "cannot be sent together with secret")
            return nil
        }
        if let named {
            guard let text = named.stringValue, text.hasPrefix(vendorKeyPrefix) else {
                fields.report(
                    "secret_id", "must be the id of a vendor key of the account, \(vendorKeyPrefix)…; or send secret")
                return nil
            }
            return .vendorKey(VendorKeyID(text))
        }
        if config == nil, isEmpty(fields["secret"]) { fields.report("secret", "is missing") }
        return secret.map { .own($0) }
    }

    private static func isEmpty(_ value: JSONValue?) -> Bool {
        value == nil || value == .null || value?.stringValue == ""
    }

    /// One line, for it is sent in a header field; or a JSON object, as some vendors give out, which becomes one line.
    private static func own(_ fields: inout SentFields) -> Secret? {
        let what = "a text in one line, or a JSON object as text, of 1 to \(longestSecret) bytes"
        return fields.read("secret", what) { value -> Secret? in
            guard let text = value.stringValue, text.utf8.count <= longestSecret else { return nil }
            if SentFields.isDecent(text, isOneLine: true) { return Secret(text) }
            guard let object = (try? JSONValue(parsing: Array(text.utf8)))?.objectValue else { return nil }
            return Secret(String(decoding: object.serialized(), as: UTF8.self))
        }.value
    }

    /// The end of a JSON object tells nothing but its last brace.
    static func hint(_ secret: Secret) -> String {
        let text = secret.reveal()
        return text.hasPrefix("{") ? "" : SecretMask.hint(text)
    }

    private static func isAlias(_ text: String) -> Bool {
        (1...longestAlias).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value))
                    || "_.-".unicodeScalars.contains(scalar)
            }
    }

    private static func checkRate(
        _ fields: inout SentFields, _ limit: Change<Int>, _ seconds: Change<Int>, _ config: ProviderConfig?
    ) {
        var (now, period) = (config?.rateLimit, config?.rateLimitSeconds)
        zeroClears(limit).apply(to: &now)
        zeroClears(seconds).apply(to: &period)
        if (now == nil) != (period == nil) {
            fields.report(
                now == nil ? "rate_limit" : "rate_limit_period", "must be set, for the other of the two is")
        }
    }
}
