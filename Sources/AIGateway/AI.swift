import JSON

/// The gateway's models, as a Worker's AI binding has them. A value: copy it and share it between tasks freely.
public struct AI: Sendable {
    let connection: Connection
    let wire: Wire
    private let lastCall = LastCall()

    /// Bytes of the longest answer that is read as a whole.
    static let longestAnswer = 64 << 20

    /// - Parameters:
    ///   - baseURL: The gateway's origin, such as `http://127.0.0.1:8080`. A `/v1` at its end is taken off.
    ///   - apiKey: A key of the gateway.
    ///   - account: The account in the paths of `.tunnel` and `.rest`; without one, the key's own.
    public init(
        baseURL: String, apiKey: String, account: String = "self", transport: AITransport = .native,
        timeouts: AITimeouts = AITimeouts()
    ) throws(AIError) {
        connection = try Connection(baseURL: baseURL, apiKey: apiKey, timeouts: timeouts)
        wire = Wire(transport: transport, account: account.escapedForURL)
    }

    /// Asks a model and waits for its whole answer.
    public func run(
        _ model: String, _ inputs: AIValue, options: AIRunOptions = AIRunOptions()
    ) async throws(AIError) -> AIResult {
        guard inputs["stream"]?.boolValue != true else {
            throw .invalidCall("A streamed answer is read with `stream`.")
        }
        let response = try await send(model, inputs, options)
        guard response.mediaType == "application/json" else {
            throw .unreadable("The answer is \(response.mediaType), not JSON; read it with `raw`.")
        }
        let value = try AIValue(parsing: try await response.collect(limit: Self.longestAnswer))
        return AIResult(
            value: wire.transport == .rest ? Self.unwrapped(value) : value, logID: response.logID,
            requestID: response.requestID, status: response.status)
    }

    /// Asks a model and gives the events of its answer as they come. `"stream": true` is added to the inputs.
    public func stream(
        _ model: String, _ inputs: AIValue, options: AIRunOptions = AIRunOptions()
    ) async throws(AIError) -> AIStream {
        guard var members = inputs.json.objectValue else { throw .invalidCall("The inputs are to be an object.") }
        members["stream"] = true
        return AIStream(response: try await send(model, AIValue(json: .object(members)), options))
    }

    /// Asks a model and gives the answer as it comes, whatever its status and its content.
    public func raw(
        _ model: String, _ inputs: AIValue, options: AIRunOptions = AIRunOptions()
    ) async throws(AIError) -> AIRawResponse {
        let response = try await connection.send(wire.run(model, inputs.json, options))
        lastCall.note(response, nil)
        return AIRawResponse(response: response)
    }

    /// The gateway of that name.
    public func gateway(_ id: String) -> AIGatewayHandle {
        AIGatewayHandle(id: id, connection: connection, wire: wire)
    }

    /// Models of the catalogue.
    public func models(_ search: AIModelSearch = AIModelSearch()) async throws(AIError) -> [AIModel] {
        let response = try await connection.send(wire.models(search.words))
        guard response.status == 200 else { throw .refused(try await response.callRefusal("AiInternalError")) }
        let envelope = try AIValue(parsing: try await response.collect(limit: Self.longestAnswer))
        return try AIDecoder().decode([AIModel].self, from: envelope["result"] ?? .null)
    }

    /// What the last `run`, `stream` or `raw` of this value and its copies said about itself. Of calls side by side it
    /// is the one that was answered last; what each call returns says it too.
    public var last: AILastCall { lastCall.value }

    private func send(
        _ model: String, _ inputs: AIValue, _ options: AIRunOptions
    ) async throws(AIError) -> OpenResponse {
        let response = try await connection.send(wire.run(model, inputs.json, options))
        lastCall.note(response, nil)
        guard !response.isSuccess else { return response }
        let refusal = try await response.runRefusal()
        lastCall.note(response, refusal.code)
        throw .refused(refusal)
    }

    /// The output inside the envelope of the REST API.
    static func unwrapped(_ value: AIValue) -> AIValue {
        value["result"] ?? value
    }
}
