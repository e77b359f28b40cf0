import Domain
import JSON
import OperatingSystem

/// A log entry as answers show it.
enum LogJSON {
    /// What is shown of a body beside its entry.
    static let headBytes = 16 << 10

    static func row(_ entry: GatewayLogEntry) -> JSONObject {
        [
            "id": .string(entry.id.rawValue), "created_at": .time(entry.createdAt),
            "provider": .string(entry.provider), "model": .string(entry.model), "model_type": .text(entry.modelType),
            "path": .string(entry.path), "duration": .int(entry.durationMilliseconds),
            "request_type": .text(entry.requestType), "request_content_type": .text(entry.requestContentType),
            "response_content_type": .text(entry.responseContentType), "status_code": .int(entry.statusCode),
            "success": .bool(entry.isSuccess), "cached": .bool(entry.isCached), "tokens_in": .int(entry.tokensIn),
            "tokens_out": .int(entry.tokensOut), "cost": .dollars(entry.cost),
            "custom_cost": .bool(entry.isCustomCost), "metadata": .object(metadata(entry.metadata)),
            "step": entry.step.map { .int($0) } ?? nil, "feedback": entry.feedback.map { .int($0) } ?? nil,
            "score": entry.score.map { .int($0) } ?? nil, "event_id": .text(entry.eventID),
            "wholesale": .bool(entry.isWholesale), "byok": .bool(entry.isOnOwnKey),
            "authentication": .bool(entry.isAuthenticated), "compatibilityMode": .bool(entry.isCompatibilityMode),
            "user_agent": .text(entry.userAgent), "dlp_action": .text(entry.dlpAction),
            "guardrails": categories(entry.guardrails),
            "error_code": entry.errorCode.map { .int($0) } ?? nil, "request_id": .string(entry.requestID.rawValue),
        ]
    }

    static func single(_ entry: GatewayLogEntry, _ bodies: LogBodies?) -> JSONObject {
        var object = row(entry)
        add("request", bodies?.request, entry.requestSize, to: &object)
        add("response", bodies?.response, entry.responseSize, to: &object)
        return object
    }

    static func metadata(_ metadata: CallMetadata) -> JSONObject {
        var object = JSONObject()
        for entry in metadata.entries {
            let value: JSONValue =
                switch entry.value {
                case .text(let text): .string(text)
                case .number(let spelling): JSONNumber(spelling: spelling).map(JSONValue.number) ?? .string(spelling)
                case .bool(let value): .bool(value)
                }
            object.append(entry.key, value)
        }
        return object
    }

    /// Hazards that were found and let through.
    private static func categories(_ text: String?) -> JSONValue {
        text.map { .array($0.split(separator: ",").map { .string(String($0)) }) } ?? .null
    }

    private static func add(_ name: String, _ body: [UInt8]?, _ size: Int64, to object: inout JSONObject) {
        object.append("\(name)_size", .int(size))
        object.append(
            "\(name)_head", body.map { .string(String(decoding: $0.prefix(headBytes), as: UTF8.self)) } ?? nil)
        object.append("\(name)_head_complete", .bool(Int64(body?.prefix(headBytes).count ?? 0) == size))
    }
}

extension JSONValue {
    static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    static func time(_ moment: Timestamp) -> JSONValue {
        .string(ISO8601.format(wallMicroseconds: moment.microseconds))
    }

    /// A number with as many decimals as there are.
    static func dollars(_ amount: Nanodollars?) -> JSONValue {
        amount.flatMap { JSONNumber(spelling: $0.exactDollarsText) }.map(JSONValue.number) ?? .null
    }
}
