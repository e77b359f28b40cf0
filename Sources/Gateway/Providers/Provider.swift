public import Domain
public import HTTPClient
public import Telemetry

/// A vendor, or anything that speaks its wire: where it is and what to say to be let in.
public struct Provider: Sendable {
    public let id: ProviderID
    /// What all addresses of its OpenAI wire begin with, without a slash at the end.
    public let baseURL: String
    /// POST to the chat endpoint, credentials included.
    public let chat: RequestTemplate
    /// The same without our credentials, for callers who bring their own.
    public let chatOnOwnKey: RequestTemplate
    /// Our own key, to keep it out of what callers are told.
    public let key: Secret?
    /// Whether this is the simulator, which takes orders to misbehave and is named in every answer.
    public let isSandbox: Bool

    /// A vendor with OpenAI's wire. `baseURL` is what its clients call base URL, such as `https://api.openai.com/v1`.
    public static func openAICompatible(
        _ id: ProviderID, baseURL: String, key: Secret?, organization: String? = nil, project: String? = nil,
        headers extra: [(String, String)] = [], isSandbox: Bool = false
    ) -> Provider {
        let common = [("Content-Type", "application/json"), ("User-Agent", "aigateway")] + extra
        var headers = common
        if let key { headers.append(("Authorization", "Bearer \(key.reveal())")) }
        if let organization { headers.append(("OpenAI-Organization", organization)) }
        if let project { headers.append(("OpenAI-Project", project)) }
        let base = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        let template = { (headers: [(String, String)]) in
            RequestTemplate(.post, url: base + "/chat/completions", headers: headers, avoidsProxy: isSandbox)
        }
        return Provider(
            id: id, baseURL: base, chat: template(headers), chatOnOwnKey: template(common), key: key,
            isSandbox: isSandbox)
    }

    /// What lets a caller's own key in.
    public static func credentials(_ key: Secret) -> (String, String) {
        ("Authorization", "Bearer \(key.reveal())")
    }
}

/// Which vendor serves which models.
public struct ProviderDirectory: Sendable {
    private let providers: [ProviderID: Provider]
    private let sandbox: Provider?
    /// Vendors whose address is known; without a key of ours, only callers' own keys open them.
    private let known: [ProviderID: Provider]

    /// With a sandbox, it plays every vendor.
    public init(_ providers: [Provider], sandbox: Provider? = nil) {
        self.providers = Dictionary(providers.map { ($0.id, $0) }) { first, _ in first }
        self.sandbox = sandbox
        known = Dictionary(
            uniqueKeysWithValues: VendorAddresses.all.map { vendor in
                let id = ProviderID(vendor.id)
                return (id, Provider.openAICompatible(id, baseURL: vendor.baseURL, key: nil))
            })
    }

    public func provider(for model: Model) -> Provider? {
        sandbox ?? providers[model.provider]
    }

    /// Who is asked with a caller's own key: the vendor itself, never the simulator.
    public func vendor(for model: Model) -> Provider? {
        providers[model.provider] ?? known[model.provider]
    }

    /// Who is asked with a key of the gateway's own.
    public func provider(_ id: ProviderID) -> Provider? { sandbox ?? providers[id] }

    public func knows(_ id: ProviderID) -> Bool { providers[id] != nil || known[id] != nil }

    public var isEmpty: Bool { sandbox == nil && providers.isEmpty }
}
