public import Domain
public import JSON

/// Logs of a gateway, as conditions that all must hold: what is evaluated.
public struct Dataset: Hashable, Sendable {
    public let id: String
    public let account: AccountID
    public let gateway: GatewayID
    public internal(set) var name: String
    public internal(set) var isEnabled: Bool
    /// As clients see them: `{key, operator, value[]}`.
    public internal(set) var filters: [JSONValue]
    public let createdAt: Timestamp
    public internal(set) var modifiedAt: Timestamp

    /// The same for the store of logs.
    var conditions: [LogFilter] {
        get throws(GatewayError) {
            var conditions: [LogFilter] = []
            for filter in filters { conditions.append(try LogFilterForm.filter(filter)) }
            return conditions
        }
    }

    public var shown: JSONObject {
        [
            "id": .string(id), "gateway_id": .string(gateway.rawValue), "name": .string(name),
            "enable": .bool(isEnabled), "filters": .array(filters), "created_at": .time(createdAt),
            "modified_at": .time(modifiedAt),
        ]
    }

    // MARK: In the store

    /// Nil when it is none of ours.
    init?(_ stored: StoredDocument) {
        guard let gateway = stored.gateway,
            let body = (try? JSONValue(parsing: Array(stored.body.utf8)))?.objectValue,
            let name = body["name"]?.stringValue, let isEnabled = body["enable"]?.boolValue,
            let filters = body["filters"]?.arrayValue
        else { return nil }
        self.init(
            id: stored.id, account: stored.account, gateway: gateway, name: name, isEnabled: isEnabled,
            filters: filters, createdAt: stored.createdAt, modifiedAt: stored.modifiedAt)
    }

    init(
        id: String, account: AccountID, gateway: GatewayID, name: String, isEnabled: Bool, filters: [JSONValue],
        createdAt: Timestamp, modifiedAt: Timestamp
    ) {
        self.id = id
        self.account = account
        self.gateway = gateway
        self.name = name
        self.isEnabled = isEnabled
        self.filters = filters
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
    }

    /// Two of one gateway may bear the same name, so that the store is told the id in its place.
    var stored: StoredDocument {
        let body: JSONObject = ["name": .string(name), "enable": .bool(isEnabled), "filters": .array(filters)]
        return StoredDocument(
            kind: .dataset, account: account, gateway: gateway, id: id, name: id,
            body: String(decoding: body.serialized(), as: UTF8.self), createdAt: createdAt, modifiedAt: modifiedAt)
    }
}
