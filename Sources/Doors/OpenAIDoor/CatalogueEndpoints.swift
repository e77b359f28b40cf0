import Domain
import HTTPCore
import HTTPServer
import JSON
import Pipeline
import Routing

/// `GET /v1/capabilities`: the words models describe themselves with.
struct CapabilitiesEndpoint: Endpoint {
    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        responder.send(HTTPResponse(status: 200, headers: OpenAIHeaders.base(requestID), body: Self.body))
    }

    static let body: [UInt8] = {
        let data = Capability.allCases.map { capability -> JSONValue in
            [
                "id": .string(capability.rawValue), "object": "capability", "description": .string(capability.summary),
                "endpoint": .string(capability.endpointPath),
            ]
        }
        let list: JSONValue = ["object": "list", "data": .array(data)]
        return list.serialized()
    }()
}

/// `GET /v1/health/providers`: how the vendors have answered lately.
struct ProviderHealthEndpoint: Endpoint {
    let health: ProviderHealth

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        let body: JSONValue = ["object": "list", "data": .array(health.reports().map { Self.json($0) })]
        var headers = OpenAIHeaders.base(requestID)
        headers.append("Cache-Control", "no-store")
        responder.send(HTTPResponse(status: 200, headers: headers, body: body.serialized()))
    }

    static func json(_ report: ProviderHealth.Report) -> JSONValue {
        [
            "provider": .string(report.provider.rawValue), "status": .string(report.status.rawValue),
            "p50_ttft_ms": report.medianFirstByteMilliseconds.map { .int($0) } ?? .null,
            "error_rate": report.errorsPerThousand.map { .double(Double($0) / 1_000) } ?? .null,
            "checked_at": report.checkedAt.map { .int($0.seconds) } ?? .null,
        ]
    }
}
