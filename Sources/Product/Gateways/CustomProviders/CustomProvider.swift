import Accounts
public import Domain
public import JSON
import Telemetry

/// A provider that an account defined for itself: calls go to an address of its own.
public struct CustomProvider: Hashable, Sendable {
    /// Members that are texts and nothing more, with how long they may be.
    static let texts: [(name: String, longest: Int)] = [
        ("description", 1_024), ("link", 2_048), ("curl_example", 16 << 10), ("js_example", 16 << 10),
    ]
    static let slugLengths = 1...64

    public let id: String
    public let account: AccountID
    public internal(set) var name: String
    /// Unique in the account; calls name `custom-` and the slug.
    public internal(set) var slug: String
    /// Without a slash at its end.
    public internal(set) var baseURL: String
    public internal(set) var isEnabled = false
    public internal(set) var isBeta = false
    /// Sent with each call. Values may be credentials.
    public internal(set) var headers: [ProviderHeader] = []
    var position: Int?
    var logo: String?
    /// Those of ``texts`` that were given.
    var remarks: [String: String] = [:]
    /// What was sent as `headers`, kept to the byte.
    var headersText: String?
    var unreadableHeaders: JSONValue?
    public let createdAt: Timestamp
    public internal(set) var modifiedAt: Timestamp

    init(id: String, account: AccountID, name: String, slug: String, baseURL: String, createdAt: Timestamp) {
        self.id = id
        self.account = account
        self.name = name
        self.slug = slug
        self.baseURL = baseURL
        self.createdAt = createdAt
        modifiedAt = createdAt
    }

    public static func isSlug(_ text: String) -> Bool {
        slugLengths.contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    // MARK: In the store

    private static let headersLabel = "headers"

    /// Nil when it is none of ours.
    init?(_ stored: StoredDocument, _ seal: DocumentSeal) {
        guard let body = DocumentBody(stored), let slug = body.members["slug"]?.stringValue,
            let name = body.members["name"]?.stringValue, let baseURL = body.members["base_url"]?.stringValue
        else { return nil }
        self.init(
            id: stored.id, account: stored.account, name: name, slug: slug, baseURL: baseURL,
            createdAt: stored.createdAt)
        modifiedAt = stored.modifiedAt
        isEnabled = body.members["enable"]?.boolValue ?? false
        isBeta = body.members["beta"]?.boolValue ?? false
        position = body.members["position"]?.intValue
        logo = body.members["logo"]?.stringValue
        for text in Self.texts { remarks[text.name] = body.members[text.name]?.stringValue }
        guard let sealed = body.sealed[Self.headersLabel] else { return }
        if let text = seal.open(sealed, Self.headersLabel, at: stored.place)?.reveal(),
            let read = ProviderHeader.read(text).headers
        {
            (headersText, headers) = (text, read)
        } else {
            unreadableHeaders = sealed
        }
    }

    func stored(_ seal: DocumentSeal) -> StoredDocument {
        var document = StoredDocument(
            kind: .customProvider, account: account, gateway: nil, id: id, name: slug, body: "",
            createdAt: createdAt, modifiedAt: modifiedAt)
        var body = DocumentBody(members: [
            "name": .string(name), "slug": .string(slug), "base_url": .string(baseURL), "enable": .bool(isEnabled),
            "beta": .bool(isBeta),
        ])
        for text in Self.texts { body.members[text.name] = remarks[text.name].map { .string($0) } }
        body.members["position"] = position.map { .int($0) }
        body.members["logo"] = logo.map { .string($0) }
        body.sealed[Self.headersLabel] =
            headersText.map { seal.seal(Secret($0), Self.headersLabel, at: document.place) } ?? unreadableHeaders
        document.body = body.text
        return document
    }

    // MARK: In answers

    /// As clients see it: of header fields that may be credentials, the values are masked.
    public var shown: JSONValue {
        func text(_ name: String) -> JSONValue { remarks[name].map { .string($0) } ?? .null }
        return [
            "id": .string(id), "name": .string(name), "slug": .string(slug), "base_url": .string(baseURL),
            "description": text("description"), "link": text("link"), "beta": .bool(isBeta),
            "enable": .bool(isEnabled), "curl_example": text("curl_example"), "js_example": text("js_example"),
            "headers": shownHeaders.map { .string($0) } ?? .null, "position": position.map { .int($0) } ?? .null,
            "logo": logo.map { .string($0) } ?? .null, "created_at": .time(createdAt), "modified_at": .time(modifiedAt),
        ]
    }

    var shownHeaders: String? {
        guard headersText != nil else { return nil }
        let members = headers.map { header in
            JSONObject.Member(
                key: header.name,
                value: .string(header.isCredential ? SecretMask.masked(header.value.reveal()) : header.value.reveal()))
        }
        return String(decoding: JSONObject(members: members).serialized(), as: UTF8.self)
    }
}

extension CustomProvider: CustomStringConvertible, CustomReflectable {
    public var description: String { "custom provider \(slug) of \(account)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
