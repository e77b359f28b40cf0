import Accounts
import Domain
import Telemetry

/// Makes a snapshot of what the store has. What did not change is taken from the one before.
struct GatewayReading {
    let before: GatewaySnapshot
    let seal: DocumentSeal
    private(set) var snapshot = GatewaySnapshot()
    private(set) var unreadable: [String] = []
    private(set) var usesVendorKeys = false

    init(before: GatewaySnapshot, seal: DocumentSeal) {
        self.before = before
        self.seal = seal
    }

    private struct Belongings {
        var configs: [StoredDocument] = []
        var routes: [StoredDocument] = []
    }

    mutating func read(
        _ store: any DocumentStore, vendorKeys: () throws(StoreError) -> [VendorKey],
        _ open: @escaping (VendorKey) -> Secret?
    ) throws(StoreError) {
        var belongings: [GatewaySnapshot.GatewayKey: Belongings] = [:]
        for document in try store.documents(.providerConfig, account: nil, gateway: nil) {
            belongings[Self.owner(document), default: Belongings()].configs.append(document)
        }
        for document in try store.documents(.route, account: nil, gateway: nil) {
            belongings[Self.owner(document), default: Belongings()].routes.append(document)
        }
        let keys = AccountKeys(try vendorKeys(), open)
        for document in try store.documents(.gateway, account: nil, gateway: nil) {
            let key = GatewaySnapshot.GatewayKey(account: document.account, gateway: GatewayID(document.id))
            snapshot.entries[key] = entry(document, belongings[key] ?? Belongings(), keys)
        }
        for document in try store.documents(.customProvider, account: nil, gateway: nil) {
            guard let provider = CustomProvider(document, seal) else {
                unreadable.append(document.id)
                continue
            }
            if provider.unreadableHeaders != nil { unreadable.append(document.id) }
            snapshot.providers[.init(account: document.account, slug: provider.slug)] = provider
        }
    }

    private static func owner(_ document: StoredDocument) -> GatewaySnapshot.GatewayKey {
        GatewaySnapshot.GatewayKey(account: document.account, gateway: document.gateway ?? GatewayID(""))
    }

    private mutating func entry(
        _ document: StoredDocument, _ belongings: Belongings, _ keys: AccountKeys
    ) -> GatewayEntry? {
        guard let gateway = GatewayDocument(document, seal) else {
            unreadable.append(document.id)
            return nil
        }
        if !gateway.unreadableParts.isEmpty { unreadable.append(document.id) }
        let found = belongings.configs.compactMap { key($0, keys) }
        let sources = [document] + belongings.configs + belongings.routes
        let last = before.gateway(account: document.account, id: gateway.id)
        if let last, last.sources == sources, last.keys == found, last.gateway == gateway { return last }
        return GatewayEntry(gateway, keys: found, routes: belongings.routes, sources: sources)
    }

    private mutating func key(_ document: StoredDocument, _ keys: AccountKeys) -> StoredVendorKey? {
        guard let config = ProviderConfig(document), let secret = secret(config, document, keys) else {
            unreadable.append(document.id)
            return nil
        }
        let rateLimit = config.rateLimit.flatMap { limit in
            config.rateLimitSeconds.map { GatewayRateLimit(limit: limit, intervalSeconds: $0, technique: .sliding) }
        }
        return StoredVendorKey(
            id: config.id, provider: config.provider, alias: config.alias, isDefault: config.isDefault,
            secret: secret, rateLimit: rateLimit)
    }

    private mutating func secret(
        _ config: ProviderConfig, _ document: StoredDocument, _ keys: AccountKeys
    ) -> Secret? {
        switch config.source {
        case .own(let sealed, _):
            return seal.open(sealed, ProviderConfig.sealLabel(config.provider), at: document.place)
        case .vendorKey(let id, _):
            usesVendorKeys = true
            return keys.secret(id, of: config.account, for: config.provider)
        }
    }
}

/// Accounts' own vendor keys, opened when they are asked for.
private struct AccountKeys {
    private let keys: [VendorKeyID: VendorKey]
    private let open: (VendorKey) -> Secret?

    init(_ keys: [VendorKey], _ open: @escaping (VendorKey) -> Secret?) {
        let good = keys.filter { $0.revokedAt == nil }.map { ($0.id, $0) }
        self.keys = Dictionary(good) { first, _ in first }
        self.open = open
    }

    /// Only a key of the same account, and of the same vendor: what a document says alone is not enough.
    func secret(_ id: VendorKeyID, of account: AccountID, for provider: String) -> Secret? {
        guard let key = keys[id], key.accountID == account,
            GatewayProviders.vendor(of: key.provider.rawValue) == GatewayProviders.vendor(of: provider)
        else { return nil }
        return open(key)
    }
}
