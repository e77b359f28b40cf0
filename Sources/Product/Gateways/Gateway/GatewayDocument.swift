import Accounts
public import Domain
public import JSON
import OperatingSystem
import Telemetry

/// A gateway as its owner defined it. Holds secrets in clear: what is shown goes through ``shown(_:)``.
public struct GatewayDocument: Hashable, Sendable {
    public let account: AccountID
    public let id: GatewayID
    public let createdAt: Timestamp
    public internal(set) var modifiedAt: Timestamp
    /// What was said, in its canonical spelling. The rest is as usual.
    var fields: [String: JSONValue] = [:]
    /// What no master key that is given opens: kept until something else is said.
    private(set) var unreadable = JSONObject()

    init(account: AccountID, id: GatewayID, createdAt: Timestamp) {
        self.account = account
        self.id = id
        self.createdAt = createdAt
        modifiedAt = createdAt
    }

    public var isDefault: Bool { id == GatewaySettings.defaultID }

    /// The value of a field: as it was set, or the usual one.
    func value(_ name: String) -> JSONValue {
        fields[name] ?? GatewayField.byName[name]?.usual ?? .null
    }

    /// `guardrails`, `dlp`, `otel`, `spend_limits` or `stripe`, as they passed their check. Nil for none.
    public func part(_ name: String) -> JSONValue? { fields[name] }

    /// The parts there are that could not be read.
    public var unreadableParts: [String] { unreadable.keys }

    // MARK: In the store

    /// Nil when it is none of ours.
    init?(_ stored: StoredDocument, _ seal: DocumentSeal) {
        guard let body = DocumentBody(stored) else { return nil }
        self.init(account: stored.account, id: GatewayID(stored.id), createdAt: stored.createdAt)
        modifiedAt = stored.modifiedAt
        for member in body.members.members { fields[member.key] = member.value }
        for member in body.sealed.members {
            let opened = seal.open(member.value, member.key, at: stored.place)?.reveal()
            if let value = opened.flatMap({ try? JSONValue(parsing: Array($0.utf8)) }) {
                fields[member.key] = value
            } else {
                unreadable[member.key] = member.value
            }
        }
    }

    func stored(_ seal: DocumentSeal) -> StoredDocument {
        var document = StoredDocument(
            kind: .gateway, account: account, gateway: nil, id: id.rawValue, name: id.rawValue, body: "",
            createdAt: createdAt, modifiedAt: modifiedAt)
        var body = DocumentBody(sealed: unreadable)
        for field in GatewayField.all {
            guard let value = fields[field.name] else { continue }
            if field.isSealed {
                let text = Secret(String(decoding: value.serialized(), as: UTF8.self))
                body.sealed[field.name] = seal.seal(text, field.name, at: document.place)
            } else {
                body.members.append(field.name, value)
            }
        }
        document.body = body.text
        return document
    }

    mutating func set(_ name: String, to value: JSONValue?) {
        fields[name] = value
        unreadable[name] = nil
    }

    // MARK: In answers

    /// As clients see it: everything but secrets.
    public func shown(_ parts: GatewayParts) -> JSONValue {
        var object: JSONObject = ["id": .string(id.rawValue)]
        for field in GatewayField.all {
            let value = value(field.name)
            object.append(field.name, field.isPart && !value.isNull ? parts.shown(field.name, value) : value)
        }
        object.append("is_default", .bool(isDefault))
        object.append("created_at", .time(createdAt))
        object.append("modified_at", .time(modifiedAt))
        return .object(object)
    }
}

extension GatewayDocument: CustomStringConvertible, CustomReflectable {
    public var description: String { "gateway \(id) of \(account)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension GatewayField {
    var isPart: Bool {
        if case .part = kind { true } else { false }
    }
}

extension JSONValue {
    static func time(_ moment: Timestamp) -> JSONValue {
        .string(ISO8601.format(wallMicroseconds: moment.microseconds))
    }
}
