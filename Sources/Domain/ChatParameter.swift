/// The members of a chat request that the gateway knows. All others go to the vendor as they are.
public enum ChatParameter: UInt8, Hashable, Sendable, CaseIterable {
    // The order is that of `names`.
    case model, messages, stream, streamOptions
    case temperature, topP, presencePenalty, frequencyPenalty
    case maxTokens, maxCompletionTokens, choices, stop, seed
    case logprobs, topLogprobs, logitBias, reasoningEffort, verbosity
    case tools, toolChoice, parallelToolCalls, functions, functionCall
    case responseFormat, modalities, audio, prediction, webSearchOptions
    case user, metadata, store, serviceTier, safetyIdentifier, promptCacheKey

    /// As requests spell them, in the order of the cases.
    public static let names: [StaticString] = [
        "model", "messages", "stream", "stream_options",
        "temperature", "top_p", "presence_penalty", "frequency_penalty",
        "max_tokens", "max_completion_tokens", "n", "stop", "seed",
        "logprobs", "top_logprobs", "logit_bias", "reasoning_effort", "verbosity",
        "tools", "tool_choice", "parallel_tool_calls", "functions", "function_call",
        "response_format", "modalities", "audio", "prediction", "web_search_options",
        "user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key",
    ]

    public var name: StaticString { Self.names[Int(rawValue)] }

    public init?(name: String) {
        guard let found = Self.allCases.first(where: { "\($0.name)" == name }) else { return nil }
        self = found
    }
}

/// A set of parameters, in one word.
public struct ChatParameterSet: Hashable, Sendable, ExpressibleByArrayLiteral {
    private var bits: UInt64 = 0

    public init() {}

    public init(_ parameters: [ChatParameter]) {
        for parameter in parameters { insert(parameter) }
    }

    public init(arrayLiteral parameters: ChatParameter...) {
        self.init(parameters)
    }

    public var isEmpty: Bool { bits == 0 }

    public func contains(_ parameter: ChatParameter) -> Bool {
        bits & (1 << UInt64(parameter.rawValue)) != 0
    }

    /// Returns whether it is new.
    @discardableResult
    public mutating func insert(_ parameter: ChatParameter) -> Bool {
        let before = bits
        bits |= 1 << UInt64(parameter.rawValue)
        return bits != before
    }

    public func union(_ other: ChatParameterSet) -> ChatParameterSet {
        var both = self
        both.bits |= other.bits
        return both
    }

    public func intersection(_ other: ChatParameterSet) -> ChatParameterSet {
        var common = self
        common.bits &= other.bits
        return common
    }

    /// In the order of the cases.
    public var members: [ChatParameter] { ChatParameter.allCases.filter(contains) }
}
