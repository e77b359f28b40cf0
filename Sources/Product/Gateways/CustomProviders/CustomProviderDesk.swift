import Accounts
import Crypto
public import Domain
public import JSON

/// Providers that accounts define for themselves. Called off the loops.
public struct CustomProviderDesk: Sendable {
    /// Of one account.
    public static let mostOfAnAccount = 100

    private let office: GatewayOffice
    private let address: ProviderAddress

    /// - Parameter allowsPrivate: Whether they may be at plain HTTP and in networks of one's own.
    public init(_ office: GatewayOffice, allowsPrivate: Bool = false) {
        self.office = office
        address = ProviderAddress(allowsPrivate: allowsPrivate)
    }

    /// Which of them are wanted; nil for whichever.
    public struct Search: Sendable {
        /// A part of id, name or slug, in whatever case.
        public var text: String?
        public var isEnabled: Bool?
        public var isBeta: Bool?

        public init(text: String? = nil, isEnabled: Bool? = nil, isBeta: Bool? = nil) {
            self.text = text
            self.isEnabled = isEnabled
            self.isBeta = isBeta
        }

        func finds(_ provider: CustomProvider) -> Bool {
            let wanted = text?.lowercased() ?? ""
            let isNamed =
                wanted.isEmpty
                || [provider.id, provider.name, provider.slug].contains {
                    $0.lowercased().firstRange(of: wanted) != nil
                }
            return isNamed && isEnabled.map { $0 == provider.isEnabled } ?? true
                && isBeta.map { $0 == provider.isBeta } ?? true
        }
    }

    /// The oldest first.
    public func providers(
        of account: AccountID, _ search: Search = Search()
    ) throws(GatewayError) -> [CustomProvider] {
        try stored { () throws(StoreError) in
            try office.store.documents(.customProvider, account: account, gateway: nil)
        }.map { document throws(GatewayError) in try read(document) }.filter { search.finds($0) }
    }

    public func provider(_ id: String, of account: AccountID) throws(GatewayError) -> CustomProvider {
        let document = try stored { () throws(StoreError) in
            try office.store.document(.customProvider, id, account: account)
        }
        guard let document else { throw .notFound("custom provider") }
        return try read(document)
    }

    public func create(_ sent: JSONValue, in account: AccountID) throws(GatewayError) -> CustomProvider {
        let fields = try CustomProviderFields(sent, address)
        guard let name = fields.name, let slug = fields.slug, let baseURL = fields.baseURL else {
            throw GatewayError(.missingField, "The name, the slug or the base URL is missing.")
        }
        var provider = CustomProvider(
            id: "cp_" + SecureRandom.base62(length: 16), account: account, name: name, slug: slug, baseURL: baseURL,
            createdAt: office.now())
        fields.apply(to: &provider)
        let complete = provider
        try office.turn.take { () throws(GatewayError) in
            let others = try providers(of: account)
            guard others.count < Self.mostOfAnAccount else {
                throw GatewayError(
                    .conflict, "An account has \(Self.mostOfAnAccount) custom providers at most. Delete one first.")
            }
            try Self.checkSlug(of: complete, among: others)
            try stored { () throws(StoreError) in try office.store.insert(complete.stored(office.seal)) }
        }
        return complete
    }

    /// What is absent stays as it is, null clears.
    public func update(
        _ id: String, _ sent: JSONValue, of account: AccountID
    ) throws(GatewayError) -> CustomProvider {
        try office.turn.take { () throws(GatewayError) in
            var provider = try provider(id, of: account)
            try CustomProviderFields(sent, changing: provider, address).apply(to: &provider)
            provider.modifiedAt = office.now()
            let complete = provider
            try Self.checkSlug(of: complete, among: try providers(of: account))
            guard
                try stored({ () throws(StoreError) in try office.store.update(complete.stored(office.seal)) })
            else { throw .notFound("custom provider") }
            return complete
        }
    }

    /// Returns what it was.
    public func delete(_ id: String, of account: AccountID) throws(GatewayError) -> CustomProvider {
        try office.turn.take { () throws(GatewayError) in
            let provider = try provider(id, of: account)
            _ = try stored { () throws(StoreError) in
                try office.store.delete(.customProvider, id, account: account)
            }
            return provider
        }
    }

    private static func checkSlug(
        of provider: CustomProvider, among others: [CustomProvider]
    ) throws(GatewayError) {
        guard !others.contains(where: { $0.slug == provider.slug && $0.id != provider.id }) else {
            throw GatewayError(
                .conflict, "The account has a custom provider `\(provider.slug)` already.", param: "/slug")
        }
    }

    private func read(_ document: StoredDocument) throws(GatewayError) -> CustomProvider {
        guard let provider = CustomProvider(document, office.seal) else {
            throw GatewayError(.internalError, "What is kept of the custom provider cannot be read.")
        }
        return provider
    }
}
