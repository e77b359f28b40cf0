public import Domain
public import HTTPServer
public import Pipeline
public import Routing
public import Telemetry

/// OpenAI's dialect under `/v1`.
public struct OpenAIDoor: Door {
    private let chat: ChatEndpoint
    private let explain: ExplainEndpoint
    private let models: ModelListEndpoint
    private let health: ProviderHealthEndpoint
    private let pipeline: Pipeline
    private let baseURL: String

    /// How long a stream may be silent before it is sent a sign of life.
    public static let defaultKeepAliveMilliseconds: UInt64 = 15_000

    /// - Parameter baseURL: Where clients reach this gateway, without `/v1`; it stands in the code shown to them.
    public init(
        pipeline: Pipeline, authenticator: Authenticator, lanes: Lanes, health: ProviderHealth, baseURL: String,
        log: Logger, keepAliveMilliseconds: UInt64 = OpenAIDoor.defaultKeepAliveMilliseconds
    ) {
        self.pipeline = pipeline
        self.baseURL = baseURL
        chat = ChatEndpoint(
            pipeline: pipeline, authenticator: authenticator, lanes: lanes, log: log,
            keepAliveMilliseconds: keepAliveMilliseconds)
        explain = ExplainEndpoint(pipeline: pipeline, authenticator: authenticator, lanes: lanes)
        models = ModelListEndpoint(pipeline: pipeline)
        self.health = ProviderHealthEndpoint(health: health)
    }

    public func endpoint(method: String, path: String) -> EndpointMatch? {
        switch path {
        case "/v1/chat/completions": only("POST", method, chat)
        case "/v1/explain": only("POST", method, explain)
        case "/v1/models": only("GET", method, models)
        case "/v1/capabilities": only("GET", method, CapabilitiesEndpoint())
        case "/v1/health/providers": only("GET", method, health)
        default: modelEndpoint(method: method, path: path)
        }
    }

    private func modelEndpoint(method: String, path: String) -> EndpointMatch? {
        let prefix = "/v1/models/"
        guard path.hasPrefix(prefix) else { return nil }
        let tail = path.dropFirst(prefix.count)
        return only("GET", method, ModelEndpoint(pipeline: pipeline, tail: tail, baseURL: baseURL))
    }

    private func only(_ allowed: String, _ method: String, _ endpoint: some Endpoint) -> EndpointMatch {
        // HEAD is answered like GET; the server leaves the body out.
        method == allowed || (allowed == "GET" && method == "HEAD")
            ? .found(endpoint) : .wrongMethod(allowed: allowed == "GET" ? ["GET", "HEAD"] : [allowed])
    }

    public func render(_ error: GatewayError, requestID: RequestID) -> HTTPResponse {
        OpenAIError.response(error, requestID: requestID)
    }
}
