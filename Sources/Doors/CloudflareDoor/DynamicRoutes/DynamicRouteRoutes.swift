import Domain
import DynamicRouting
public import Gateways
import JSON
import Routing

/// `…/gateways/{gateway}/routes`
public struct DynamicRouteRoutes: Sendable {
    private let desk: RouteDesk

    public init(_ desk: RouteDesk) {
        self.desk = desk
    }

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes", list),
            .manage(
                "POST", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes", least: .admin, create),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{id}", get),
            .manage(
                "PATCH", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{id}", least: .admin,
                rename),
            .manage(
                "DELETE", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{id}", least: .admin,
                delete),
            .manage(
                "GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{id}/versions", versions),
            .manage(
                "POST", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{id}/versions",
                least: .admin, addVersion),
            .manage(
                "GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{id}/versions/{version}",
                version),
            .manage(
                "DELETE", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{id}/versions/{version}",
                least: .admin, discard),
            .manage(
                "GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{id}/deployments",
                deployments),
            .manage(
                "POST", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{id}/deployments",
                least: .admin, deploy),
        ]
    }

    // MARK: Routes

    @Sendable private func list(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let account = try call.owner.account.id
        let page = try Self.page(call)
        let found = try desk.routes(of: call.gateway, account)
        return Self.named("data", DynamicRoute.routeList(found, page, accountTag: account.rawValue))
    }

    @Sendable private func create(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(.object(try desk.create(try call.sent(), in: call.gateway, call.owner.account.id).full()))
    }

    @Sendable private func get(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(.object(try route(call).full()))
    }

    @Sendable private func rename(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let account = try call.owner.account.id
        let renamed = try desk.rename(call.parts["id"], try call.sent(), of: call.gateway, account)
        return Self.named("route", renamed.full(accountTag: account.rawValue))
    }

    @Sendable private func delete(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(.object(try desk.delete(call.parts["id"], of: call.gateway, call.owner.account.id).brief()))
    }

    // MARK: Versions

    @Sendable private func versions(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let page = try Self.page(call)
        return Self.named("data", try route(call).versionList(page))
    }

    @Sendable private func addVersion(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let (route, version) = try desk.addVersion(
            to: call.parts["id"], try call.sent(), of: call.gateway, call.owner.account.id)
        return .result(.object(route.brief(version)))
    }

    @Sendable private func version(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let (route, version) = try desk.version(
            call.parts["version"], call.parts["id"], of: call.gateway, call.owner.account.id)
        return .result(.object(route.detailed(version)))
    }

    @Sendable private func discard(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let (route, version) = try desk.discard(
            call.parts["version"], of: call.parts["id"], of: call.gateway, call.owner.account.id)
        return .result(.object(route.detailed(version)))
    }

    // MARK: Deployments

    @Sendable private func deployments(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let page = try Self.page(call)
        return Self.named("data", try route(call).deploymentList(page))
    }

    @Sendable private func deploy(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let route = try desk.deploy(call.parts["id"], try call.sent(), of: call.gateway, call.owner.account.id)
        return .result(.object(route.brief()))
    }

    // MARK: Parts

    private func route(_ call: CloudflareCall) throws(GatewayError) -> DynamicRoute {
        try desk.route(call.parts["id"], of: call.gateway, call.owner.account.id)
    }

    private static func page(_ call: CloudflareCall) throws(GatewayError) -> RoutePage {
        let page = try CloudflarePage(call.query, most: RoutePage.mostPerPage)
        return RoutePage(page: page.number, perPage: page.size)
    }

    /// Clients of these routes read a member of its own; others read `result`.
    private static func named(_ name: String, _ object: JSONObject) -> CloudflareReply {
        let value = JSONValue.object(object)
        return .bare(.object([name: value, "result": value, "success": true, "errors": [], "messages": []]))
    }
}
