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
    /// Numbers of a vector, for models that make vectors of texts and answer nothing else.
    public var embeddingDimensions: Int?
    public var restrictions: Set<Restriction>

    /// What a model refuses though its vendor's interface has it.
    public enum Restriction: String, Sendable, Hashable, CaseIterable {
        /// `max_tokens` at all.
        case maxTokens = "max_tokens"
        /// `temperature` other than 1.
        case temperature
        /// `top_p` other than 1.
        case topP = "top_p"
        /// `dimensions` of an embedding at all.
        case dimensions
    }

    public init(
        name: String, isReasoning: Bool = false, supportsVision: Bool = true, supportsTools: Bool = true,
        contextWindow: Int, maximumOutput: Int, embeddingDimensions: Int? = nil, restrictions: Set<Restriction> = []
    ) {
        self.name = name
        self.isReasoning = isReasoning
        self.supportsVision = supportsVision
        self.supportsTools = supportsTools
        self.contextWindow = contextWindow
        self.maximumOutput = maximumOutput
        self.embeddingDimensions = embeddingDimensions
        self.restrictions = restrictions
    }

    /// A model that makes vectors of texts.
    public static func embedding(
        _ name: String, dimensions: Int, contextWindow: Int = 8_191, restrictions: Set<Restriction> = []
    ) -> SandboxModel {
        SandboxModel(
            name: name, supportsVision: false, supportsTools: false, contextWindow: contextWindow, maximumOutput: 0,
            embeddingDimensions: dimensions, restrictions: restrictions)
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
        .embedding("text-embedding-3-small", dimensions: 1_536),
        .embedding("text-embedding-3-large", dimensions: 3_072),
        .embedding("text-embedding-ada-002", dimensions: 1_536, restrictions: [.dimensions]),
        .embedding("@cf/baai/bge-base-en-v1.5", dimensions: 768, contextWindow: 512, restrictions: [.dimensions]),
        .embedding("@cf/baai/bge-m3", dimensions: 1_024, contextWindow: 60_000, restrictions: [.dimensions]),
    ]
}
