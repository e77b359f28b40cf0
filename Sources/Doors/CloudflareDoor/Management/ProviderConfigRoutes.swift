import Domain
public import Gateways
import Routing

/// `…/gateways/{gateway}/provider_configs`
public struct ProviderConfigRoutes: Sendable {
    private let desk: ProviderConfigDesk

    public init(_ desk: ProviderConfigDesk) {
        self.desk = desk
    }

    public var routes: [CloudflareRoute] {
        [
            .manage(
                "GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/provider_configs", list),
            .manage(
                "POST", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/provider_configs",
                least: .admin, create),
            .manage(
                "GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/provider_configs/{id}", get),
            .manage(
                "PUT", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/provider_configs/{id}",
                least: .admin, update),
            .manage(
                "DELETE", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/provider_configs/{id}",
                least: .admin, delete),
        ]
    }

    @Sendable private func list(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let page = try CloudflarePage(call.query)
        let found = try desk.configs(of: call.gateway, call.owner.account.id)
        return .list(page, page.slice(found).map(\.shown), total: found.count)
    }

    @Sendable private func create(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(try desk.create(try call.sent(), in: call.gateway, call.owner.account.id).shown)
    }

    @Sendable private func get(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(try desk.config(call.parts["id"], of: call.gateway, call.owner.account.id).shown)
    }

    @Sendable private func update(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(
            try desk.update(call.parts["id"], try call.sent(), of: call.gateway, call.owner.account.id).shown)
    }

    @Sendable private func delete(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(try desk.delete(call.parts["id"], of: call.gateway, call.owner.account.id).shown)
    }
}
