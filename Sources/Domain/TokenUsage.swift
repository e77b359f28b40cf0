/// What a call used, as the vendor counted it.
public struct TokenUsage: Hashable, Sendable {
    public var promptTokens: Int
    public var completionTokens: Int
    public var totalTokens: Int
    /// Part of `promptTokens` that the vendor served from its prompt cache.
    public var cachedPromptTokens: Int
    /// Part of `completionTokens` spent on thinking.
    public var reasoningTokens: Int
    /// Part of `promptTokens` that the vendor wrote to its prompt cache.
    public var cacheWriteTokens: Int
    /// Parts of `promptTokens` that were sound and pictures.
    public var promptAudioTokens: Int
    public var promptImageTokens: Int
    /// Parts of `completionTokens` that were sound and pictures.
    public var completionAudioTokens: Int
    public var completionImageTokens: Int

    public init(
        promptTokens: Int = 0, completionTokens: Int = 0, totalTokens: Int = 0,
        cachedPromptTokens: Int = 0, reasoningTokens: Int = 0, cacheWriteTokens: Int = 0,
        promptAudioTokens: Int = 0, promptImageTokens: Int = 0, completionAudioTokens: Int = 0,
        completionImageTokens: Int = 0
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.totalTokens = totalTokens
        self.cachedPromptTokens = cachedPromptTokens
        self.reasoningTokens = reasoningTokens
        self.cacheWriteTokens = cacheWriteTokens
        self.promptAudioTokens = promptAudioTokens
        self.promptImageTokens = promptImageTokens
        self.completionAudioTokens = completionAudioTokens
        self.completionImageTokens = completionImageTokens
    }

    /// Whether prompt and completion make the total, and no part is larger than what it is a part of.
    public var addsUp: Bool {
        promptTokens + completionTokens == totalTokens
            && cachedPromptTokens + cacheWriteTokens <= promptTokens
            && promptAudioTokens + promptImageTokens <= promptTokens
            && reasoningTokens + completionAudioTokens + completionImageTokens <= completionTokens
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
    /// The vendor sent none; the figures are ours, from the length of the texts.
    case estimated
    /// The vendor sent these figures, and they contradict each other.
    case mismatched
}
