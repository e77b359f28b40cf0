import Domain
public import Gateways
import Routing

/// `…/ai-gateway/custom-providers`
public struct CustomProviderRoutes: Sendable {
    private let desk: CustomProviderDesk

    public init(_ desk: CustomProviderDesk) {
        self.desk = desk
    }

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/custom-providers", list),
            .manage("POST", "/client/v4/accounts/{account}/ai-gateway/custom-providers", least: .admin, create),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/custom-providers/{id}", get),
            .manage(
                "PATCH", "/client/v4/accounts/{account}/ai-gateway/custom-providers/{id}", least: .admin, update),
            .manage(
                "DELETE", "/client/v4/accounts/{account}/ai-gateway/custom-providers/{id}", least: .admin, delete),
        ]
    }

    @Sendable private func list(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let page = try CloudflarePage(call.query)
        let search = CustomProviderDesk.Search(
            text: call.query.first("search"), isEnabled: try call.flag("enable"), isBeta: try call.flag("beta"))
        let found = try desk.providers(of: call.owner.account.id, search)
        return .list(page, page.slice(found).map(\.shown), total: found.count)
    }

    @Sendable private func create(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(try desk.create(try call.sent(), in: call.owner.account.id).shown)
    }

    @Sendable private func get(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(try desk.provider(call.parts["id"], of: call.owner.account.id).shown)
    }

    @Sendable private func update(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(try desk.update(call.parts["id"], try call.sent(), of: call.owner.account.id).shown)
    }

    @Sendable private func delete(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(try desk.delete(call.parts["id"], of: call.owner.account.id).shown)
    }
}
