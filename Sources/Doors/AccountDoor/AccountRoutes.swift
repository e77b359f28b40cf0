import Accounts
import Domain
import JSON
import Telemetry

/// `/v1/accounts`
enum AccountRoutes {
    static func list(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let accounts = try desks.accounts.accounts(includingClosed: try Paging.includesAll(call.query))
        return try Paging(call.query).reply(accounts, id: \.id.rawValue) { json($0, desks) }
    }

    static func create(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try read(call)
        _ = try RequestFields.required(fields.name, "name")
        let opened = try desks.accounts.create(fields, for: try call.caller, as: try call.repetition)
        var object = json(opened.account, desks)
        object.append("key", .text(opened.secret?.reveal()))
        object.append("key_id", .string(opened.keyID.rawValue))
        return .json(.object(object), status: opened.secret == nil ? 200 : 201)
    }

    static func show(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        .json(.object(json(try desks.accounts.account(AccountID(call.id)), desks)))
    }

    static func update(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        .json(.object(json(try desks.accounts.update(AccountID(call.id), try read(call)), desks)))
    }

    static func close(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        try desks.accounts.close(AccountID(call.id))
        return Gone.reply(call.id, "account")
    }

    private static func read(_ call: ManagementCall) throws(GatewayError) -> AccountFields {
        let fields = try RequestFields(
            call, ["name", "plan", "external_ref", "default_tag", "allowed_models"] + RequestFields.limits)
        var wanted = try fields.account()
        wanted.plan = try RequestFields.unclearable(try fields.word("plan", Account.Plan.self), "plan")
        wanted.limits = try fields.limits()
        return wanted
    }

    private static func json(_ account: Account, _ desks: ManagementDesks) -> JSONObject {
        let spent = desks.money.spent(.account(account.id))
        var object: JSONObject = [
            "id": .string(account.id.rawValue), "object": "account", "name": .string(account.name),
            "plan": .string(account.plan.rawValue), "external_ref": .text(account.externalReference),
            "default_tag": .text(account.defaultTag),
        ]
        object.append(account.limits)
        object.append("allowed_models", .texts(orNull: account.allowedModels.patterns))
        object.append("balance_cents", .cents(desks.money.balance(of: account)))
        object.append("spent_today_cents", .cents(spent.today))
        object.append("spent_month_cents", .cents(spent.month))
        object.append("status", .string(account.closedAt == nil ? "active" : "closed"))
        object.append("created_at", .seconds(account.createdAt))
        object.append("closed_at", .seconds(account.closedAt))
        return object
    }
}
