import Domain

/// What providers are called in addresses of gateways. The catalogue has other names for some vendors.
public enum GatewayProviders {
    /// Providers of custom definition begin so.
    public static let customPrefix = "custom-"

    public static let all = [
        "openai", "anthropic", "google-ai-studio", "google-vertex-ai", "grok", "groq", "mistral", "deepseek",
        "perplexity-ai", "cohere", "cerebras", "openrouter", "fireworks", "huggingface", "replicate", "azure-openai",
        "aws-bedrock", "workers-ai", "baseten", "parallel", "cartesia", "elevenlabs", "deepgram", "fal", "ideogram",
        "adobe-firefly", "alibaba", "minimax",
    ]

    /// Other names to the names of ``all``.
    private static let otherNames = [
        "google": "google-ai-studio", "google-vertex": "google-vertex-ai", "xai": "grok", "perplexity": "perplexity-ai",
        "bedrock": "aws-bedrock", "azure": "azure-openai",
    ]

    /// The one name that all names of a vendor come down to.
    public static func vendor(of name: String) -> String { otherNames[name] ?? name }

    public static func isKnown(_ name: String) -> Bool {
        if name.hasPrefix(customPrefix) { return CustomProvider.isSlug(String(name.dropFirst(customPrefix.count))) }
        return all.contains(name) || otherNames[name] != nil
    }

    /// What was probably meant.
    static func nearest(_ name: String) -> String? {
        NearestName.find(name, tail: name, among: all)
    }
}
