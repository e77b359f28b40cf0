import Domain
import HTTPServer
import Routing

/// Every route of this door, with the least role that may call it. What is not in the table is not served.
///
/// Keys of sub-accounts may call those alone that say so: what they see there is their own.
struct RouteTable: Sendable {
    let routes: [Route]

    static let own: [Route] = [
        Route("GET", "/v1/keys", .admin, KeyRoutes.list),
        Route("POST", "/v1/keys", .admin, KeyRoutes.create),
        Route("GET", "/v1/keys/{id}", .admin, KeyRoutes.show),
        Route("PATCH", "/v1/keys/{id}", .admin, KeyRoutes.update),
        Route("DELETE", "/v1/keys/{id}", .admin, KeyRoutes.revoke),
        Route("POST", "/v1/keys/{id}/rotate", .admin, KeyRoutes.rotate),

        Route("GET", "/v1/sub-accounts", .admin, SubAccountRoutes.list),
        Route("POST", "/v1/sub-accounts", .admin, SubAccountRoutes.create),
        Route("GET", "/v1/sub-accounts/{id}", .admin, SubAccountRoutes.show),
        Route("PATCH", "/v1/sub-accounts/{id}", .admin, SubAccountRoutes.update),
        Route("DELETE", "/v1/sub-accounts/{id}", .admin, SubAccountRoutes.close),
        Route("GET", "/v1/sub-accounts/{id}/usage", .admin, SubAccountRoutes.usage),

        Route("GET", "/v1/budgets", .admin, BudgetRoutes.list),
        Route("POST", "/v1/budgets", .admin, BudgetRoutes.create),
        Route("GET", "/v1/budgets/{id}", .admin, BudgetRoutes.show),
        Route("PATCH", "/v1/budgets/{id}", .admin, BudgetRoutes.update),
        Route("DELETE", "/v1/budgets/{id}", .admin, BudgetRoutes.remove),

        Route("GET", "/v1/vendor-keys", .admin, VendorKeyRoutes.list),
        Route("POST", "/v1/vendor-keys", .admin, VendorKeyRoutes.attach),
        Route("PATCH", "/v1/vendor-keys/{id}", .admin, VendorKeyRoutes.change),
        Route("DELETE", "/v1/vendor-keys/{id}", .admin, VendorKeyRoutes.revoke),

        Route("GET", "/v1/balance", .member, StatementRoutes.balance),
        Route("GET", "/v1/balance/auto-reload", .admin, AutoReloadRoutes.show),
        Route("PUT", "/v1/balance/auto-reload", .admin, AutoReloadRoutes.set),
        Route("DELETE", "/v1/balance/auto-reload", .admin, AutoReloadRoutes.remove),
        Route("GET", "/v1/statements/{month}", .admin, StatementRoutes.statement),

        Route("GET", "/v1/usage", .keyOnly, subAccounts: true, UsageRoutes.usage),
        Route("GET", "/v1/usage/by-tag", .keyOnly, subAccounts: true, UsageRoutes.byTag),
        Route("GET", "/v1/usage/by-sub-account", .member, UsageRoutes.bySubAccount),
        Route("GET", "/v1/usage/recent", .keyOnly, subAccounts: true, UsageRoutes.recent),

        Route("GET", "/v1/accounts", .root, AccountRoutes.list),
        Route("POST", "/v1/accounts", .root, AccountRoutes.create),
        Route("GET", "/v1/accounts/{id}", .root, AccountRoutes.show),
        Route("PATCH", "/v1/accounts/{id}", .root, AccountRoutes.update),
        Route("DELETE", "/v1/accounts/{id}", .root, AccountRoutes.close),
        Route("POST", "/v1/accounts/{id}/top-ups", .root, PostingRoutes.topUp),
        Route("POST", "/v1/accounts/{id}/adjustments", .root, PostingRoutes.adjust),
        Route("POST", "/v1/accounts/{id}/refunds", .root, PostingRoutes.refund),
        Route("GET", "/v1/ledger", .root, PostingRoutes.list),
    ]

    init(_ routes: [Route]) {
        self.routes = routes
    }

    enum Match {
        case found(Route, id: String)
        case wrongMethod(allowed: [String])
    }

    /// Nil when no route has that path.
    func match(method: String, path: String) -> Match? {
        // HEAD is answered like GET; the server leaves the body out.
        let method = method == "HEAD" ? "GET" : method
        var allowed: [String] = []
        for route in routes {
            guard let part = route.match(path), let id = PercentEncoding.decode(String(part)) else { continue }
            if route.method == method { return .found(route, id: id) }
            allowed += route.isReading ? ["GET", "HEAD"] : [route.method]
        }
        return allowed.isEmpty ? nil : .wrongMethod(allowed: allowed)
    }
}
