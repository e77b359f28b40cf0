import Domain
public import Gateways
import JSON
import Routing

/// `…/gateways/{gateway}/evaluations`, and the types that all of them are of.
public struct EvaluationRoutes: Sendable {
    private let desk: EvaluationDesk

    public init(_ desk: EvaluationDesk) {
        self.desk = desk
    }

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/evaluation-types", types),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/evaluations", list),
            .manage(
                "POST", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/evaluations", least: .admin,
                create),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/evaluations/{id}", get),
            .manage(
                "DELETE", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/evaluations/{id}",
                least: .admin, delete),
        ]
    }

    @Sendable private func list(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let page = try CloudflarePage(call.query)
        let search = EvaluationDesk.Search(
            name: call.query.first("name"), isProcessed: try call.flag("processed"), text: call.query.first("search"))
        let found = try desk.evaluations(of: call.gateway, call.owner.account.id, search)
        return .list(page, page.slice(found).map { .object($0.shown) }, total: found.count)
    }

    @Sendable private func create(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(.object(try desk.create(try call.sent(), in: call.gateway, call.owner.account.id).shown))
    }

    @Sendable private func get(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(.object(try desk.evaluation(call.parts["id"], of: call.gateway, call.owner.account.id).shown))
    }

    @Sendable private func delete(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(.object(try desk.delete(call.parts["id"], of: call.gateway, call.owner.account.id).shown))
    }

    // MARK: Types

    private static let orders = ["id", "name", "type", "description", "created_at", "modified_at"]

    @Sendable private func types(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let page = try CloudflarePage(call.query)
        var types = EvaluationType.allCases.map(\.shown)
        if let order = call.query.first("order_by") {
            guard Self.orders.contains(order) else {
                throw GatewayError(
                    .invalidValue, "`order_by` must be one of \(Self.orders.joined(separator: ", ")).",
                    param: "order_by")
            }
            types.sort { ($0[order]?.stringValue ?? "") < ($1[order]?.stringValue ?? "") }
        }
        switch call.query.first("order_by_direction")?.lowercased() {
        case nil, "asc": break
        case "desc": types.reverse()
        default:
            throw GatewayError(
                .invalidValue, "`order_by_direction` must be `asc` or `desc`.", param: "order_by_direction")
        }
        return .list(page, page.slice(types).map { .object($0) }, total: types.count)
    }
}
