/// A model of the catalogue, as its public page describes it. Unknown facts are nil, never guessed.
public struct Model: Hashable, Sendable {
    public var id: ModelID
    public var provider: ProviderID
    /// The name the vendor itself uses.
    public var upstreamName: String
    public var name: String
    public var providerName: String
    public var family: String
    public var modality: Modality
    public var modalities: [String]
    public var summary: String
    /// `YYYY-MM-DD`.
    public var released: String?
    public var contextWindow: Int?
    public var maximumOutput: Int?
    public var pricing: TokenPricing?
    public var capabilities: [String]
    public var outputLimitName: OutputLimitName
    public var bounds = ParameterBounds()

    public init(
        id: ModelID, provider: ProviderID, upstreamName: String, name: String, providerName: String, family: String,
        modality: Modality, modalities: [String], summary: String, released: String? = nil,
        contextWindow: Int? = nil, maximumOutput: Int? = nil, pricing: TokenPricing? = nil, capabilities: [String] = [],
        outputLimitName: OutputLimitName = .either
    ) {
        self.id = id
        self.provider = provider
        self.upstreamName = upstreamName
        self.name = name
        self.providerName = providerName
        self.family = family
        self.modality = modality
        self.modalities = modalities
        self.summary = summary
        self.released = released
        self.contextWindow = contextWindow
        self.maximumOutput = maximumOutput
        self.pricing = pricing
        self.capabilities = capabilities
        self.outputLimitName = outputLimitName
    }
}

/// Under which name a model's vendor takes the limit of its output. Callers may use either.
public enum OutputLimitName: Hashable, Sendable {
    case either
    /// The older `max_tokens` is refused.
    case maxCompletionTokens
}

public enum Modality: String, Hashable, Sendable, CaseIterable {
    case text
}

/// Prices in nano-dollars for a million tokens: whole numbers, because money is never a fraction here.
public struct TokenPricing: Hashable, Sendable {
    public var inputPerMillion: Int64
    public var outputPerMillion: Int64

    public init(inputPerMillion: Int64, outputPerMillion: Int64) {
        self.inputPerMillion = inputPerMillion
        self.outputPerMillion = outputPerMillion
    }
}
