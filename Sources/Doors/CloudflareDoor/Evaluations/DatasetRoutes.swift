import Domain
public import Gateways
import JSON
import Routing

/// `…/gateways/{gateway}/datasets`
public struct DatasetRoutes: Sendable {
    private let desk: DatasetDesk

    public init(_ desk: DatasetDesk) {
        self.desk = desk
    }

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/datasets", list),
            .manage(
                "POST", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/datasets", least: .admin, create),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/datasets/{id}", get),
            .manage(
                "PUT", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/datasets/{id}", least: .admin,
                update),
            .manage(
                "DELETE", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/datasets/{id}", least: .admin,
                delete),
        ]
    }

    @Sendable private func list(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let page = try CloudflarePage(call.query)
        let search = DatasetDesk.Search(
            name: call.query.first("name"), isEnabled: try call.flag("enable"), text: call.query.first("search"))
        let found = try desk.datasets(of: call.gateway, call.owner.account.id, search)
        return .list(page, page.slice(found).map { .object($0.shown) }, total: found.count)
    }

    @Sendable private func create(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(.object(try desk.create(try call.sent(), in: call.gateway, call.owner.account.id).shown))
    }

    @Sendable private func get(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(.object(try desk.dataset(call.parts["id"], of: call.gateway, call.owner.account.id).shown))
    }

    @Sendable private func update(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let changed = try desk.update(
            call.parts["id"], try call.sent(), of: call.gateway, call.owner.account.id)
        return .result(.object(changed.shown))
    }

    @Sendable private func delete(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(.object(try desk.delete(call.parts["id"], of: call.gateway, call.owner.account.id).shown))
    }
}
