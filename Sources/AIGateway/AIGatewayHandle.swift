import JSON

/// One named gateway.
public struct AIGatewayHandle: Sendable {
    let id: String
    let connection: Connection
    let wire: Wire

    /// Where the routes of a provider are; those of all without one.
    public func url(for provider: String = "universal") async throws(AIError) -> String {
        let response = try await connection.send(wire.url(of: id, for: provider))
        guard response.isSuccess else {
            throw .gatewayFailed(try await response.callRefusal("AiGatewayInternalError"))
        }
        let result = try AIValue(parsing: try await response.collect(limit: AI.longestAnswer))["result"]
        guard let url = result?.stringValue ?? result?["url"]?.stringValue else {
            throw .unreadable("The answer has no URL.")
        }
        return url
    }

    /// The log of a call.
    public func log(_ logID: String) async throws(AIError) -> AIGatewayLog {
        let response = try await connection.send(wire.log(logID, of: id))
        guard response.status == 200 else { throw await logFailure(response) }
        let envelope = try AIValue(parsing: try await response.collect(limit: AI.longestAnswer))
        return try AIDecoder().decode(AIGatewayLog.self, from: envelope["result"] ?? .null)
    }

    /// Changes the log of a call.
    public func patchLog(_ logID: String, _ patch: AIGatewayLogPatch) async throws(AIError) {
        let response = try await connection.send(wire.patchLog(logID, of: id, patch.value.json))
        guard response.status == 200 else { throw await logFailure(response) }
    }

    /// Runs steps, of which the first success counts. Gives the answer whatever its status.
    public func run(
        _ steps: [AIGatewayStep], options: AIGatewayOptions = AIGatewayOptions(), extraHeaders: [String: String] = [:]
    ) async throws(AIError) -> AIRawResponse {
        let body = JSONValue.array(steps.map(\.value.json))
        return AIRawResponse(response: try await connection.send(wire.universal(id, body, options, extraHeaders)))
    }

    private func logFailure(_ response: OpenResponse) async -> AIError {
        do {
            guard response.status == 404 else {
                return .gatewayFailed(try await response.callRefusal("AiGatewayInternalError"))
            }
            return .logNotFound(
                try await response.callRefusal("AiGatewayLogNotFound", fallback: "Log Not Found").message)
        } catch {
            return error
        }
    }
}

/// One try of a gateway's run.
public struct AIGatewayStep: Hashable, Sendable {
    public var provider: String
    /// The path after the provider's base.
    public var endpoint: String
    public var headers: [String: String]
    /// The body for the provider.
    public var query: AIValue

    public init(provider: String, endpoint: String, headers: [String: String] = [:], query: AIValue) {
        self.provider = provider
        self.endpoint = endpoint
        self.headers = headers
        self.query = query
    }

    var value: AIValue {
        let headers = AIValue.object(headers.sorted { $0.key < $1.key }.map { ($0, AIValue($1)) })
        return [
            "provider": AIValue(provider), "endpoint": AIValue(endpoint), "headers": headers,
            "query": query,
        ]
    }
}
