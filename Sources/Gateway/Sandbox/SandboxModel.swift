/// A model the sandbox plays, under the vendor's own name.
public struct SandboxModel: Sendable, Hashable {
    public var name: String
    /// Reasoning models think before they answer and count that as output.
    public var isReasoning: Bool
    public var supportsVision: Bool
    public var supportsTools: Bool
    /// Tokens of prompt and answer together.
    public var contextWindow: Int
    /// Tokens of one answer, reasoning included.
    public var maximumOutput: Int
    public var restrictions: Set<Restriction>

    /// What a model refuses though its vendor's interface has it.
    public enum Restriction: String, Sendable, Hashable, CaseIterable {
        /// `max_tokens` at all.
        case maxTokens = "max_tokens"
        /// `temperature` other than 1.
        case temperature
        /// `top_p` other than 1.
        case topP = "top_p"
    }

    public init(
        name: String, isReasoning: Bool = false, supportsVision: Bool = true, supportsTools: Bool = true,
        contextWindow: Int, maximumOutput: Int, restrictions: Set<Restriction> = []
    ) {
        self.name = name
        self.isReasoning = isReasoning
        self.supportsVision = supportsVision
        self.supportsTools = supportsTools
        self.contextWindow = contextWindow
        self.maximumOutput = maximumOutput
        self.restrictions = restrictions
    }

    /// The models a sandbox plays unless told otherwise.
    public static let builtIn: [SandboxModel] = [
        SandboxModel(
            name: "o4-mini", isReasoning: true, contextWindow: 200_000, maximumOutput: 100_000,
            restrictions: [.maxTokens, .temperature, .topP]),
        SandboxModel(
            name: "o3-mini", isReasoning: true, supportsVision: false, contextWindow: 200_000, maximumOutput: 100_000,
            restrictions: [.maxTokens, .temperature, .topP]),
        SandboxModel(name: "gpt-4.1-mini", contextWindow: 1_047_576, maximumOutput: 32_768),
        SandboxModel(name: "gpt-5.4-mini", contextWindow: 128_000, maximumOutput: 128_000),
    ]
}
