public import Domain
public import HTTPServer
public import Pipeline
public import Routing
public import Telemetry

/// OpenAI's dialect under `/v1`.
public struct OpenAIDoor: Door {
    private let chat: ChatEndpoint
    private let models: ModelListEndpoint
    private let pipeline: Pipeline

    /// How long a stream may be silent before it is sent a sign of life.
    public static let defaultKeepAliveMilliseconds: UInt64 = 15_000

    public init(
        pipeline: Pipeline, lanes: Lanes, log: Logger,
        keepAliveMilliseconds: UInt64 = OpenAIDoor.defaultKeepAliveMilliseconds
    ) {
        self.pipeline = pipeline
        chat = ChatEndpoint(
            pipeline: pipeline, lanes: lanes, log: log, keepAliveMilliseconds: keepAliveMilliseconds)
        models = ModelListEndpoint(catalogue: pipeline.catalogue)
    }

    public func endpoint(method: String, path: String) -> EndpointMatch? {
        switch path {
        case "/v1/chat/completions": only("POST", method, chat)
        case "/v1/models": only("GET", method, models)
        default:
            // Ids hold slashes, raw or encoded, so the rest of the path is one id.
            path.hasPrefix("/v1/models/")
                ? only("GET", method, ModelEndpoint(pipeline: pipeline, encodedID: String(path.dropFirst(11))))
                : nil
        }
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
