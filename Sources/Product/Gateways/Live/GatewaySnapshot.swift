public import Domain
public import JSON
public import Telemetry

/// A vendor's key of a gateway, ready for calls.
public struct StoredVendorKey: Hashable, Sendable {
    /// Of the provider config.
    public let id: String
    /// As it was written.
    public let provider: String
    public let alias: String
    public let isDefault: Bool
    public let secret: Secret
    /// So many calls in so many seconds, when that was said.
    public let rateLimit: GatewayRateLimit?

    public static func == (left: StoredVendorKey, right: StoredVendorKey) -> Bool {
        left.id == right.id && left.provider == right.provider && left.alias == right.alias
            && left.isDefault == right.isDefault && left.secret == right.secret && left.rateLimit == right.rateLimit
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// A gateway as calls find it. The same object for as long as nothing of it changes, so that what was made of its
/// parts can be kept beside it.
public final class GatewayEntry: Sendable {
    public let gateway: GatewayDocument
    public let settings: GatewaySettings
    /// In the order they were made.
    public let keys: [StoredVendorKey]
    /// As they lie in the store.
    public let routes: [StoredDocument]
    /// What all that was read from.
    let sources: [StoredDocument]

    init(_ gateway: GatewayDocument, keys: [StoredVendorKey], routes: [StoredDocument], sources: [StoredDocument]) {
        self.gateway = gateway
        settings = gateway.settings
        self.keys = keys
        self.routes = routes
        self.sources = sources
    }

    /// `guardrails`, `dlp`, `otel`, `spend_limits` or `stripe`; nil for none.
    public func part(_ name: String) -> JSONValue? { gateway.part(name) }

    /// The key for a vendor, by whichever of its names: the one of that alias; without one the default, else the one
    /// of the alias `default`.
    public func key(provider: String, alias: String? = nil) -> StoredVendorKey? {
        let keys = keys(of: provider)
        if let alias { return keys.first { $0.alias == alias } }
        return keys.first { $0.isDefault } ?? keys.first { $0.alias == ProviderConfig.usualAlias }
    }

    /// The aliases there are for a vendor.
    public func aliases(provider: String) -> [String] { keys(of: provider).map(\.alias) }

    private func keys(of provider: String) -> [StoredVendorKey] {
        let vendor = GatewayProviders.vendor(of: provider)
        return keys.filter { GatewayProviders.vendor(of: $0.provider) == vendor }
    }
}

/// All gateways and custom providers as they were at one moment.
public struct GatewaySnapshot: Sendable {
    struct GatewayKey: Hashable, Sendable {
        let account: AccountID
        let gateway: GatewayID
    }

    struct ProviderKey: Hashable, Sendable {
        let account: AccountID
        let slug: String
    }

    var entries: [GatewayKey: GatewayEntry] = [:]
    var providers: [ProviderKey: CustomProvider] = [:]

    public init() {}

    public func gateway(account: AccountID, id: GatewayID) -> GatewayEntry? {
        entries[GatewayKey(account: account, gateway: id)]
    }

    /// The one of that slug, whether or not it is enabled.
    public func customProvider(account: AccountID, slug: String) -> CustomProvider? {
        providers[ProviderKey(account: account, slug: slug)]
    }

    public func customProviders(account: AccountID) -> [CustomProvider] {
        providers.values.filter { $0.account == account }.sorted { $0.slug < $1.slug }
    }

    public var gatewayCount: Int { entries.count }

    /// How many log entries each gateway keeps that says so.
    public var logCapacities: [GatewayLogCapacity] {
        entries.values.compactMap { entry in
            entry.settings.logCapacity.map {
                GatewayLogCapacity(account: entry.settings.account, gateway: entry.settings.id, entries: $0)
            }
        }
    }
}
