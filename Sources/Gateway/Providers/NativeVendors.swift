/// The vendors that can be called in their own wire through a gateway, as their documentation says.
public enum NativeVendors {
    /// The models that are hosted here rather than asked for elsewhere.
    public static let hosted = "workers-ai"
    /// Vendors that an account has defined have names that begin so.
    public static let customPrefix = "custom-"
    /// Names of hosted models begin so.
    public static let hostedModelPrefix = "@cf/"

    public static let all: [NativeVendor] = [
        NativeVendor("openai", .versioned("https://api.openai.com")),
        NativeVendor("anthropic", .fixed("https://api.anthropic.com"), key: .plain("x-api-key")),
        NativeVendor(
            "google-ai-studio", .fixed("https://generativelanguage.googleapis.com"), key: .plain("x-goog-api-key"),
            author: "google"),
        NativeVendor(
            "google-vertex-ai", .derived(NativeAddress.vertex), author: "google-vertex", aliases: ["google-vertex"]),
        NativeVendor("grok", .versioned("https://api.x.ai"), author: "xai", aliases: ["xai"]),
        NativeVendor("groq", .fixed("https://api.groq.com/openai/v1")),
        NativeVendor("mistral", .versioned("https://api.mistral.ai")),
        NativeVendor("deepseek", .fixed("https://api.deepseek.com")),
        NativeVendor(
            "perplexity-ai", .fixed("https://api.perplexity.ai"), author: "perplexity", aliases: ["perplexity"]),
        NativeVendor("cohere", .fixed("https://api.cohere.com")),
        NativeVendor("cerebras", .versioned("https://api.cerebras.ai")),
        NativeVendor("openrouter", .versioned("https://openrouter.ai/api")),
        NativeVendor("fireworks", .fixed("https://api.fireworks.ai/inference/v1")),
        NativeVendor("huggingface", .fixed("https://api-inference.huggingface.co/models")),
        NativeVendor("replicate", .versioned("https://api.replicate.com")),
        NativeVendor("azure-openai", .derived(NativeAddress.azure), key: .plain("api-key"), aliases: ["azure"]),
        // Requests are signed with its keys, which a gateway would have to do anew for each.
        NativeVendor("aws-bedrock", .derived(NativeAddress.bedrock), aliases: ["bedrock"], takesStoredKeys: false),
        NativeVendor("baseten", .derived(NativeAddress.baseten)),
        NativeVendor("parallel", .fixed("https://api.parallel.ai"), key: .plain("x-api-key")),
        NativeVendor("cartesia", .fixed("https://api.cartesia.ai"), key: .plain("X-API-Key")),
        NativeVendor("elevenlabs", .fixed("https://api.elevenlabs.io"), key: .plain("xi-api-key")),
        NativeVendor(
            "deepgram", .versioned("https://api.deepgram.com"), key: .init(name: "Authorization", scheme: "Token")),
        NativeVendor("fal", .fixed("https://fal.run"), key: .init(name: "Authorization", scheme: "Key")),
        NativeVendor("ideogram", .fixed("https://api.ideogram.ai"), key: .plain("Api-Key")),
        NativeVendor("adobe-firefly", .fixed("https://firefly-api.adobe.io")),
    ]

    private static let byName: [String: NativeVendor] = {
        let names = all.flatMap { vendor in ([vendor.id] + vendor.aliases).map { ($0, vendor) } }
        return Dictionary(names) { first, _ in first }
    }()

    /// By what its models are called after.
    public static func author(_ name: String) -> NativeVendor? { all.first { $0.author == name } }

    /// By id or alias.
    public static func vendor(_ name: String) -> NativeVendor? { byName[name] }

    /// The name of a model in the catalogue, from the one it has after a vendor's: `grok/grok-4` is `xai/grok-4`, and
    /// `workers-ai/@cf/meta/llama` is `@cf/meta/llama`. Any other name is left as it is.
    public static func catalogueName(_ model: String) -> String {
        guard let slash = model.firstIndex(of: "/") else { return model }
        let (prefix, name) = (model[..<slash], model[model.index(after: slash)...])
        if prefix == hosted { return String(name) }
        guard let vendor = byName[String(prefix)], vendor.author != prefix else { return model }
        return "\(vendor.author)/\(name)"
    }
}

/// Addresses that depend on what is asked for. Parts of a path become parts of a host name here, so nothing but the
/// characters of one is let through.
enum NativeAddress {
    private static let longestLabel = 63

    /// `v1/projects/{project}/locations/{region}/…`; the region is part of the host too.
    static func vertex(_ path: String) -> String? {
        let bare = path.prefix { $0 != "?" }
        let parts = bare.split(separator: "/", omittingEmptySubsequences: false)
        guard let place = parts.firstIndex(of: "locations"), place + 1 < parts.count, isLabel(parts[place + 1]) else {
            return nil
        }
        let region = parts[place + 1]
        let host = region == "global" ? "aiplatform.googleapis.com" : "\(region)-aiplatform.googleapis.com"
        return "https://\(host)/\(path)"
    }

    /// `{resource}/{deployment}/…`
    static func azure(_ path: String) -> String? {
        let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, isLabel(parts[0]), !parts[1].isEmpty else { return nil }
        return "https://\(parts[0]).openai.azure.com/openai/deployments/\(parts[1])/\(parts[2])"
    }

    /// `bedrock-runtime/{region}/…`
    static func bedrock(_ path: String) -> String? {
        let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "bedrock-runtime", isLabel(parts[1]) else { return nil }
        return "https://bedrock-runtime.\(parts[1]).amazonaws.com/\(parts[2])"
    }

    /// `model/{id}/…` is a deployment of its own; all else goes to the models that everybody shares.
    static func baseten(_ path: String) -> String? {
        let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.first == "model" else { return "https://inference.baseten.co/\(path)" }
        guard parts.count == 3, isLabel(parts[1]) else { return nil }
        return "https://model-\(parts[1]).api.baseten.co/\(parts[2])"
    }

    private static func isLabel(_ text: Substring) -> Bool {
        (1...longestLabel).contains(text.utf8.count)
            && text.utf8.first != UInt8(ascii: "-") && text.utf8.last != UInt8(ascii: "-")
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "-")
            }
    }
}
