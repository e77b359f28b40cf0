import Accounts
import Domain
import JSON
import Routing
import Telemetry

/// `/v1/sub-accounts`
enum SubAccountRoutes {
    static func list(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let accounts = try desks.subAccounts.subAccounts(
            of: try call.caller, includingClosed: try Paging.includesAll(call.query))
        return try Paging(call.query).reply(accounts, id: \.id.rawValue) { json($0, desks) }
    }

    static func create(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try read(call)
        _ = try RequestFields.required(fields.name, "name")
        let opened = try desks.subAccounts.create(fields, for: try call.caller, as: try call.repetition)
        var object = json(opened.account, desks)
        // Clients read it under one name or the other.
        object.append("key", .text(opened.secret?.reveal()))
        object.append("scoped_key", .text(opened.secret?.reveal()))
        object.append("key_id", .string(opened.keyID.rawValue))
        return .json(.object(object), status: opened.secret == nil ? 200 : 201)
    }

    static func show(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let account = try desks.subAccounts.subAccount(AccountID(call.id), of: try call.caller)
        return .json(.object(json(account, desks)))
    }

    static func update(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let account = try desks.subAccounts.update(AccountID(call.id), try read(call), for: try call.caller)
        return .json(.object(json(account, desks)))
    }

    static func close(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        try desks.subAccounts.close(AccountID(call.id), for: try call.caller)
        return Gone.reply(call.id, "sub_account")
    }

    private static func read(_ call: ManagementCall) throws(GatewayError) -> AccountFields {
        let fields = try RequestFields(
            call, ["name", "external_ref", "default_tag", "allowed_models"] + RequestFields.limits)
        var wanted = try fields.account()
        wanted.limits = try fields.limits(zeroClears: true)
        return wanted
    }

    /// No limit is zero here: that is what clients of sub-accounts print as none.
    private static func json(_ account: Account, _ desks: ManagementDesks) -> JSONObject {
        let spent = desks.money.spent(.account(account.id))
        return [
            "id": .string(account.id.rawValue), "object": "sub_account", "name": .string(account.name),
            "external_ref": .text(account.externalReference),
            "spend_cap_cents": .cents(account.limits.monthly ?? .zero),
            "daily_cap_cents": .cents(account.limits.daily ?? .zero),
            "rate_limit_rpm": .int(account.limits.requestsPerMinute ?? 0),
            "rate_limit_tpm": .int(account.limits.tokensPerMinute ?? 0),
            "max_concurrency": .int(account.limits.concurrency ?? 0),
            "default_tag": .text(account.defaultTag),
            "allowed_models": .texts(orNull: account.allowedModels.patterns),
            "spent_today_cents": .cents(spent.today), "spent_month_cents": .cents(spent.month),
            "status": .string(account.closedAt == nil ? "active" : "closed"),
            "created_at": .seconds(account.createdAt),
        ]
    }
}

extension SubAccountRoutes {
    private static let windows = ["1d": 1, "7d": 7, "30d": 30, "90d": 90]

    /// `GET /v1/sub-accounts/{id}/usage?window=30d`
    static func usage(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let account = try desks.subAccounts.subAccount(AccountID(call.id), of: try call.caller)
        let window = call.query.first("window") ?? "30d"
        guard let count = windows[window] else {
            throw RequestFields.invalid("window", "must be one of `1d`, `7d`, `30d`, `90d`.")
        }
        let last = desks.usage.today
        let days = CalendarDay(daysSince1970: last.daysSince1970 - count + 1)...last
        let byDay = try desks.usage.usage(of: account, days, by: .day)
        let byModel = try desks.usage.usage(of: account, days, by: .model).sorted { $0.cost > $1.cost }
        let models = UsageTable(byModel, name: "model_id")
        if case .csv = try ReportForm(call) {
            return .csv(models.table, fileName: "usage-\(days.lowerBound.text)-\(last.text).csv")
        }
        return .json([
            "object": "sub_account.usage", "id": .string(account.id.rawValue), "window": .string(window),
            "from": .string(days.lowerBound.text), "to": .string(last.text), "summary": UsageTable.sum(byDay),
            "by_model": models.table.json, "by_day": UsageTable(byDay, name: "date").table.json,
        ])
    }
}
