import Testing

@testable import Dialects

@Suite("Native wires")
struct NativeWireTests {
    static let paths: [(String, String, NativeWire?)] = [
        ("openai", "chat/completions", .openAIChat), ("openai", "/v1/chat/completions?x=1", .openAIChat),
        ("openai", "v1/responses", .openAIResponses), ("openai", "embeddings", .openAIEmbeddings),
        ("openai", "v1/threads/t/messages", nil), ("openai", "v1/responses/r", nil), ("openai", "v1/images", nil),
        ("openai", "", nil), ("anthropic", "v1/messages", .anthropicMessages),
        ("anthropic", "v1/messages/count_tokens", nil), ("anthropic", "v1/messages/batches", nil),
        ("anthropic", "v1/chat/completions", .openAIChat),
        ("google-ai-studio", "v1beta/models/gemini-2.5-pro:generateContent", .geminiGenerate),
        ("google-ai-studio", "v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse", .geminiGenerate),
        ("google-ai-studio", "v1beta/models/gemini-2.5-pro:countTokens", nil),
        ("google-ai-studio", "v1beta/openai/chat/completions", .openAIChat),
        ("google-vertex-ai", "v1/projects/p/locations/l/publishers/google/models/g:generateContent", .geminiGenerate),
        (
            "google-vertex-ai", "v1/projects/p/locations/l/publishers/anthropic/models/c:streamRawPredict",
            .anthropicMessages
        ),
        ("google-vertex-ai", "v1/projects/p/locations/l/endpoints/openapi/chat/completions", .openAIChat),
        ("google-vertex-ai", "v1/projects/p/locations/l/publishers/meta/models/m:rawPredict", nil),
        ("grok", "v1/chat/completions", .openAIChat), ("grok", "v1/messages", .anthropicMessages),
        ("groq", "chat/completions", .openAIChat), ("mistral", "v1/embeddings", .openAIEmbeddings),
        ("deepseek", "chat/completions", .openAIChat), ("deepseek", "anthropic/v1/messages", .anthropicMessages),
        ("perplexity-ai", "chat/completions", .openAIChat), ("cohere", "v2/chat", .cohereChat),
        ("cohere", "v1/chat", nil), ("cohere", "v2/rerank", nil), ("cerebras", "v1/chat/completions", .openAIChat),
        ("openrouter", "v1/chat/completions", .openAIChat), ("fireworks", "chat/completions", .openAIChat),
        ("huggingface", "meta-llama/Llama-3/v1/chat/completions", .openAIChat), ("huggingface", "bert", nil),
        ("azure-openai", "res/dep/chat/completions?api-version=2024", .openAIChat),
        ("azure-openai", "res/dep/embeddings", .openAIEmbeddings), ("azure-openai", "chat/completions", nil),
        ("aws-bedrock", "bedrock-runtime/us-east-1/model/anthropic.claude-v2%3A1/invoke", .anthropicMessages),
        ("aws-bedrock", "bedrock-runtime/us-east-1/model/us.anthropic.claude-v2:1/invoke", .anthropicMessages),
        ("aws-bedrock", "bedrock-runtime/us-east-1/model/meta.llama/invoke", nil),
        ("aws-bedrock", "bedrock-runtime/us-east-1/model/anthropic.x/invoke-with-response-stream", nil),
        ("workers-ai", "v1/chat/completions", .openAIChat), ("workers-ai", "@cf/meta/llama-3.1-8b", .workersAIRun),
        ("workers-ai", "run/@cf/meta/llama-3.1-8b", .workersAIRun), ("workers-ai", "@cf%2Fmeta%2Fllama", .workersAIRun),
        ("workers-ai", "meta/llama", nil), ("elevenlabs", "v1/chat/completions", nil),
        ("replicate", "v1/predictions", nil), ("custom-mine", "api/v9/chat/completions", .openAIChat),
        ("custom-mine", "v1/messages", .anthropicMessages), ("custom-mine", "threads/t/messages", nil),
        ("custom-mine", "v1beta/models/g:generateContent", .geminiGenerate), ("xai", "v1/responses", .openAIResponses),
    ]

    @Test(arguments: paths)
    func `a vendor's path has its wire`(provider: String, path: String, wire: NativeWire?) {
        #expect(NativeWire.of(provider: provider, path: path) == wire)
    }

    @Test(arguments: [
        ("%41/b%2Fc", ["A", "b", "c"]), ("a%", ["a%"]), ("a%4", ["a%4"]), ("a%zz/b", ["a%zz", "b"]), ("%ff", ["%ff"]),
        ("//a//b/?c/d", ["a", "b"]), ("a#b/c", ["a"]),
    ])
    func `a path is its parts, with escapes undone where they can be`(path: String, parts: [String]) {
        #expect(NativePath.segments(path).map(String.init) == parts)
    }
}
