public import Domain
public import HTTPClient
public import Telemetry

/// A vendor, or anything that speaks its wire: where it is and what to say to be let in.
public struct Provider: Sendable {
    public let id: ProviderID
    /// POST to the chat endpoint, credentials included.
    public let chat: RequestTemplate
    /// Whether this is the simulator, which takes orders to misbehave and is named in every answer.
    public let isSandbox: Bool

    /// A vendor with OpenAI's wire. `baseURL` is what its clients call base URL, such as `https://api.openai.com/v1`.
    public static func openAICompatible(
        _ id: ProviderID, baseURL: String, key: Secret?, organization: String? = nil, project: String? = nil,
        isSandbox: Bool = false
    ) -> Provider {
        var headers = [("Content-Type", "application/json"), ("User-Agent", "aigateway")]
        if let key { headers.append(("Authorization", "Bearer \(key.reveal())")) }
        if let organization { headers.append(("OpenAI-Organization", organization)) }
        if let project { headers.append(("OpenAI-Project", project)) }
        let base = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        let template = RequestTemplate(
            .post, url: base + "/chat/completions", headers: headers, avoidsProxy: isSandbox)
        return Provider(id: id, chat: template, isSandbox: isSandbox)
    }
}

/// Which vendor serves which models.
public struct ProviderDirectory: Sendable {
    private let providers: [ProviderID: Provider]
    private let sandbox: Provider?

    /// With a sandbox, it plays every vendor.
    public init(_ providers: [Provider], sandbox: Provider? = nil) {
        self.providers = Dictionary(providers.map { ($0.id, $0) }) { first, _ in first }
        self.sandbox = sandbox
    }

    public func provider(for model: Model) -> Provider? {
        sandbox ?? providers[model.provider]
    }

    public var isEmpty: Bool { sandbox == nil && providers.isEmpty }
}
