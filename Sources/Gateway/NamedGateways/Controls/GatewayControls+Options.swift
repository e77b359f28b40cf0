public import Domain
public import JSON

extension GatewayControls {
    /// What the object `options.gateway` of a binding asks for. Its `id` is read elsewhere.
    public init(options: JSONObject) throws(GatewayError) {
        self.init()
        let members = ControlMembers(options, at: "options.gateway")
        skipCache = try members.bool("skipCache")
        if let value = try members.number("cacheTtl") { cacheTTL = try value.cacheTTL() }
        cacheKey = try members.text("cacheKey")?.line(most: Self.longestCacheKey)
        collectLog = try members.bool("collectLog")
        if let value = members.value("metadata") {
            guard let object = value.objectValue else { throw members.wrongType("metadata", "an object") }
            metadata = CallMetadata(reading: object)
        }
        eventID = try members.text("eventId")?.line(most: Self.longestEventID)
        timeoutMilliseconds = try members.number("requestTimeoutMs")?.number(Self.timeouts).unsigned
        guard let retries = members.value("retries") else { return }
        guard let object = retries.objectValue else { throw members.wrongType("retries", "an object") }
        let plan = ControlMembers(object, at: "options.gateway.retries")
        maximumAttempts = try plan.number("maxAttempts")?.number(Self.attempts)
        retryDelayMilliseconds = try plan.number("retryDelayMs")?.number(Self.delays).unsigned
        backoff = try plan.text("backoff")?.backoff()
    }

    /// What the `config` of a universal request's step asks for.
    ///
    /// - Parameter place: How errors name it, such as `[0].config`.
    public init(stepConfig config: JSONObject, at place: String) throws(GatewayError) {
        self.init()
        let members = ControlMembers(config, at: place)
        timeoutMilliseconds = try members.number("requestTimeout")?.number(Self.timeouts).unsigned
        maximumAttempts = try members.number("maxAttempts")?.number(Self.attempts)
        retryDelayMilliseconds = try members.number("retryDelay")?.number(Self.delays).unsigned
        backoff = try members.text("backoff")?.backoff()
    }
}

/// Members of an object, read as values of controls. Null means that nothing is said.
private struct ControlMembers {
    private let object: JSONObject
    private let place: String

    init(_ object: JSONObject, at place: String) {
        self.object = object
        self.place = place
    }

    func value(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    func bool(_ name: String) throws(GatewayError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let bool = value.boolValue else { throw wrongType(name, "`true` or `false`") }
        return bool
    }

    func number(_ name: String) throws(GatewayError) -> ControlValue? {
        guard let value = value(name) else { return nil }
        guard let number = value.numberValue else { throw wrongType(name, "a number") }
        // `60.0` is sixty.
        return ControlValue(name: path(name), text: number.int64.map { String($0) } ?? number.spelling)
    }

    func text(_ name: String) throws(GatewayError) -> ControlValue? {
        guard let value = value(name) else { return nil }
        guard let text = value.stringValue else { throw wrongType(name, "a string") }
        return ControlValue(name: path(name), text: text)
    }

    func wrongType(_ name: String, _ what: String) -> GatewayError {
        GatewayError(.invalidType, "`\(path(name))` must be \(what).", param: path(name))
    }

    private func path(_ name: String) -> String { "\(place).\(name)" }
}

extension Int {
    /// Bounds that were checked begin at 0 or above.
    fileprivate var unsigned: UInt64 { UInt64(magnitude) }
}
