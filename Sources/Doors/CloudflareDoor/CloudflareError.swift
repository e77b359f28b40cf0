public import Domain
import HTTPCore
public import HTTPServer
import JSON
import NamedGateways

/// How Cloudflare's surfaces word an error.
public enum CloudflareError {
    /// What a request is wrong about; the same mistake has other numbers there.
    public enum Subject: Hashable, Sendable {
        /// How the gateway is to do it: header fields, options, definitions.
        case order
        /// What a vendor is to be sent.
        case input
        /// The input of a run: blocked ones have a status of their own.
        case run
        /// The input of a run of a model that is hosted here.
        case hostedRun

        var isRun: Bool { self == .run || self == .hostedRun }
    }

    public static func response(
        _ error: GatewayError, on surface: CloudflareSurface, requestID: RequestID, about subject: Subject = .order,
        headers extra: [(String, String)] = []
    ) -> HTTPResponse {
        var headers = HeaderFields()
        headers.append("Content-Type", "application/json")
        headers.append("X-Request-Id", requestID.rawValue)
        if let seconds = error.retryAfterSeconds { headers.append("Retry-After", String(seconds)) }
        for (name, value) in extra { headers.append(name, value) }
        return HTTPResponse(
            status: status(of: error.reason, on: surface, about: subject), headers: headers,
            body: body(error, on: surface, requestID: requestID, about: subject))
    }

    public static func body(
        _ error: GatewayError, on surface: CloudflareSurface, requestID: RequestID, about subject: Subject = .order
    ) -> [UInt8] {
        switch surface {
        case .rest, .pages: envelope(error, about: subject)
        case .host, .binding: gatewayBody(error, on: surface, requestID: requestID, about: subject)
        }
    }

    /// What a development runtime takes for a key that has expired.
    static func tunnelRefusal(_ error: GatewayError, requestID: RequestID) -> HTTPResponse {
        let value: JSONValue = [
            "result": nil, "success": false, "errors": [["code": 1031, "message": .string(error.message)]],
            "messages": [],
        ]
        return HTTPResponse(
            status: 403, headers: ["Content-Type": "application/json", "X-Request-Id": requestID.rawValue],
            body: value.serialized())
    }

    private static func envelope(_ error: GatewayError, about subject: Subject) -> [UInt8] {
        var item: JSONObject = [
            "code": .int(code(of: error.reason, about: subject)), "message": .string(error.message),
        ]
        if let param = error.param { item.append("source", ["pointer": .string(pointer(param, about: subject))]) }
        let value: JSONValue = ["result": nil, "success": false, "errors": [.object(item)], "messages": []]
        return value.serialized()
    }

    /// What lies in an input is pointed at as JSON pointers do. Elsewhere errors name a field of the head, or an option.
    private static func pointer(_ param: String, about subject: Subject) -> String {
        subject == .order || param.hasPrefix("/") ? param : "/\(param)"
    }

    /// Read by three kinds of clients: one looks for `error`, one for `errors`, one for `internalCode`.
    private static func gatewayBody(
        _ error: GatewayError, on surface: CloudflareSurface, requestID: RequestID, about subject: Subject
    ) -> [UInt8] {
        let code = code(of: error.reason, about: subject)
        let items: JSONValue = [["code": .int(code), "message": .string(error.message)]]
        let value: JSONValue = [
            "success": false, "result": [], "messages": [], "error": items, "errors": items,
            "name": .string(isGateways(error.reason) ? "AiGatewayError" : "AiError"),
            "httpCode": .int(status(of: error.reason, on: surface, about: subject)), "internalCode": .int(code),
            "message": .string(error.message), "description": .string(error.message),
            "requestId": .string(requestID.rawValue),
        ]
        return value.serialized()
    }

    /// Statuses are the same on every surface, but for what a surface's clients expect otherwise.
    public static func status(
        of reason: ErrorReason, on surface: CloudflareSurface, about subject: Subject = .order
    ) -> Int {
        switch reason {
        case .modelNotFound where subject == .hostedRun: 400
        case .promptBlocked where subject.isRun, .answerBlocked where subject.isRun: 422
        case .providerNotConfigured where surface == .host: 400
        case .providerError where surface == .host: 502
        case .keyCap, .accountCap, .subAccountCap, .tagBudget: 402
        default: reason.status
        }
    }

    /// The numbers that clients know.
    public static func code(of reason: ErrorReason, about subject: Subject = .order) -> Int {
        switch reason {
        case .promptBlocked where subject.isRun: 2017
        case .modelNotFound where subject == .hostedRun: 5007
        case .missingField, .invalidType, .invalidValue, .duplicateField:
            switch subject {
            case .order: 7001
            case .input, .run: 7003
            case .hostedRun: 5006
            }
        default: GatewayErrorCode.of(reason)
        }
    }

    private static func isGateways(_ reason: ErrorReason) -> Bool {
        switch reason {
        case .missingField, .invalidType, .invalidValue, .duplicateField, .invalidBody, .modelNotFound,
            .modalityMismatch, .upstreamRejected:
            false
        default: true
        }
    }
}
