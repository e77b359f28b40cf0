/// Why a call failed. The texts hold what the gateway said, never the key and never what was asked.
public enum AIError: Error, Hashable, Sendable {
    /// The call cannot be sent as it was given; nothing was sent.
    case invalidCall(String)
    /// The model, its vendor or the gateway answered with an error.
    case refused(AIRefusal)
    /// A method of a gateway was answered with an error.
    case gatewayFailed(AIRefusal)
    /// The gateway has no such log.
    case logNotFound(String)
    case cannotConnect(String)
    case timedOut
    /// The connection ended before the answer did.
    case brokenOff(String)
    /// The task that waited was cancelled.
    case cancelled
    /// The answer is not what was asked for, such as an image where a value was.
    case unreadable(String)
    /// A value has no form in JSON; `path` leads to it.
    case notEncodable(path: String, reason: String)
    /// JSON does not fit the type asked for; `path` leads to where.
    case notDecodable(path: String, reason: String)
}

/// An answer that is an error.
public struct AIRefusal: Hashable, Sendable {
    /// The name the answer gives, such as `AiError` or `AiGatewayError`; else `InferenceUpstreamError`.
    public let name: String
    public let code: Int?
    public let message: String
    public let status: Int
    public let requestID: String?
}

extension AIError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidCall(let text), .unreadable(let text), .logNotFound(let text): text
        case .refused(let refusal), .gatewayFailed(let refusal): refusal.description
        case .cannotConnect(let text): "The gateway cannot be reached: \(text)."
        case .timedOut: "The gateway did not answer in time."
        case .brokenOff(let text): "The answer broke off: \(text)."
        case .cancelled: "The call was cancelled."
        case .notEncodable(let path, let reason): "The value at \(place(path)) cannot be encoded: \(reason)"
        case .notDecodable(let path, let reason): "The value at \(place(path)) cannot be decoded: \(reason)"
        }
    }

    private func place(_ path: String) -> String {
        path.isEmpty ? "the root" : path
    }
}

extension AIRefusal: CustomStringConvertible {
    public var description: String {
        "\(name) (status \(status)): \(code.map { "\($0): " } ?? "")\(message)"
    }
}
