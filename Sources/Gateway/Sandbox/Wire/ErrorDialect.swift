import JSON

/// Whose shape an error is written in.
enum ErrorDialect {
    case openAI, anthropic, gemini

    func body(_ error: VendorError) -> [UInt8] {
        switch self {
        case .openAI: error.body
        case .anthropic: Self.anthropic(error)
        case .gemini: Self.gemini(error)
        }
    }

    private static func anthropic(_ error: VendorError) -> [UInt8] {
        let type =
            switch error.status {
            case 401: "authentication_error"
            case 402: "billing_error"
            case 403: "permission_error"
            case 404: "not_found_error"
            case 413: "request_too_large"
            case 429: "rate_limit_error"
            case 504: "timeout_error"
            case 529: "overloaded_error"
            case 500...: "api_error"
            default: "invalid_request_error"
            }
        let value: JSONValue = [
            "type": "error", "error": ["type": .string(type), "message": .string(error.message)],
            "request_id": "req_sandbox",
        ]
        return value.serialized()
    }

    private static func gemini(_ error: VendorError) -> [UInt8] {
        let status =
            switch error.status {
            case 401: "UNAUTHENTICATED"
            case 403: "PERMISSION_DENIED"
            case 404: "NOT_FOUND"
            case 409: "ABORTED"
            case 429: "RESOURCE_EXHAUSTED"
            case 499: "CANCELLED"
            case 501: "UNIMPLEMENTED"
            case 503: "UNAVAILABLE"
            case 504: "DEADLINE_EXCEEDED"
            case 500...: "INTERNAL"
            default: "INVALID_ARGUMENT"
            }
        let value: JSONValue = [
            "error": ["code": .int(error.status), "message": .string(error.message), "status": .string(status)]
        ]
        return value.serialized()
    }
}
