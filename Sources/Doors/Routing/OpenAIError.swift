public import Domain
public import HTTPCore
public import HTTPServer
import JSON

/// How OpenAI's dialect words an error; every route under `/v1` speaks it.
public enum OpenAIError {
    public static func response(_ error: GatewayError, requestID: RequestID) -> HTTPResponse {
        var headers = OpenAIHeaders.base(requestID)
        if let seconds = error.retryAfterSeconds { headers.append("Retry-After", String(seconds)) }
        return HTTPResponse(
            status: error.reason.status, headers: headers, body: envelope(error, requestID: requestID))
    }

    /// `{"error":{…}}`, as a body or inside a stream.
    public static func envelope(_ error: GatewayError, requestID: RequestID) -> [UInt8] {
        var writer = JSONWriter(reserving: 384)
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.key("message")
        writer.string(error.message)
        writer.key("type")
        writer.string(type(of: error.reason))
        writer.key("code")
        writer.int(error.reason.status)
        writer.key("param")
        if let param = error.param { writer.string(param) } else { writer.null() }
        writer.key("reason")
        writer.string(error.reason.rawValue)
        writer.key("request_id")
        writer.string(requestID.rawValue)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private static func type(of reason: ErrorReason) -> String {
        switch reason {
        case .invalidBody, .missingField, .invalidType, .invalidValue, .duplicateField, .modalityMismatch,
            .upstreamRejected, .payloadTooLarge, .headersTooLarge, .requestTimeout, .methodNotAllowed, .clientClosed,
            .priceUnknown, .badSignature, .conflict, .gatewayNotFound, .unknownKeyAlias, .ownKeyNeeded, .promptBlocked,
            .answerBlocked, .promptWithheld, .answerWithheld:
            "invalid_request_error"
        case .invalidKey, .gatewayKeyNeeded: "authentication_error"
        case .insufficientCredits, .notOffered: "insufficient_credits"
        case .accountCap, .subAccountCap, .tagBudget, .spendLimit: "budget_exceeded"
        case .keyCap, .modelNotAllowed, .addressNotAllowed, .roleNotAllowed: "scope_exceeded"
        case .requestRate, .tokenRate, .concurrency, .gatewayRate, .noCapacity: "rate_limit_error"
        case .modelNotFound, .endpointNotFound, .objectNotFound: "not_found"
        case .providerError, .internalError: "server_error"
        case .upstreamSaturated, .overloaded, .providerNotConfigured, .recordFailed, .scannerUnavailable:
            "service_unavailable"
        case .upstreamTimeout: "timeout_error"
        }
    }
}

/// What every answer under `/v1` says of itself.
public enum OpenAIHeaders {
    public static func base(_ requestID: RequestID, contentType: String = "application/json") -> HeaderFields {
        var headers = HeaderFields()
        headers.append("Content-Type", contentType)
        headers.append("X-Request-Id", requestID.rawValue)
        return headers
    }
}
