import Accounts
public import Domain
public import JSON

/// A vendor's key that a gateway uses for its calls.
public struct ProviderConfig: Hashable, Sendable {
    /// Where the secret is.
    enum Source: Hashable, Sendable {
        /// Here, sealed; `hint` are its last characters.
        case own(sealed: JSONValue, hint: String)
        /// The account's own key of that id.
        case vendorKey(VendorKeyID, hint: String)
    }

    public static let usualAlias = "default"

    public let id: String
    public let account: AccountID
    public let gateway: GatewayID
    /// As it was written; ``GatewayProviders`` tells which of them mean the same vendor.
    public let provider: String
    public internal(set) var alias: String
    /// Taken where a call names no alias.
    public internal(set) var isDefault: Bool
    /// Calls with this key, in so many seconds. Told to whoever asks.
    public internal(set) var rateLimit: Int?
    public internal(set) var rateLimitSeconds: Int?
    public let createdAt: Timestamp
    public internal(set) var modifiedAt: Timestamp
    var source: Source

    /// The account's vendor key that it stands for.
    public var vendorKey: VendorKeyID? {
        if case .vendorKey(let id, _) = source { id } else { nil }
    }

    /// What it is found by in its gateway.
    static func name(_ provider: String, _ alias: String) -> String {
        "\(GatewayProviders.vendor(of: provider))/\(alias)"
    }

    // MARK: In the store

    static func place(_ id: String, _ account: AccountID, _ gateway: GatewayID) -> DocumentPlace {
        DocumentPlace(kind: .providerConfig, account: account, gateway: gateway, id: id)
    }

    /// With the vendor in it: a key is never opened to be sent to another one.
    static func sealLabel(_ provider: String) -> String { "secret for \(provider)" }

    /// Nil when it is none of ours.
    init?(_ stored: StoredDocument) {
        guard let body = DocumentBody(stored), let gateway = stored.gateway,
            let provider = body.members["provider_slug"]?.stringValue,
            let alias = body.members["alias"]?.stringValue
        else { return nil }
        let hint = body.members["hint"]?.stringValue ?? ""
        if let vendorKey = body.members["vendor_key"]?.stringValue {
            source = .vendorKey(VendorKeyID(vendorKey), hint: hint)
        } else if let sealed = body.sealed[Self.sealLabel(provider)] {
            source = .own(sealed: sealed, hint: hint)
        } else {
            return nil
        }
        id = stored.id
        account = stored.account
        self.gateway = gateway
        self.provider = provider
        self.alias = alias
        isDefault = body.members["default_config"]?.boolValue ?? false
        rateLimit = body.members["rate_limit"]?.intValue
        rateLimitSeconds = body.members["rate_limit_period"]?.intValue
        createdAt = stored.createdAt
        modifiedAt = stored.modifiedAt
    }

    init(
        id: String, account: AccountID, gateway: GatewayID, provider: String, source: Source, createdAt: Timestamp
    ) {
        self.id = id
        self.account = account
        self.gateway = gateway
        self.provider = provider
        alias = Self.usualAlias
        isDefault = false
        self.source = source
        self.createdAt = createdAt
        modifiedAt = createdAt
    }

    var stored: StoredDocument {
        var body = DocumentBody(members: [
            "provider_slug": .string(provider), "alias": .string(alias), "default_config": .bool(isDefault),
            "hint": .string(hint),
        ])
        switch source {
        case .own(let sealed, _): body.sealed.append(Self.sealLabel(provider), sealed)
        case .vendorKey(let id, _): body.members.append("vendor_key", .string(id.rawValue))
        }
        if let rateLimit { body.members.append("rate_limit", .int(rateLimit)) }
        if let rateLimitSeconds { body.members.append("rate_limit_period", .int(rateLimitSeconds)) }
        return StoredDocument(
            kind: .providerConfig, account: account, gateway: gateway, id: id, name: Self.name(provider, alias),
            body: body.text, createdAt: createdAt, modifiedAt: modifiedAt)
    }

    // MARK: In answers

    private var hint: String {
        switch source {
        case .own(_, let hint), .vendorKey(_, let hint): hint
        }
    }

    /// As clients see it, without the secret.
    public var shown: JSONValue {
        [
            "id": .string(id), "alias": .string(alias), "default_config": .bool(isDefault),
            "gateway_id": .string(gateway.rawValue), "provider_slug": .string(provider),
            // A secret of its own has no name but the config's.
            "secret_id": .string(vendorKey?.rawValue ?? id), "secret_preview": .string(hint),
            "rate_limit": rateLimit.map { .int($0) } ?? .null,
            "rate_limit_period": rateLimitSeconds.map { .int($0) } ?? .null,
            "created_at": .time(createdAt), "modified_at": .time(modifiedAt),
        ]
    }
}
