import JSON

/// A chat completion request that was found good.
struct ChatRequest: Sendable {
    var model: SandboxModel
    var messages: [ChatMessage]
    /// Tokens the answer may have, reasoning included; nil when the request sets no limit.
    var maximumTokens: Int?
    var effort = ReasoningEffort.medium
    var choiceCount = 1
    var stop: [String] = []
    var tools: [ChatTool] = []
    var toolChoice = ToolChoice.automatic
    var allowsParallelToolCalls = true
    var format = ResponseFormat.text
    /// How many alternatives to name for each token; nil when no log probabilities are wanted.
    var topLogprobs: Int?
    var isStreamed = false
    var includesUsage = false
    /// What the answer depends on besides the words: the same request, however sent, has the same number.
    var fingerprint: UInt64 = 0
}

struct ChatMessage: Sendable, Hashable {
    enum Role: String, CaseIterable { case system, developer, user, assistant, tool, function }

    var role: Role
    var text = ""
    var images: [ImagePart] = []
    var toolCalls: [ToolCall] = []
    /// Which call a `tool` message answers.
    var toolCallID: String?
    var name: String?
}

struct ToolCall: Sendable, Hashable {
    var id: String
    var name: String
    /// JSON as text, as the wire has it.
    var arguments: String
}

struct ImagePart: Sendable, Hashable {
    enum Source: Hashable {
        case url(String)
        case data(ImageFacts)
    }

    enum Detail: String, CaseIterable { case auto, low, high }

    var source: Source
    var detail = Detail.auto
}

struct ChatTool: Sendable, Hashable {
    var name: String
    var description = ""
    /// The schema of the arguments; nil for a function that takes none.
    var parameters: JSONValue?
}

enum ToolChoice: Sendable, Hashable {
    case automatic, never, required
    case function(String)
}

enum ResponseFormat: Sendable, Hashable {
    case text, jsonObject
    case jsonSchema(JSONValue)
}

enum ReasoningEffort: String, Sendable, Hashable, CaseIterable {
    case none, minimal, low, medium, high, xhigh
}
