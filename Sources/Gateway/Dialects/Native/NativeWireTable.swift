/// Which vendors speak which wire at which of their paths, by their documentation.
enum NativeWireTable {
    struct Route: Sendable {
        let pattern: NativePathPattern
        let wire: NativeWire

        init(_ pattern: String, _ wire: NativeWire) {
            self.pattern = NativePathPattern(pattern)
            self.wire = wire
        }
    }

    static let routes: [String: [Route]] = [
        "openai": openAI("", "v1/"),
        "anthropic": [Route("v1/messages", .anthropicMessages), Route("v1/chat/completions", .openAIChat)],
        "google-ai-studio": google, "google": google,
        "google-vertex-ai": vertex, "google-vertex": vertex,
        "grok": openAI("v1/") + messages("v1/"), "xai": openAI("v1/") + messages("v1/"),
        "groq": openAI("", "openai/v1/"),
        "mistral": openAI("v1/"),
        "deepseek": openAI("", "v1/", "beta/") + messages("anthropic/v1/"),
        "perplexity-ai": openAI("", "v1/"),
        "cohere": [Route("v2/chat", .cohereChat)] + openAI("compatibility/v1/"),
        "cerebras": openAI("", "v1/"),
        "openrouter": openAI("", "v1/", "api/v1/") + messages("v1/", "api/v1/"),
        "fireworks": openAI("", "v1/", "inference/v1/") + messages("", "v1/", "inference/v1/"),
        "huggingface": openAI("**/v1/"),
        "azure-openai": azure, "azure": azure,
        "aws-bedrock": bedrock, "bedrock": bedrock,
        "workers-ai": openAI("v1/") + workersAI,
        "baseten": openAI("**/"), "parallel": openAI("", "v1/", "v1beta/"),
        // These make sounds and pictures, which no wire here counts.
        "replicate": [], "cartesia": [], "elevenlabs": [], "deepgram": [], "fal": [], "ideogram": [],
        "adobe-firefly": [],
    ]

    /// For vendors of the operator's own.
    static let others: [Route] = openAI("**/") + messages("**/v1/") + gemini("**/") + [Route("v2/chat", .cohereChat)]

    private static func openAI(_ prefixes: String...) -> [Route] {
        prefixes.flatMap { prefix in
            [
                Route(prefix + "chat/completions", .openAIChat), Route(prefix + "responses", .openAIResponses),
                Route(prefix + "embeddings", .openAIEmbeddings),
            ]
        }
    }

    private static func messages(_ prefixes: String...) -> [Route] {
        prefixes.map { Route($0 + "messages", .anthropicMessages) }
    }

    private static func gemini(_ prefix: String) -> [Route] {
        ["generateContent", "streamGenerateContent"].map { Route("\(prefix)models/*:\($0)", .geminiGenerate) }
    }

    private static let google = gemini("*/") + openAI("*/openai/")

    private static let vertex =
        gemini("**/publishers/google/") + openAI("**/endpoints/*/")
        + ["rawPredict", "streamRawPredict"].map {
            Route("**/publishers/anthropic/models/*:\($0)", .anthropicMessages)
        }

    private static let azure = openAI("*/*/", "*/openai/deployments/*/", "*/openai/v1/")

    /// Only Anthropic's models take their own wire there, and only whole answers are JSON: streams are frames of AWS.
    private static let bedrock =
        openAI("**/openai/v1/") + [Route("**/model/*anthropic.*/invoke", .anthropicMessages)]

    private static let workersAI = ["@cf", "@hf"].flatMap { hub in
        ["", "run/"].map { Route("\($0)\(hub)/*/*", .workersAIRun) }
    }
}
