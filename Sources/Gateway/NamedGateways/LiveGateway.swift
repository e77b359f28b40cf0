public import Domain
public import DynamicRouting
public import Governance
public import Guards
public import Spans
public import Telemetry

/// A named gateway with everything that belongs to it, as it was at one moment. Replaced as a whole when it changes.
public final class LiveGateway: Sendable {
    public let settings: GatewaySettings
    /// Vendor keys it keeps.
    public let keys: [StoredKey]
    public let inspector: DLPInspector?
    public let guardrails: Guardrails?
    public let spendLimits: SpendLimits
    /// Who is told of its calls.
    public let collectors: [OTLPDestination]
    /// Whether a part of it cannot be read: what it holds calls to is then not known, and none is let in.
    public let isUnreadable: Bool
    /// By name.
    public let routes: [String: LiveRoute]

    public init(
        _ settings: GatewaySettings, keys: [StoredKey] = [], inspector: DLPInspector? = nil,
        guardrails: Guardrails? = nil, spendLimits: SpendLimits = SpendLimits(), collectors: [OTLPDestination] = [],
        isUnreadable: Bool = false, routes: [LiveRoute] = []
    ) {
        self.settings = settings
        self.keys = keys
        self.inspector = inspector
        self.guardrails = guardrails
        self.spendLimits = spendLimits
        self.collectors = collectors
        self.isUnreadable = isUnreadable
        self.routes = Dictionary(routes.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Whether answers must be there as a whole before anything of them may go out.
    var holdsAnswersBack: Bool {
        inspector?.policies.checks(.response) == true || guardrails?.checks(.response) == true
    }

    public struct StoredKey: Sendable {
        /// Who made the models it opens, in the catalogue's words, or `custom-{slug}`.
        public let provider: ProviderID
        public let alias: String
        /// Used when no alias is asked for.
        public let isDefault: Bool
        public let secret: Secret

        public init(provider: ProviderID, alias: String, isDefault: Bool, secret: Secret) {
            self.provider = provider
            self.alias = alias
            self.isDefault = isDefault
            self.secret = secret
        }
    }
}

/// A provider of the account's own, outside the catalogue.
public struct LiveProvider: Sendable {
    public let slug: String
    public let baseURL: String
    /// Sent with every request.
    public let headers: [(String, String)]

    public init(slug: String, baseURL: String, headers: [(String, String)] = []) {
        self.slug = slug
        self.baseURL = baseURL
        self.headers = headers
    }
}

/// The gateways there are, in memory.
public protocol GatewayBook: Sendable {
    func gateway(_ id: GatewayID, of account: AccountID) -> LiveGateway?
    func provider(_ slug: String, of account: AccountID) -> LiveProvider?
    /// Makes the account's default gateway, if there is none by now. Does not block its caller's thread.
    func makeDefault(for account: AccountID) async throws(GatewayError) -> LiveGateway
}
