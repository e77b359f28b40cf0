import Domain
import HTTPServer
import Routing

/// What stands at addresses that are of this door by their beginning, and where there is nothing: clients of a surface
/// read errors in its own form only.
struct MissingEndpoint: Endpoint {
    let surface: CloudflareSurface

    private static let longestShown = 200

    static func surface(of path: String) -> CloudflareSurface? {
        if path.hasPrefix("/client/v4/") { return .rest }
        if path.hasPrefix("/binding/") { return .binding }
        return nil
    }

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        let asked = "\(request.method) \(request.path)".unicodeScalars.prefix(Self.longestShown)
        responder.send(
            CloudflareError.response(
                GatewayError(.endpointNotFound, "There is no `\(String(asked))` here."), on: surface,
                requestID: requestID))
    }
}
