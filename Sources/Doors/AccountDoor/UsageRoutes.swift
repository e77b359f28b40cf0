import Accounts
import Domain
import JSON
import OperatingSystem
import Routing

/// `/v1/usage`
enum UsageRoutes {
    private static let usualRecent = 100

    /// `GET /v1/usage?from=&to=&group_by=`
    static func usage(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let form = try ReportForm(call)
        let days = try days(call.query, today: desks.usage.today)
        let grouping = try grouping(call.query)
        let rows = try desks.usage.usage(days, by: grouping, for: try call.caller)
        let table = UsageTable(rows, name: name(of: grouping)).table
        return report(table, days, form, ["group_by": .string(grouping.rawValue), "total": UsageTable.sum(rows)])
    }

    /// `GET /v1/usage/by-tag?month=`
    static func byTag(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let form = try ReportForm(call)
        let days = try month(call.query, today: desks.usage.today)
        let rows = try desks.usage.usage(days, by: .tag, for: try call.caller).sorted { $0.cost > $1.cost }
        return report(UsageTable(rows, name: "tag").table, days, form)
    }

    /// `GET /v1/usage/by-sub-account?month=`
    static func bySubAccount(
        _ call: ManagementCall, _ desks: ManagementDesks
    ) throws(GatewayError) -> ManagementReply {
        let form = try ReportForm(call)
        let days = try month(call.query, today: desks.usage.today)
        let rows = try desks.usage.usageBySubAccount(days, for: try call.caller)
        return report(UsageTable(bySubAccount: rows).table, days, form)
    }

    /// `GET /v1/usage/recent?limit=`
    static func recent(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let form = try ReportForm(call)
        let limit = try Paging.limit(call.query, usual: usualRecent)
        let table = recentTable(try desks.usage.recentCalls(limit: limit, for: try call.caller))
        if case .csv = form { return .csv(table, fileName: "recent-calls.csv") }
        return .json(["object": "list", "data": table.json])
    }

    private static func report(
        _ table: Table, _ days: ClosedRange<CalendarDay>, _ form: ReportForm, _ more: JSONObject = JSONObject()
    ) -> ManagementReply {
        if case .csv = form {
            return .csv(table, fileName: "usage-\(days.lowerBound.text)-\(days.upperBound.text).csv")
        }
        var object: JSONObject = [
            "object": "list", "from": .string(days.lowerBound.text), "to": .string(days.upperBound.text),
        ]
        object.members += more.members
        object.append("data", table.json)
        return .json(.object(object))
    }

    private static func recentTable(_ calls: [CallRecord]) -> Table {
        Table(
            columns: [
                "request_id", "model", "provider", "status", "outcome", "error_reason", "latency_ms", "streamed",
                "prompt_tokens", "completion_tokens", "cost_cents", "upstream_cost_cents", "byok", "tag", "key_id",
                "account_id", "created_at",
            ],
            rows: calls.map { call in
                [
                    .text(call.requestID.rawValue), .text(call.model.rawValue), .text(call.provider.rawValue),
                    .int(call.status), .text(call.outcome.rawValue), .text(call.errorReason),
                    .int(call.durationMicroseconds / 1_000), .bool(call.streamed), .int(call.usage.promptTokens),
                    .int(call.usage.completionTokens), .cents(call.charge.cost),
                    call.charge.vendorCost.map { .cents($0) } ?? .none, .bool(call.charge.isOnOwnKey),
                    .text(call.tag), .text(call.keyID.rawValue), .text(call.accountID.rawValue),
                    .text(ISO8601.format(wallMicroseconds: call.startedAt.microseconds)),
                ]
            })
    }

    // MARK: The query

    /// From the first of this month to today unless said otherwise.
    private static func days(
        _ query: QueryParameters, today: CalendarDay
    ) throws(GatewayError) -> ClosedRange<CalendarDay> {
        let last = try day(query, "to") ?? today
        let first = try day(query, "from") ?? min(last, today).calendarMonth.firstDay
        guard first <= last else { throw RequestFields.invalid("from", "must not be after `to`.") }
        guard last.daysSince1970 - first.daysSince1970 < UsageDesk.mostDays else {
            throw RequestFields.invalid("from", "and `to` may be \(UsageDesk.mostDays) days apart at most.")
        }
        return first...last
    }

    private static func day(_ query: QueryParameters, _ name: String) throws(GatewayError) -> CalendarDay? {
        guard let text = query.first(name) else { return nil }
        guard let day = CalendarDay(text) else { throw RequestFields.invalid(name, "must be a day, YYYY-MM-DD.") }
        return day
    }

    private static func month(
        _ query: QueryParameters, today: CalendarDay
    ) throws(GatewayError) -> ClosedRange<CalendarDay> {
        guard let text = query.first("month") else { return today.calendarMonth.firstDay...today }
        guard let month = CalendarMonth(text) else {
            throw RequestFields.invalid("month", "must be a month, YYYY-MM.")
        }
        return month.firstDay...month.lastDay
    }

    private static func grouping(_ query: QueryParameters) throws(GatewayError) -> UsageQuery.Grouping {
        guard let text = query.first("group_by") else { return .day }
        guard let grouping = UsageQuery.Grouping(rawValue: text), grouping != .none else {
            throw RequestFields.invalid("group_by", "must be one of `day`, `model`, `key`, `tag`, `sub_account`.")
        }
        return grouping
    }

    private static func name(of grouping: UsageQuery.Grouping) -> String {
        switch grouping {
        case .day: "date"
        case .model: "model_id"
        case .key: "key_id"
        case .tag: "tag"
        case .subAccount: "sub_account_id"
        case .none: "all"
        }
    }
}
