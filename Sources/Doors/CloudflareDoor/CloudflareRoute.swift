public import Domain
public import HTTPServer
public import Routing

/// One method on one path of Cloudflare's surface: whom it lets in, and what it does.
public struct CloudflareRoute: Sendable {
    /// `*` for every method.
    public let method: String
    public let pattern: PathPattern
    public let surface: CloudflareSurface
    /// The least role a key must have; nil where the route finds out by itself whom to believe.
    public let least: Role?
    let action: Action

    enum Action: Sendable {
        /// Off the loops: it may block.
        case manage(@Sendable (CloudflareCall) async throws(GatewayError) -> CloudflareReply)
        /// On the request's loop; answers by itself.
        case infer(@Sendable (CloudflareCall, consuming HTTPResponder) async -> Void)
        /// Stands in for requests to other routes: says which one is meant, and the request as that one knows it.
        case forward(@Sendable (CloudflareCall) throws(GatewayError) -> (route: CloudflareRoute, call: CloudflareCall))
    }

    /// A route that reads or changes what operators define.
    public static func manage(
        _ method: String, _ pattern: StaticString, least: Role? = .member, on surface: CloudflareSurface = .rest,
        _ action: @escaping @Sendable (CloudflareCall) async throws(GatewayError) -> CloudflareReply
    ) -> CloudflareRoute {
        CloudflareRoute(
            method: method, pattern: PathPattern(pattern), surface: surface, least: least, action: .manage(action))
    }

    /// A route that calls a model.
    public static func infer(
        _ method: String, _ pattern: StaticString, on surface: CloudflareSurface, least: Role? = .keyOnly,
        _ action: @escaping @Sendable (CloudflareCall, consuming HTTPResponder) async -> Void
    ) -> CloudflareRoute {
        CloudflareRoute(
            method: method, pattern: PathPattern(pattern), surface: surface, least: least, action: .infer(action))
    }

    /// A route that stands in for others.
    static func forward(
        _ method: String, _ pattern: StaticString, least: Role? = .keyOnly, on surface: CloudflareSurface,
        _ target:
            @escaping @Sendable (CloudflareCall) throws(GatewayError) -> (
                route: CloudflareRoute, call: CloudflareCall
            )
    ) -> CloudflareRoute {
        CloudflareRoute(
            method: method, pattern: PathPattern(pattern), surface: surface, least: least, action: .forward(target))
    }
}

/// Which of Cloudflare's public faces a route belongs to; errors look different on each.
public enum CloudflareSurface: Hashable, Sendable {
    /// `/client/v4/…`
    case rest
    /// `/gateway/v1/…`, or `/v1/…` on the gateway's own host.
    case host
    /// `/binding/…`
    case binding
    /// `/ai/models/…`
    case pages
}

/// A request that was let in.
public struct CloudflareCall: Sendable {
    public let request: HTTPRequest
    public let requestID: RequestID
    public let surface: CloudflareSurface
    public let parts: PathParts
    /// Nil on routes that let everybody in, until they find out themselves.
    public let principal: Principal?
    /// Whose gateways and logs are meant. Nil on routes that let everybody in.
    public let account: Account?

    public var query: QueryParameters { QueryParameters(request.query) }

    /// Both, on routes that ask for a key.
    public var owner: (principal: Principal, account: Account) {
        get throws(GatewayError) {
            guard let principal, let account else {
                throw GatewayError(.invalidKey, "No API key was sent. Send `Authorization: Bearer sk-aig-…`.")
            }
            return (principal, account)
        }
    }
}
