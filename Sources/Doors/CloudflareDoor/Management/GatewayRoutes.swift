import Domain
public import Gateways
import Routing

/// `…/ai-gateway/gateways`
public struct GatewayRoutes: Sendable {
    private let desk: GatewayDesk

    public init(_ desk: GatewayDesk) {
        self.desk = desk
    }

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways", list),
            .manage("POST", "/client/v4/accounts/{account}/ai-gateway/gateways", least: .admin, create),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}", get),
            .manage("PUT", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}", least: .admin, update),
            .manage("DELETE", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}", least: .admin, delete),
        ]
    }

    @Sendable private func list(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let page = try CloudflarePage(call.query)
        let found = try desk.gateways(of: call.owner.account.id, search: call.query.first("search"))
        return .list(page, page.slice(found).map { desk.shown($0) }, total: found.count)
    }

    @Sendable private func create(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(desk.shown(try desk.create(try call.sent(), in: call.owner.account.id)))
    }

    @Sendable private func get(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(desk.shown(try desk.gateway(call.gateway, of: call.owner.account.id)))
    }

    @Sendable private func update(_ call: CloudflareCall) async throws(GatewayError) -> CloudflareReply {
        .result(desk.shown(try await desk.update(call.gateway, try call.sent(), of: call.owner.account.id)))
    }

    @Sendable private func delete(_ call: CloudflareCall) async throws(GatewayError) -> CloudflareReply {
        .result(desk.shown(try await desk.delete(call.gateway, of: call.owner.account.id)))
    }
}
