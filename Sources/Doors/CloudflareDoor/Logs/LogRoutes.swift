public import Domain
import HTTPServer
import JSON
import Routing

/// `/ai-gateway/gateways/{gateway}/logs`
public struct LogRoutes: Sendable {
    private let store: any GatewayLogStore
    private let hasGateway: @Sendable (GatewayID, AccountID) -> Bool

    /// Of one request; a client that wants more asks again.
    private static let mostDeleted = 1_000_000

    public init(store: any GatewayLogStore, hasGateway: @escaping @Sendable (GatewayID, AccountID) -> Bool) {
        self.store = store
        self.hasGateway = hasGateway
    }

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/logs", list),
            .manage(
                "DELETE", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/logs", least: .admin, delete),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/logs/{log}", show),
            .manage("PATCH", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/logs/{log}", patch),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/logs/{log}/request", request),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/logs/{log}/response", response),
            .manage("GET", "/binding/ai-gateway/gateways/{gateway}/logs/{log}", least: .keyOnly, on: .binding, show),
            .manage("PATCH", "/binding/ai-gateway/gateways/{gateway}/logs/{log}", least: .keyOnly, on: .binding, patch),
        ]
    }

    // MARK: Lists

    func list(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let page = try CloudflarePage(call.query)
        let query = try query(call)
        let found = try GatewayError.storing { () throws(StoreError) in
            try store.page(query, offset: page.offset, limit: page.size)
        }
        let rows = found.entries.map { JSONValue.object(LogJSON.row($0)) }
        guard call.query.first("meta_info") == "true" else {
            return .list(page, rows, total: found.total)
        }
        let summary = try GatewayError.storing { () throws(StoreError) in try store.summary(query) }
        return .list(page, rows, total: found.total, more: Self.ranges(summary))
    }

    func delete(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let limit = try limit(call)
        let query = try query(call)
        let count = try GatewayError.storing { () throws(StoreError) in try store.delete(query, limit: limit) }
        return .bare(["success": true, "errors": [], "messages": [], "result": ["deleted": .int(count)]])
    }

    private func limit(_ call: CloudflareCall) throws(GatewayError) -> Int? {
        guard let text = call.query.first("limit") else { return nil }
        guard let limit = Int(text), (1...Self.mostDeleted).contains(limit) else {
            throw GatewayError(
                .invalidValue, "`limit` must be a number from 1 to \(Self.mostDeleted).", param: "limit")
        }
        return limit
    }

    private func query(_ call: CloudflareCall) throws(GatewayError) -> LogQuery {
        let (account, gateway) = try place(call)
        return try LogFilterReader(query: call.query).query(account: account, gateway: gateway)
    }

    private static func ranges(_ summary: LogSummary) -> JSONObject {
        var object = JSONObject()
        func add(_ name: String, _ low: JSONValue?, _ high: JSONValue?) {
            object.append("min_\(name)", low ?? nil)
            object.append("max_\(name)", high ?? nil)
        }
        add(
            "cost", summary.costRange.map { .dollars($0.lowerBound) }, summary.costRange.map { .dollars($0.upperBound) }
        )
        for (name, range) in [
            ("duration", summary.durationRange), ("tokens_in", summary.tokensInRange),
            ("tokens_out", summary.tokensOutRange), ("total_tokens", summary.totalTokensRange),
        ] {
            add(name, range.map { .int($0.lowerBound) }, range.map { .int($0.upperBound) })
        }
        add("timestamp", summary.timeRange.map { .time($0.lowerBound) }, summary.timeRange.map { .time($0.upperBound) })
        return object
    }

    // MARK: One entry

    func show(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let entry = try entry(call)
        return .result(.object(LogJSON.single(entry, try bodies(call))))
    }

    /// The answer has a body with status 200: clients take anything else for a failure.
    func patch(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let (account, gateway) = try place(call)
        let patch = try LogPatchReader.read(call.request.body)
        let entry = try GatewayError.storing { () throws(StoreError) in
            try store.patch(LogID(call.parts["log"]), account: account, gateway: gateway, patch)
        }
        guard let entry else { throw Self.notFound }
        return .result(.object(LogJSON.row(entry)))
    }

    func request(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let entry = try entry(call)
        guard let body = try bodies(call)?.request else { throw Self.noBody }
        return .raw(body, contentType: entry.requestContentType ?? "application/json")
    }

    /// What was streamed is told as a list of its events.
    func response(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let entry = try entry(call)
        guard let bodies = try bodies(call), let body = bodies.response else { throw Self.noBody }
        guard bodies.isResponseStream else {
            return .raw(body, contentType: entry.responseContentType ?? "application/json")
        }
        return .bare(["streamed_data": .array(StreamedData.events(body))])
    }

    private func entry(_ call: CloudflareCall) throws(GatewayError) -> GatewayLogEntry {
        let (account, gateway) = try place(call)
        let entry = try GatewayError.storing { () throws(StoreError) in
            try store.entry(LogID(call.parts["log"]), account: account, gateway: gateway)
        }
        guard let entry else { throw Self.notFound }
        return entry
    }

    private func bodies(_ call: CloudflareCall) throws(GatewayError) -> LogBodies? {
        let (account, gateway) = try place(call)
        return try GatewayError.storing { () throws(StoreError) in
            try store.bodies(LogID(call.parts["log"]), account: account, gateway: gateway)
        }
    }

    private func place(_ call: CloudflareCall) throws(GatewayError) -> (AccountID, GatewayID) {
        let account = try call.owner.account.id
        let gateway = GatewayID(call.parts["gateway"])
        guard gateway == GatewaySettings.defaultID || hasGateway(gateway, account) else {
            throw GatewayError(.objectNotFound, "There is no such gateway.", param: "gateway")
        }
        return (account, gateway)
    }

    private static let notFound = GatewayError(.objectNotFound, "Log Not Found")
    private static let noBody = GatewayError(
        .objectNotFound, "The body of this call was not kept, or its time is over.")
}

extension GatewayError {
    /// What a caller is told when a store fails.
    static func storing<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(GatewayError) -> Result {
        do throws(StoreError) {
            return try body()
        } catch {
            throw GatewayError(
                .recordFailed, "The gateway's store does not answer at the moment. Try again later.",
                retryAfterSeconds: 1)
        }
    }
}
