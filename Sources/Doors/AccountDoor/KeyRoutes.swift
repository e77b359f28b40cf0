import Accounts
import Domain
import JSON
import Routing
import Telemetry

/// `/v1/keys`
enum KeyRoutes {
    static func list(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let query = call.query
        let keys = try desks.keys.keys(
            of: try call.caller, subAccount: query.first("sub_account_id").map { AccountID($0) },
            includingRevoked: try Paging.includesAll(query))
        return try Paging(query).reply(keys, id: \.id.rawValue) { json($0, desks) }
    }

    static func create(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try RequestFields(call, names + ["sub_account_id"])
        let wanted = try read(fields, desks)
        _ = try RequestFields.required(wanted.name, "name")
        let subAccount = try fields.text("sub_account_id", longest: RequestFields.longestName).value
        let made = try desks.keys.create(
            wanted, subAccount: subAccount.map { AccountID($0) }, for: try call.caller, as: try call.repetition)
        return shownOnce(made.key, made.secret, desks)
    }

    static func show(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        .json(.object(json(try desks.keys.key(KeyID(call.id), for: try call.caller), desks)))
    }

    static func update(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let wanted = try read(try RequestFields(call, names), desks)
        return .json(.object(json(try desks.keys.update(KeyID(call.id), wanted, for: try call.caller), desks)))
    }

    static func rotate(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        _ = try RequestFields(call, [])
        let issued = try desks.keys.rotate(KeyID(call.id), for: try call.caller)
        return shownOnce(issued.key, issued.secret, desks)
    }

    static func revoke(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        try desks.keys.revoke(KeyID(call.id), for: try call.caller)
        return Gone.reply(call.id, "key")
    }

    private static let names =
        ["name", "role", "allowed_models", "allowed_ips", "expires_at"] + RequestFields.limits

    private static func read(
        _ fields: RequestFields, _ desks: ManagementDesks
    ) throws(GatewayError) -> KeyFields {
        var wanted = KeyFields()
        wanted.name = try fields.name()
        wanted.role = try RequestFields.unclearable(try fields.word("role", Role.self), "role")
        wanted.limits = try fields.limits()
        wanted.allowedModels = try fields.allowedModels()
        wanted.allowedAddresses = try fields.allowedAddresses()
        wanted.expiresAt = try fields.expiry(now: desks.now())
        return wanted
    }

    /// The only answer that holds a key. Asked for again by the same request, it is not there.
    private static func shownOnce(_ key: APIKey, _ secret: Secret?, _ desks: ManagementDesks) -> ManagementReply {
        var object = json(key, desks)
        object.append("key", .text(secret?.reveal()))
        return .json(.object(object), status: secret == nil ? 200 : 201)
    }

    private static func json(_ key: APIKey, _ desks: ManagementDesks) -> JSONObject {
        let spent = desks.money.spent(.key(key.id))
        var object: JSONObject = [
            "id": .string(key.id.rawValue), "object": "key", "name": .string(key.name),
            "prefix": .string(key.prefix), "role": .string(key.role.rawValue),
            "account_id": .string(key.accountID.rawValue), "status": .string(status(key, now: desks.now())),
        ]
        object.append(key.scope.limits)
        object.append("allowed_models", .texts(orNull: key.scope.allowedModels.patterns))
        object.append("allowed_ips", .texts(orNull: key.scope.allowedAddresses))
        object.append("expires_at", .seconds(key.scope.expiresAt))
        object.append("spent_today_cents", .cents(spent.today))
        object.append("spent_month_cents", .cents(spent.month))
        object.append("replaces", .text(key.replaces?.rawValue))
        object.append("created_at", .seconds(key.createdAt))
        object.append("revoked_at", .seconds(key.revokedAt))
        return object
    }

    private static func status(_ key: APIKey, now: Timestamp) -> String {
        if key.revokedAt != nil { return "revoked" }
        return key.scope.expiresAt.map { $0 <= now } ?? false ? "expired" : "active"
    }
}
