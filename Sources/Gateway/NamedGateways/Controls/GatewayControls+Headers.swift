public import Domain
public import HTTPCore

extension GatewayControls {
    /// What the `cf-aig-*` fields of a request, or of one step of it, ask for. Unknown ones ask for nothing.
    public init(headers: HeaderFields) throws(GatewayError) {
        self.init()
        let fields = ControlFields(headers)
        skipCache = try fields.bool("cf-aig-skip-cache", older: "cf-skip-cache")
        if let value = fields.value("cf-aig-cache-ttl", older: "cf-cache-ttl") { cacheTTL = try value.cacheTTL() }
        cacheKey = try fields.line("cf-aig-cache-key", most: Self.longestCacheKey)
        collectLog = try fields.bool("cf-aig-collect-log")
        collectPayload = try fields.bool("cf-aig-collect-log-payload")
        if let value = fields.value("cf-aig-metadata") { metadata = try CallMetadata(parsing: value) }
        eventID = try fields.line("cf-aig-event-id", most: Self.longestEventID)
        timeoutMilliseconds = try fields.number("cf-aig-request-timeout", Self.timeouts).map(UInt64.init)
        maximumAttempts = try fields.number("cf-aig-max-attempts", Self.attempts)
        retryDelayMilliseconds = try fields.number("cf-aig-retry-delay", Self.delays).map(UInt64.init)
        if let value = fields.value("cf-aig-backoff") { backoff = try value.backoff() }
        if let value = fields.value("cf-aig-custom-cost") { customCost = try CustomCost(parsing: value) }
        keyAlias = try fields.line("cf-aig-byok-alias", most: Self.longestKeyAlias)
        keepsNothing = try fields.bool("cf-aig-zdr")
        forbidsWallet = try fields.bool("cf-aig-no-wholesale")
        if let value = fields.value("cf-aig-otel-trace-id") { traceID = try value.hexadecimal(digits: 32) }
        if let value = fields.value("cf-aig-otel-parent-span-id") {
            parentSpanID = try value.hexadecimal(digits: 16)
        }
    }
}

/// Header fields, read as values of controls.
private struct ControlFields {
    private let headers: HeaderFields

    init(_ headers: HeaderFields) {
        self.headers = headers
    }

    func value(_ name: StaticString, older: StaticString? = nil) -> ControlValue? {
        if let text = headers.first(name) { return ControlValue(name: name.description, text: text) }
        guard let older, let text = headers.first(older) else { return nil }
        return ControlValue(name: older.description, text: text)
    }

    func bool(_ name: StaticString, older: StaticString? = nil) throws(GatewayError) -> Bool? {
        try value(name, older: older)?.bool()
    }

    func number(_ name: StaticString, _ bounds: ClosedRange<Int>) throws(GatewayError) -> Int? {
        try value(name)?.number(bounds)
    }

    func line(_ name: StaticString, most: Int) throws(GatewayError) -> String? {
        try value(name)?.line(most: most)
    }
}
