public import Domain

/// What a span tells of an inference call. What is nil is not told.
public struct InferenceFacts: Hashable, Sendable {
    public var requestModel: String?
    public var provider: String?
    public var inputTokens: Int?
    public var outputTokens: Int?
    public var cost: Nanodollars?
    /// The messages of the request and of the answer, as JSON text.
    public var promptJSON: String?
    public var completionJSON: String?
    /// The caller's own, in order.
    public var metadata: [SpanAttribute]

    /// Keys of metadata that begin so are ours to set.
    static let reservedPrefix = "gen_ai."
    /// How much of prompt and completion is told; what is longer is cut and is then no whole JSON any more.
    public static let maximumTextBytes = 64 << 10

    public init(
        requestModel: String? = nil, provider: String? = nil, inputTokens: Int? = nil, outputTokens: Int? = nil,
        cost: Nanodollars? = nil, promptJSON: String? = nil, completionJSON: String? = nil,
        metadata: [SpanAttribute] = []
    ) {
        self.requestModel = requestModel
        self.provider = provider
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cost = cost
        self.promptJSON = promptJSON
        self.completionJSON = completionJSON
        self.metadata = metadata
    }

    /// The attributes of a span, by the names the semantic conventions have for them. Cost is in dollars.
    public var attributes: [SpanAttribute] {
        var attributes: [SpanAttribute] = []
        func add(_ key: String, _ value: SpanValue?) {
            if let value { attributes.append(SpanAttribute(key, value)) }
        }
        add("gen_ai.request.model", requestModel.map(SpanValue.string))
        add("gen_ai.model.provider", provider.map(SpanValue.string))
        add("gen_ai.usage.input_tokens", inputTokens.map { .int(Int64($0)) })
        add("gen_ai.usage.output_tokens", outputTokens.map { .int(Int64($0)) })
        add("gen_ai.usage.cost", cost.flatMap { Double($0.exactDollarsText) }.map(SpanValue.double))
        add("gen_ai.prompt_json", promptJSON.map { .string(Self.cut($0)) })
        add("gen_ai.completion_json", completionJSON.map { .string(Self.cut($0)) })
        for own in metadata where !own.key.utf8.starts(with: Self.reservedPrefix.utf8) { attributes.append(own) }
        return attributes
    }

    /// The text up to the bound, not ending within a character.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > maximumTextBytes else { return text }
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: maximumTextBytes)
        while text.utf8[end] & 0xC0 == 0x80 { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
