public import JSON

/// Who knows the parts of a gateway that are more than a value: `guardrails`, `dlp`, `otel`, `spend_limits`, `stripe`.
public struct GatewayParts: Sendable {
    /// What is wrong with the value of a field. Places are told from that value on, such as `/prompt/S1`.
    public var check: @Sendable (_ field: String, JSONValue) -> [GatewayProblem]
    /// The value as it may be seen, its secrets masked.
    public var shown: @Sendable (_ field: String, JSONValue) -> JSONValue

    public init(
        check: @escaping @Sendable (_ field: String, JSONValue) -> [GatewayProblem],
        shown: @escaping @Sendable (_ field: String, JSONValue) -> JSONValue
    ) {
        self.check = check
        self.shown = shown
    }

    /// Knows of `stripe` everything and of the others their outer shape. Secrets are masked wherever they may lie.
    public static let plain = GatewayParts(
        check: { field, value in
            switch field {
            case "stripe": StripePart.check(value)
            case "otel": value.arrayValue == nil ? [GatewayProblem("", "must be a list")] : []
            default: value.objectValue == nil ? [GatewayProblem("", "must be an object")] : []
            }
        },
        shown: { _, value in
            SecretMask.masked(value, secrets: ["authorization"], groups: ["headers"])
        })

    /// The same, but for one field somebody else checks.
    public func checking(
        _ field: String, _ check: @escaping @Sendable (JSONValue) -> [GatewayProblem]
    ) -> GatewayParts {
        let others = self.check
        return GatewayParts(check: { $0 == field ? check($1) : others($0, $1) }, shown: shown)
    }

    /// The same, but for one field somebody else says what may be seen.
    public func showing(_ field: String, _ shown: @escaping @Sendable (JSONValue) -> JSONValue) -> GatewayParts {
        let others = self.shown
        return GatewayParts(check: check, shown: { $0 == field ? shown($1) : others($0, $1) })
    }
}

/// Metering of usage to Stripe: `{authorization, usage_events: [{payload}]}`.
enum StripePart {
    static let mostEvents = 20
    static let longestAuthorization = 4_096
    static let longestPayload = 16 << 10

    static func check(_ value: JSONValue) -> [GatewayProblem] {
        guard let object = value.objectValue else { return [GatewayProblem("", "must be an object")] }
        var problems: [GatewayProblem] = []
        let authorization = object["authorization"]?.stringValue ?? ""
        if !(1...longestAuthorization).contains(authorization.utf8.count)
            || !SentFields.isDecent(authorization, isOneLine: true)
        {
            problems.append(
                GatewayProblem("/authorization", "must be a text in one line of 1 to \(longestAuthorization) bytes"))
        }
        guard let events = object["usage_events"]?.arrayValue, (1...mostEvents).contains(events.count) else {
            return problems + [GatewayProblem("/usage_events", "must be a list of 1 to \(mostEvents)")]
        }
        for (place, event) in events.enumerated() {
            let payload = event["payload"]?.stringValue ?? ""
            guard !(1...longestPayload).contains(payload.utf8.count) else { continue }
            problems.append(
                GatewayProblem(
                    "/usage_events/\(place)/payload", "must be a text of 1 to \(longestPayload) bytes"))
        }
        return problems
    }
}
