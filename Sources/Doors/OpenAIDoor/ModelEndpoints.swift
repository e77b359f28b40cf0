import Catalogue
import Domain
import HTTPServer
import JSON
import Pipeline
import Routing

/// `GET /v1/models`: the public catalogue, readable without a key.
struct ModelListEndpoint: Endpoint {
    let pipeline: Pipeline

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        let filter = ModelFilter(QueryParameters(request.query))
        var writer = JSONWriter(reserving: 32 << 10)
        writer.beginObject()
        writer.key("object")
        writer.string("list")
        writer.key("data")
        writer.beginArray()
        for model in pipeline.catalogue.models where filter.admits(model) { ModelJSON.write(model, to: &writer) }
        writer.endArray()
        writer.endObject()
        responder.send(HTTPResponse(status: 200, headers: OpenAIHeaders.base(requestID), body: writer.bytes))
    }
}

/// Which models a list is asked for. What no model has gives an empty list, not an error.
struct ModelFilter {
    private let modality: String?
    private let provider: String?
    private let capabilities: [String]

    init(_ query: QueryParameters) {
        modality = query.first("modality")
        provider = query.first("provider")
        capabilities = query.all("capability")
    }

    func admits(_ model: Model) -> Bool {
        (modality == nil || model.modality.rawValue == modality)
            && (provider == nil || model.provider.rawValue == provider)
            && capabilities.allSatisfy(model.capabilities.contains)
    }
}

/// `GET /v1/models/{id}` and `GET /v1/models/{id}/schema`.
struct ModelEndpoint: Endpoint {
    enum Part: Sendable {
        case whole, schema
    }

    let pipeline: Pipeline
    let encodedID: String
    let part: Part
    let baseURL: String

    /// Ids hold slashes, raw or encoded, so the rest of the path is one id, but for a last part `schema`.
    init(pipeline: Pipeline, tail: Substring, baseURL: String) {
        let suffix = "/schema"
        part = tail.hasSuffix(suffix) ? .schema : .whole
        encodedID = String(part == .schema ? tail.dropLast(suffix.count) : tail)
        self.pipeline = pipeline
        self.baseURL = baseURL
    }

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        do {
            let model = try pipeline.model(PercentEncoding.decode(encodedID) ?? encodedID)
            let schema = ModelSchema(model, baseURL: baseURL).json
            var writer = JSONWriter(reserving: 16 << 10)
            switch part {
            case .whole: ModelJSON.write(model, schema: schema, to: &writer)
            case .schema: writer.value(schema)
            }
            responder.send(HTTPResponse(status: 200, headers: OpenAIHeaders.base(requestID), body: writer.bytes))
        } catch {
            responder.send(OpenAIError.response(error, requestID: requestID))
        }
    }
}
