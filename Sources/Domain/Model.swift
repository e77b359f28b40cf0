/// A model of the catalogue, as its public page describes it. Unknown facts are nil, never guessed.
///
/// A class, so that handing a model on costs one reference count however much is known of it.
public final class Model: Sendable {
    public let id: ModelID
    /// Other spellings that callers may use.
    public let aliases: [String]
    public let provider: ProviderID
    /// The name the vendor itself uses.
    public let upstreamName: String
    public let name: String
    public let providerName: String
    public let family: String
    public let modality: Modality
    public let modalities: [String]
    public let summary: String
    /// `YYYY-MM-DD`.
    public let released: String?
    public let contextWindow: Int?
    public let maximumOutput: Int?
    /// Nil when no price is known; nobody may be charged for such a model.
    public let pricing: ModelPricing?
    /// Names the price list `pricing` is from, so that a charge can. Changes with every change of that list.
    public let priceVersion: String?
    public let capabilities: [String]
    public let outputLimitName: OutputLimitName
    /// The levels of effort the vendor takes, the least first; empty when it takes none or they are not known.
    public let reasoningEfforts: [ReasoningEffort]
    /// The parameters the model publishes, in its own order. Empty when they are not known.
    public let parameters: [PublishedParameter]
    /// Parameters of the endpoint that this model's vendor refuses.
    public let unsupportedParameters: [ChatParameter]
    /// What follows from all that for chat requests.
    public let chatBounds: ChatBounds
    public let page: ModelPage

    public init(
        id: ModelID, provider: ProviderID, upstreamName: String, name: String, providerName: String, family: String,
        modality: Modality, modalities: [String], summary: String, released: String? = nil,
        contextWindow: Int? = nil, maximumOutput: Int? = nil, pricing: ModelPricing? = nil, capabilities: [String] = [],
        outputLimitName: OutputLimitName = .either, aliases: [String] = [], priceVersion: String? = nil,
        reasoningEfforts: [ReasoningEffort] = [], parameters: [PublishedParameter] = [],
        unsupportedParameters: [ChatParameter] = [], page: ModelPage = ModelPage()
    ) {
        self.id = id
        self.aliases = aliases
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
        self.priceVersion = priceVersion
        self.capabilities = capabilities
        self.outputLimitName = outputLimitName
        self.reasoningEfforts = reasoningEfforts
        self.parameters = parameters
        self.unsupportedParameters = unsupportedParameters
        chatBounds = ChatBounds(
            publishing: parameters, efforts: reasoningEfforts, refusing: unsupportedParameters,
            isReasoning: capabilities.contains(Capability.reasoning.rawValue))
        self.page = page
    }

    public var takesImages: Bool {
        capabilities.contains(Capability.vision.rawValue) || modalities.contains("vision")
            || modalities.contains("image")
    }
}

/// Under which name a model's vendor takes the limit of its output. Callers may use either.
public enum OutputLimitName: String, Hashable, Sendable, CaseIterable {
    case either
    /// The older `max_tokens` is refused.
    case maxCompletionTokens = "max_completion_tokens"
}

/// What a model makes, and so which endpoint it answers at.
public enum Modality: String, Hashable, Sendable, CaseIterable {
    case text
    case embedding
    case image
    case transcription = "audio-stt"
    case speech = "audio-tts"
    case video
    case rerank
    case moderation
}

/// The fixed vocabulary of what a model can do.
public enum Capability: String, Hashable, Sendable, CaseIterable {
    case tools
    case streaming
    case vision
    case json
    case reasoning
    case promptCaching = "prompt-caching"
    case async
    case imageToImage = "image-to-image"
}
