import Accounts
import Crypto
import Domain
import JSON
import Telemetry

/// A document's body: its members in clear, and beside them those that are sealed.
struct DocumentBody: Sendable {
    private static let sealedMember = "sealed"

    var members: JSONObject
    /// By what they are of the document.
    var sealed: JSONObject

    init(members: JSONObject = JSONObject(), sealed: JSONObject = JSONObject()) {
        self.members = members
        self.sealed = sealed
    }

    /// Nil when it is none of ours.
    init?(_ document: StoredDocument) {
        guard var members = (try? JSONValue(parsing: Array(document.body.utf8)))?.objectValue else { return nil }
        sealed = members[Self.sealedMember]?.objectValue ?? JSONObject()
        members[Self.sealedMember] = nil
        self.members = members
    }

    var text: String {
        var all = members
        if !sealed.isEmpty { all[Self.sealedMember] = .object(sealed) }
        return String(decoding: all.serialized(), as: UTF8.self)
    }
}

/// Which document it is.
struct DocumentPlace: Hashable, Sendable {
    let kind: DocumentKind
    let account: AccountID
    let gateway: GatewayID?
    let id: String

    /// Where one of its secrets lies: copied to another document, or as another secret, it does not open.
    func sealedPlace(_ label: String) -> SealedPlace {
        SealedPlace("document", [kind.rawValue, account.rawValue, gateway?.rawValue ?? "", id, label])
    }
}

extension StoredDocument {
    var place: DocumentPlace { DocumentPlace(kind: kind, account: account, gateway: gateway, id: id) }
}

/// Seals what must not lie in the store in clear.
struct DocumentSeal: Sendable {
    let sealer: any Sealer

    func seal(_ secret: Secret, _ label: String, at place: DocumentPlace) -> JSONValue {
        .string(Base64.encode(sealer.seal(secret, for: place.sealedPlace(label))))
    }

    /// Nil when no master key that is given opens it.
    func open(_ sealed: JSONValue, _ label: String, at place: DocumentPlace) -> Secret? {
        guard let bytes = sealed.stringValue.flatMap({ Base64.decode($0) }) else { return nil }
        return try? sealer.open(bytes, for: place.sealedPlace(label))
    }

    func isCurrent(_ sealed: JSONValue, _ label: String, at place: DocumentPlace) -> Bool {
        guard let bytes = sealed.stringValue.flatMap({ Base64.decode($0) }) else { return false }
        return sealer.isCurrent(bytes, for: place.sealedPlace(label))
    }
}
