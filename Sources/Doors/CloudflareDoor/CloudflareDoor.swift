public import Domain
public import HTTPServer
public import Routing
public import Telemetry

/// Cloudflare's surface: `AI.run`, named gateways and what belongs to them.
public struct CloudflareDoor: Door {
    private let routes: [CloudflareRoute]
    private let services: Services

    struct Services: Sendable {
        let identity: CloudflareIdentity
        let changed: @Sendable () async -> Void
        let log: Logger
    }

    /// - Parameters:
    ///   - changed: Called after each change, before it is answered, so that a running server sees it at once.
    public init(
        _ routes: [CloudflareRoute], identity: CloudflareIdentity, changed: @escaping @Sendable () async -> Void,
        log: Logger
    ) {
        self.routes = routes
        services = Services(identity: identity, changed: changed, log: log)
    }

    /// Every route there is and who may call it.
    public var table: [CloudflareRoute] { routes }

    public func endpoint(method: String, path: String) -> EndpointMatch? {
        // HEAD is answered like GET; the server leaves the body out.
        let method = method == "HEAD" ? "GET" : method
        var allowed: [String] = []
        for route in routes {
            guard let parts = route.pattern.match(path) else { continue }
            if route.method == method || route.method == "*" {
                return .found(CloudflareEndpoint(route: route, parts: parts, services: services))
            }
            allowed += route.method == "GET" ? ["GET", "HEAD"] : [route.method]
        }
        guard allowed.isEmpty else { return .wrongMethod(allowed: allowed) }
        return MissingEndpoint.surface(of: path).map { .found(MissingEndpoint(surface: $0)) }
    }

    public func render(_ error: GatewayError, requestID: RequestID) -> HTTPResponse {
        CloudflareError.response(error, on: .rest, requestID: requestID)
    }
}
