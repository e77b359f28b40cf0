import JSON

// Options as part of a body and as header fields.

extension AIRunOptions {
    /// What goes into the body, the gateway apart.
    func members(besides gateway: AIGatewayOptions?) -> JSONObject {
        var object = JSONObject()
        object["gateway"] = gateway.map { .object($0.object) }
        object["queueRequest"] = queueRequest.map(JSONValue.bool)
        object["rejectIfBusy"] = rejectIfBusy.map(JSONValue.bool)
        object["tags"] = tags.map { .array($0.map(JSONValue.string)) }
        for (key, value) in other.sorted(by: { $0.key < $1.key }) { object[key] = value.json }
        return object
    }
}

extension AIGatewayOptions {
    fileprivate var object: JSONObject {
        var object = JSONObject()
        object["id"] = id.map(JSONValue.string)
        object["cacheKey"] = cacheKey.map(JSONValue.string)
        object["cacheTtl"] = cacheSeconds.map(JSONValue.int)
        object["skipCache"] = skipCache.map(JSONValue.bool)
        object["metadata"] = metadata.map { .object(Self.sorted($0)) }
        object["collectLog"] = collectLog.map(JSONValue.bool)
        object["eventId"] = eventID.map(JSONValue.string)
        object["requestTimeoutMs"] = requestTimeoutMilliseconds.map(JSONValue.int)
        object["retries"] = retries.map { .object($0.object) }
        return object
    }

    /// The same as header fields, the id apart.
    var headers: [(String, String)] {
        let fields: [(String, String?)] = [
            ("cf-aig-skip-cache", skipCache.map(String.init)),
            ("cf-aig-cache-ttl", cacheSeconds == 0 ? nil : cacheSeconds.map(String.init)),
            ("cf-aig-metadata", metadata.map { JSONValue.object(Self.sorted($0)).asciiText }),
            ("cf-aig-cache-key", cacheKey),
            ("cf-aig-collect-log", collectLog.map(String.init)),
            ("cf-aig-event-id", eventID),
            ("cf-aig-request-timeout", requestTimeoutMilliseconds.map(String.init)),
            ("cf-aig-max-attempts", retries?.maximumAttempts.map(String.init)),
            ("cf-aig-retry-delay", retries?.delayMilliseconds.map(String.init)),
            ("cf-aig-backoff", retries?.backoff?.rawValue),
        ]
        return fields.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func sorted(_ metadata: [String: AIValue]) -> JSONObject {
        JSONObject(
            members: metadata.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: $0.value.json) })
    }
}

extension AIRetries {
    fileprivate var object: JSONObject {
        var object = JSONObject()
        object["maxAttempts"] = maximumAttempts.map(JSONValue.int)
        object["retryDelayMs"] = delayMilliseconds.map(JSONValue.int)
        object["backoff"] = backoff.map { .string($0.rawValue) }
        return object
    }
}

extension JSONValue {
    /// JSON text that may stand in a header field: everything beyond ASCII is escaped.
    var asciiText: String {
        var text = ""
        for unit in String(decoding: serialized(), as: UTF8.self).utf16 {
            if unit < 0x7F {
                text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            } else {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text
    }
}
