public import Accounts
public import Domain
public import HTTPServer
public import Routing
public import Telemetry

/// The management routes under `/v1`: keys, sub-accounts, budgets, vendor keys, usage, and for root accounts and their
/// money.
public struct AccountDoor: Door {
    private let table: RouteTable
    private let services: Services

    struct Services: Sendable {
        let desks: ManagementDesks
        let authenticate: @Sendable (HTTPRequest) throws(GatewayError) -> Principal
        let changed: @Sendable () async -> Void
        let log: Logger
    }

    /// - Parameters:
    ///   - extra: Routes of others, such as those of a payment service. They come after the door's own.
    ///   - authenticate: Finds out who is calling. Called on the request's loop.
    ///   - changed: Called after each change, before it is answered, so that a running server sees it at once.
    public init(
        _ desks: ManagementDesks, extra: [Route] = [],
        authenticate: @escaping @Sendable (HTTPRequest) throws(GatewayError) -> Principal,
        changed: @escaping @Sendable () async -> Void, log: Logger
    ) {
        table = RouteTable(RouteTable.own + extra)
        services = Services(desks: desks, authenticate: authenticate, changed: changed, log: log)
    }

    /// Every route there is and who may call it.
    public var routes: [Route] { table.routes }

    public func endpoint(method: String, path: String) -> EndpointMatch? {
        switch table.match(method: method, path: path) {
        case nil: nil
        case .wrongMethod(let allowed): .wrongMethod(allowed: allowed)
        case .found(let route, let id): .found(ManagementEndpoint(route: route, id: id, services: services))
        }
    }

    public func render(_ error: GatewayError, requestID: RequestID) -> HTTPResponse {
        OpenAIError.response(error, requestID: requestID)
    }
}
