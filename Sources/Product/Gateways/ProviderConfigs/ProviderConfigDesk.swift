import Accounts
import Crypto
public import Domain
public import JSON
import Telemetry

/// Vendors' keys that gateways use for their calls. Called off the loops. What goes in never comes out here.
public struct ProviderConfigDesk: Sendable {
    /// Keys of one gateway.
    public static let mostOfAGateway = 100

    private let office: GatewayOffice
    let vendorKeys: any KeyStore

    /// - Parameter vendorKeys: Where accounts' own vendor keys are.
    public init(_ office: GatewayOffice, vendorKeys: any KeyStore) {
        self.office = office
        self.vendorKeys = vendorKeys
    }

    /// The oldest first.
    public func configs(of gateway: GatewayID, _ account: AccountID) throws(GatewayError) -> [ProviderConfig] {
        try office.turn.take { () throws(GatewayError) in
            _ = try office.gatewayInTurn(gateway, of: account)
            return try all(of: gateway, account)
        }
    }

    public func config(
        _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> ProviderConfig {
        let document = try stored { () throws(StoreError) in
            try office.store.document(.providerConfig, id, account: account)
        }
        guard let document, document.gateway == gateway else { throw .notFound("provider config") }
        guard let config = ProviderConfig(document) else { throw Self.unreadable }
        return config
    }

    public func create(
        _ sent: JSONValue, in gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> ProviderConfig {
        let fields = try ProviderConfigFields(sent)
        let place = ProviderConfig.place("pc_" + SecureRandom.base62(length: 16), account, gateway)
        return try office.turn.take { () throws(GatewayError) in
            _ = try office.gatewayInTurn(gateway, of: account)
            let others = try all(of: gateway, account)
            guard others.count < Self.mostOfAGateway else {
                throw GatewayError(
                    .conflict, "A gateway has \(Self.mostOfAGateway) provider configs at most. Delete one first.")
            }
            let (provider, secret) = try fields.required()
            var config = ProviderConfig(
                id: place.id, account: account, gateway: gateway, provider: provider,
                source: try source(secret, for: provider, at: place), createdAt: office.now())
            fields.apply(to: &config)
            let siblings = others.filter { Self.isSameVendor($0, config) }
            // The first key of a vendor is the one that is meant when none is named.
            config.isDefault = fields.isDefault.value ?? siblings.isEmpty
            let complete = config
            try checkAlias(of: complete, among: siblings)
            try stored { () throws(StoreError) in try office.store.insert(complete.stored) }
            try leaveDefault(to: complete, siblings)
            return complete
        }
    }

    /// What is absent stays as it is. Another secret takes the place of the one before.
    public func update(
        _ id: String, _ sent: JSONValue, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> ProviderConfig {
        try office.turn.take { () throws(GatewayError) in
            var config = try config(id, of: gateway, account)
            let fields = try ProviderConfigFields(sent, changing: config)
            if let secret = fields.secret {
                let place = ProviderConfig.place(id, account, gateway)
                config.source = try source(secret, for: config.provider, at: place)
            }
            fields.apply(to: &config)
            config.isDefault = fields.isDefault.value ?? config.isDefault
            config.modifiedAt = office.now()
            let complete = config
            let siblings = try all(of: gateway, account).filter { $0.id != id && Self.isSameVendor($0, complete) }
            try checkAlias(of: complete, among: siblings)
            guard try stored({ () throws(StoreError) in try office.store.update(complete.stored) }) else {
                throw .notFound("provider config")
            }
            try leaveDefault(to: complete, siblings)
            return complete
        }
    }

    /// Returns what it was.
    public func delete(
        _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> ProviderConfig {
        try office.turn.take { () throws(GatewayError) in
            let config = try config(id, of: gateway, account)
            _ = try stored { () throws(StoreError) in
                try office.store.delete(.providerConfig, id, account: account)
            }
            return config
        }
    }

    // MARK: Rules

    private func all(of gateway: GatewayID, _ account: AccountID) throws(GatewayError) -> [ProviderConfig] {
        try stored { () throws(StoreError) in
            try office.store.documents(.providerConfig, account: account, gateway: gateway)
        }.map { document throws(GatewayError) in
            guard let config = ProviderConfig(document) else { throw Self.unreadable }
            return config
        }
    }

    private static func isSameVendor(_ left: ProviderConfig, _ right: ProviderConfig) -> Bool {
        GatewayProviders.vendor(of: left.provider) == GatewayProviders.vendor(of: right.provider)
    }

    private func checkAlias(of config: ProviderConfig, among siblings: [ProviderConfig]) throws(GatewayError) {
        guard !siblings.contains(where: { $0.alias == config.alias }) else {
            throw GatewayError(
                .conflict, "The gateway has a key of `\(config.provider)` with the alias `\(config.alias)` already.",
                param: "/alias")
        }
    }

    /// A vendor has one default at most: the latest that was said to be it.
    private func leaveDefault(to config: ProviderConfig, _ siblings: [ProviderConfig]) throws(GatewayError) {
        guard config.isDefault else { return }
        for var sibling in siblings where sibling.isDefault {
            sibling.isDefault = false
            let changed = sibling
            _ = try stored { () throws(StoreError) in try office.store.update(changed.stored) }
        }
    }

    private func source(
        _ secret: ProviderConfigFields.SecretSent, for provider: String, at place: DocumentPlace
    ) throws(GatewayError) -> ProviderConfig.Source {
        switch secret {
        case .own(let secret):
            let sealed = office.seal.seal(secret, ProviderConfig.sealLabel(provider), at: place)
            return .own(sealed: sealed, hint: ProviderConfigFields.hint(secret))
        case .vendorKey(let id):
            let key = try stored { () throws(StoreError) in
                try vendorKeys.vendorKeys().first {
                    $0.id == id && $0.accountID == place.account && $0.revokedAt == nil
                }
            }
            guard let key else {
                throw GatewayError(
                    .invalidValue, "/secret_id: the account has no vendor key of that id.", param: "/secret_id")
            }
            let vendor = GatewayProviders.vendor(of: key.provider.rawValue)
            guard vendor == GatewayProviders.vendor(of: provider) else {
                throw GatewayError(
                    .invalidValue, "/secret_id: that vendor key is one of \(key.provider), not of \(provider).",
                    param: "/secret_id")
            }
            return .vendorKey(id, hint: key.hint)
        }
    }

    private static var unreadable: GatewayError {
        GatewayError(.internalError, "What is kept of the provider config cannot be read.")
    }
}
