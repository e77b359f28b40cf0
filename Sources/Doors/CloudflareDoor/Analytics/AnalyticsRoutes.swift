import Domain
public import Gateways
import JSON
import OperatingSystem
import Routing

/// `…/gateways/{gateway}/analytics`: requests, errors, cache, tokens and cost by the hour.
public struct AnalyticsRoutes: Sendable {
    private let desk: GatewayDesk
    private let analytics: LogAnalytics

    public init(_ desk: GatewayDesk, _ analytics: LogAnalytics) {
        self.desk = desk
        self.analytics = analytics
    }

    public var routes: [CloudflareRoute] {
        [.manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/analytics", show)]
    }

    /// Takes the filters of the list of logs as well.
    @Sendable private func show(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let account = try call.owner.account.id
        let gateway = try desk.gateway(call.gateway, of: account).id
        let query = try LogFilterReader(query: call.query).query(account: account, gateway: gateway)
        let (hours, all) = try analytics.hours(
            query, from: try Self.moment("start_date", call.query), to: try Self.moment("end_date", call.query))
        let rows = hours.map { hour -> JSONValue in
            .object(JSONObject(members: [.init(key: "start", value: .time(hour.start))] + Self.shown(hour.summary)))
        }
        return .result([
            "gateway_id": .string(gateway.rawValue), "window": "hour",
            "totals": .object(JSONObject(members: Self.shown(all))), "hours": .array(rows),
        ])
    }

    private static func shown(_ summary: LogSummary) -> [JSONObject.Member] {
        let object: JSONObject = [
            "requests": .int(summary.count), "errors": .int(summary.count - summary.successes),
            "cached": .int(summary.cached), "tokens_in": .int(summary.tokensIn),
            "tokens_out": .int(summary.tokensOut), "cost": .dollars(summary.cost),
            "average_duration": summary.count == 0 ? nil : .int(summary.durationMilliseconds / summary.count),
        ]
        return object.members
    }

    private static func moment(_ name: String, _ query: QueryParameters) throws(GatewayError) -> Timestamp? {
        guard let text = query.first(name) else { return nil }
        guard let microseconds = ISO8601.parse(text) else {
            throw GatewayError(.invalidValue, "`\(name)` must be a moment such as 2026-11-21T00:00:00Z.", param: name)
        }
        return Timestamp(microseconds: microseconds)
    }
}
