/// Where the vendors of the built-in catalogue speak OpenAI's wire, as their documentation says.
public enum VendorAddresses {
    public static let all: [(id: String, baseURL: String)] = [
        ("openai", "https://api.openai.com/v1"),
        ("anthropic", "https://api.anthropic.com/v1"),
        ("cohere", "https://api.cohere.ai/compatibility/v1"),
        ("deepseek", "https://api.deepseek.com/v1"),
        ("google", "https://generativelanguage.googleapis.com/v1beta/openai"),
        ("groq", "https://api.groq.com/openai/v1"),
        ("mistral", "https://api.mistral.ai/v1"),
        ("qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"),
        ("together", "https://api.together.xyz/v1"),
        ("xai", "https://api.x.ai/v1"),
    ]
}
