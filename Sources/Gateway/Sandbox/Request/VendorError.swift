import JSON

/// An error as the vendor words it.
struct VendorError: Error, Hashable {
    var status: Int
    var message: String
    var type = "invalid_request_error"
    var param: String?
    var code: String?

    /// Text of a request is quoted in messages up to this many characters.
    static let quoteLimit = 64

    static func badRequest(_ message: String, param: String? = nil, code: String? = nil) -> VendorError {
        VendorError(status: 400, message: message, param: param, code: code)
    }

    static func quote(_ text: String) -> String {
        text.count > quoteLimit ? text.prefix(quoteLimit) + "…" : text
    }

    var body: [UInt8] {
        let error: JSONValue = [
            "message": .string(message), "type": .string(type), "param": param.map(JSONValue.string) ?? .null,
            "code": code.map(JSONValue.string) ?? .null,
        ]
        return (["error": error] as JSONValue).serialized()
    }
}

// MARK: The request as a whole

extension VendorError {
    static let unreadableJSON = badRequest(
        "We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.")
    static let notAnObject = badRequest(
        "We expected the JSON body of your request to be an object.")
    static let missingModel = badRequest("you must provide a model parameter")

    static func unknownModel(_ name: String) -> VendorError {
        VendorError(
            status: 404, message: "The model `\(quote(name))` does not exist or you do not have access to it.",
            code: "model_not_found")
    }

    static let notAChatModel = VendorError(
        status: 404,
        message: "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
            + "Did you mean to use v1/embeddings?", param: "model")

    static func contextTooLong(limit: Int, tokens: Int) -> VendorError {
        badRequest(
            "This model's maximum context length is \(limit) tokens. However, your messages resulted in \(tokens) tokens. "
                + "Please reduce the length of the messages.",
            param: "messages", code: "context_length_exceeded")
    }

    static func unknownPath(_ method: String, _ path: String) -> VendorError {
        VendorError(status: 404, message: "Invalid URL (\(method) \(quote(path)))")
    }

    static func wrongMethod(_ method: String, _ path: String) -> VendorError {
        VendorError(
            status: 405,
            message:
                "Not allowed to \(method) on \(quote(path)). (HINT: Perhaps you meant to use a different HTTP method?)")
    }
}

// MARK: Fields

extension VendorError {
    static func missing(_ param: String) -> VendorError {
        badRequest("Missing required parameter: '\(param)'.", param: param, code: "missing_required_parameter")
    }

    static func wrongType(_ param: String, expected: String, got value: JSONValue) -> VendorError {
        badRequest(
            "Invalid type for '\(param)': expected \(expected), but got \(kind(of: value)) instead.", param: param,
            code: "invalid_type")
    }

    static func unsupportedValue(_ value: String, _ param: String, supported: [String]) -> VendorError {
        badRequest(
            "Invalid value: '\(quote(value))'. Supported values are: \(list(supported)).", param: param,
            code: "invalid_value")
    }

    static func outOfRange(_ param: String, _ got: String, atLeast minimum: String, noun: String) -> VendorError {
        badRequest(
            "Invalid '\(param)': \(noun) below minimum value. Expected a value >= \(minimum), but got \(got) instead.",
            param: param, code: "\(noun)_below_min_value")
    }

    static func outOfRange(_ param: String, _ got: String, atMost maximum: String, noun: String) -> VendorError {
        badRequest(
            "Invalid '\(param)': \(noun) above maximum value. Expected a value <= \(maximum), but got \(got) instead.",
            param: param, code: "\(noun)_above_max_value")
    }

    static func onlyWith(_ param: String, _ condition: String) -> VendorError {
        badRequest("Invalid value for '\(param)': '\(param)' is only allowed when \(condition).", param: param)
    }

    private static func list(_ values: [String]) -> String {
        guard values.count > 1, let last = values.last else { return values.map { "'\($0)'" }.joined() }
        return values.dropLast().map { "'\($0)'" }.joined(separator: ", ") + ", and '\(last)'"
    }

    private static func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .number(let number): number.int64 == nil ? "a decimal" : "an integer"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

// MARK: Models

extension VendorError {
    static func unsupportedParameter(_ param: String, instead: String? = nil) -> VendorError {
        let hint = instead.map { " Use '\($0)' instead." } ?? ""
        return badRequest(
            "Unsupported parameter: '\(param)' is not supported with this model.\(hint)", param: param,
            code: "unsupported_parameter")
    }

    static func onlyDefault(_ param: String, _ got: String) -> VendorError {
        badRequest(
            "Unsupported value: '\(param)' does not support \(got) with this model. Only the default (1) value is supported.",
            param: param, code: "unsupported_value")
    }

    static func tooManyOutputTokens(_ param: String, _ got: Int, limit: Int) -> VendorError {
        badRequest(
            "\(param) is too large: \(got). This model supports at most \(limit) completion tokens, "
                + "whereas you provided \(got).",
            param: param, code: "invalid_value")
    }
}
