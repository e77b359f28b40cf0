/// What a call used, as the vendor counted it.
public struct TokenUsage: Hashable, Sendable {
    public var promptTokens: Int
    public var completionTokens: Int
    public var totalTokens: Int
    /// Part of `promptTokens` that the vendor served from its prompt cache.
    public var cachedPromptTokens: Int
    /// Part of `completionTokens` spent on thinking.
    public var reasoningTokens: Int

    public init(
        promptTokens: Int = 0, completionTokens: Int = 0, totalTokens: Int = 0,
        cachedPromptTokens: Int = 0, reasoningTokens: Int = 0
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.totalTokens = totalTokens
        self.cachedPromptTokens = cachedPromptTokens
        self.reasoningTokens = reasoningTokens
    }
}

/// How much a usage figure can be trusted. Unknown is never written as zero tokens that were "reported".
public enum UsageSource: String, Hashable, Sendable, CaseIterable {
    /// The vendor sent these figures.
    case reported
    /// The vendor sent none; the call used something that nobody counted.
    case unknown
    /// Nothing reached a vendor that could have used tokens.
    case none
}
