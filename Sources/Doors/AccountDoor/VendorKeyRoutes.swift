import Accounts
import Domain
import JSON
import Telemetry

/// `/v1/vendor-keys`. No answer holds a vendor's key.
enum VendorKeyRoutes {
    private static let weights = 0...VendorKeyKeeper.greatestWeight

    static func list(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let keys: [VendorKey]
        do {
            keys = try desks.vendorKeys.keys(of: try call.caller.account.id)
        } catch let error as GatewayError {
            throw error
        } catch {
            throw GatewayError(
                .recordFailed, "The vendor keys could not be read. Try again shortly.", retryAfterSeconds: 1)
        }
        return try Paging(call.query).reply(keys, id: \.id.rawValue, json)
    }

    static func attach(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try RequestFields(call, ["provider"] + names)
        let provider = try vendor(
            try RequestFields.required(try fields.text("provider", longest: RequestFields.longestName), "provider"),
            desks)
        let secret = try RequestFields.required(try secret(fields), "key")
        let key = try desks.vendorKeys.attach(
            secret, to: try call.caller.account.id, provider: provider,
            alias: try alias(fields).value ?? VendorKeyKeeper.defaultAlias,
            weight: try fields.integer("weight", weights).value ?? 1)
        return .json(.object(json(key)), status: 201)
    }

    static func change(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try RequestFields(call, names)
        let key = try desks.vendorKeys.change(
            VendorKeyID(call.id), of: try call.caller.account.id, secret: try secret(fields).value,
            alias: try alias(fields).value,
            weight: try RequestFields.unclearable(try fields.integer("weight", weights), "weight").value)
        return .json(.object(json(key)))
    }

    static func revoke(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        try desks.vendorKeys.revoke(VendorKeyID(call.id), of: try call.caller.account.id)
        return Gone.reply(call.id, "vendor_key")
    }

    private static let names = ["key", "alias", "weight"]

    private static func secret(_ fields: RequestFields) throws(GatewayError) -> Change<Secret> {
        let text = try fields.text("key", longest: VendorKeyKeeper.longestSecretBytes) { $0.utf8.count }
        return switch try RequestFields.unclearable(text, "key") {
        case .keep: .keep
        case .clear: .clear
        case .set(let text): .set(Secret(text))
        }
    }

    private static func alias(_ fields: RequestFields) throws(GatewayError) -> Change<String> {
        let text = try fields.text("alias", longest: VendorKeyKeeper.longestAliasBytes) { $0.utf8.count }
        return try RequestFields.unclearable(text, "alias")
    }

    private static func vendor(_ name: String, _ desks: ManagementDesks) throws(GatewayError) -> ProviderID {
        let known = desks.vendors().map(\.rawValue)
        guard known.contains(name) else {
            let meant = NearestName.find(name, tail: name, among: known).map { " Did you mean `\($0)`?" } ?? ""
            throw RequestFields.invalid("provider", "is no vendor that keys can be brought of.\(meant)")
        }
        return ProviderID(name)
    }

    private static func json(_ key: VendorKey) -> JSONObject {
        [
            "id": .string(key.id.rawValue), "object": "vendor_key", "provider": .string(key.provider.rawValue),
            "alias": .string(key.alias), "weight": .int(key.weight), "hint": .string(key.hint),
            "created_at": .seconds(key.createdAt),
        ]
    }
}
