import Domain

extension Catalogue {
    /// The four models the gateway was first built for.
    ///
    /// Facts are those of the models' public pages; where a page is silent, so is this list.
    public static let seed = Catalogue([
        Model(
            id: "openai/o4-mini", upstreamName: "o4-mini", name: "O4-Mini", family: "o-series",
            modalities: ["text", "vision"],
            summary:
                "OpenAI's fast, lightweight reasoning model optimized for multi-step problem solving at lower cost.",
            released: "2026-05-22", contextWindow: 200_000, maximumOutput: 100_000,
            pricing: TokenPricing(inputPerMillion: 1_100_000_000, outputPerMillion: 4_400_000_000),
            capabilities: ["tools", "streaming", "vision", "json", "reasoning"],
            outputLimitName: .maxCompletionTokens),
        Model(
            id: "openai/o3-mini", upstreamName: "o3-mini", name: "o3-mini", family: "o-series", modalities: ["text"],
            summary:
                "o3-mini is the lightweight, low-cost reasoning variant of o3, well suited to quick analytical tasks at scale.",
            contextWindow: 200_000, capabilities: ["streaming", "reasoning"],
            outputLimitName: .maxCompletionTokens),
        Model(
            id: "openai/gpt-4.1-mini", upstreamName: "gpt-4.1-mini", name: "GPT-4.1 mini", family: "gpt-4.1",
            modalities: ["text"],
            summary: "Fast, affordable version of GPT-4.1 with a million-token context window.",
            contextWindow: 1_047_576, capabilities: ["streaming"]),
        Model(
            id: "openai/gpt-5.4-mini", upstreamName: "gpt-5.4-mini", name: "GPT-5.4 mini", family: "gpt-5.4",
            modalities: ["text"],
            summary:
                "GPT-5.4 Mini is a smaller, faster, and more cost-efficient version of GPT-5.4 for lightweight tasks.",
            contextWindow: 128_000, capabilities: ["streaming"], outputLimitName: .maxCompletionTokens),
    ])
}

extension Model {
    /// A text model of OpenAI's.
    fileprivate init(
        id: String, upstreamName: String, name: String, family: String, modalities: [String], summary: String,
        released: String? = nil, contextWindow: Int, maximumOutput: Int? = nil, pricing: TokenPricing? = nil,
        capabilities: [String], outputLimitName: OutputLimitName = .either
    ) {
        self.init(
            id: ModelID(id), provider: ProviderID("openai"), upstreamName: upstreamName, name: name,
            providerName: "OpenAI", family: family, modality: .text, modalities: modalities, summary: summary,
            released: released, contextWindow: contextWindow, maximumOutput: maximumOutput, pricing: pricing,
            capabilities: capabilities, outputLimitName: outputLimitName)
    }
}
