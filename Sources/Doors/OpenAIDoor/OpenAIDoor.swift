public import Domain
public import HTTPServer
public import Pipeline
public import Routing

/// OpenAI's dialect under `/v1`.
public struct OpenAIDoor: Door {
    private let chat: ChatEndpoint
    private let models: ModelListEndpoint
    private let health: ProviderHealthEndpoint
    private let pipeline: Pipeline
    private let baseURL: String

    /// - Parameter baseURL: Where clients reach this gateway, without `/v1`; it stands in the code shown to them.
    public init(pipeline: Pipeline, lanes: Lanes, health: ProviderHealth, baseURL: String) {
        self.pipeline = pipeline
        self.baseURL = baseURL
        chat = ChatEndpoint(pipeline: pipeline, lanes: lanes)
        models = ModelListEndpoint(pipeline: pipeline)
        self.health = ProviderHealthEndpoint(health: health)
    }

    public func endpoint(method: String, path: String) -> EndpointMatch? {
        switch path {
        case "/v1/chat/completions": only("POST", method, chat)
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
