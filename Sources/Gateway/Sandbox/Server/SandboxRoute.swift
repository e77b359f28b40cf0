/// What a path asks for. Vendors differ in what stands before it, so only its end counts.
enum SandboxRoute: Hashable {
    case chat, embeddings, messages, responses
    case gemini(GeminiCall)
    case models
    case model(String)

    /// A path of Gemini's, which names the model and says whether the answer is streamed.
    struct GeminiCall: Hashable {
        var model: String
        var isStreamed: Bool
    }

    init?(path: String) {
        if path.hasSuffix("/chat/completions") {
            self = .chat
        } else if path.hasSuffix("/embeddings") {
            self = .embeddings
        } else if path.hasSuffix("/messages") {
            self = .messages
        } else if path.hasSuffix("/responses") {
            self = .responses
        } else if path.hasSuffix("/models") {
            self = .models
        } else if let models = path.firstRange(of: "/models/") {
            let name = path[models.upperBound...]
            self = GeminiCall(name).map(SandboxRoute.gemini) ?? .model(String(name))
        } else {
            return nil
        }
    }

    var method: String {
        switch self {
        case .chat, .embeddings, .messages, .responses, .gemini: "POST"
        case .models, .model: "GET"
        }
    }

    var errors: ErrorDialect {
        switch self {
        case .messages: .anthropic
        case .gemini: .gemini
        case .chat, .embeddings, .responses, .models, .model: .openAI
        }
    }
}

extension SandboxRoute.GeminiCall {
    init?(_ text: Substring) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        switch text[text.index(after: colon)...] {
        case "generateContent": isStreamed = false
        case "streamGenerateContent": isStreamed = true
        default: return nil
        }
        model = String(text[..<colon])
    }
}
