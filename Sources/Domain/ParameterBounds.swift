/// What a model takes of a chat request's parameters, as its page says.
public struct ParameterBounds: Hashable, Sendable {
    public var temperature: ClosedRange<Double> = 0...2
    public var topP: ClosedRange<Double> = 0...1
    /// For `presence_penalty` and `frequency_penalty` alike.
    public var penalty: ClosedRange<Double> = -2...2
    public var choices: ClosedRange<Int> = 1...128
    public var topLogprobs: ClosedRange<Int> = 0...20
    /// From the least to the greatest.
    public var efforts: [ReasoningEffort] = [.low, .medium, .high]
    /// Parameters the model refuses. Where nobody said, what follows from its capabilities.
    public var unsupported: ChatParameterSet?

    public init() {}

    /// What reasoning models refuse: the ways of choosing among tokens.
    public static let refusedByReasoning: ChatParameterSet = [
        .temperature, .topP, .presencePenalty, .frequencyPenalty, .logprobs, .topLogprobs, .logitBias,
    ]
    /// What is of no use to a model that calls no tools.
    public static let refusedWithoutTools: ChatParameterSet = [
        .tools, .toolChoice, .parallelToolCalls, .functions, .functionCall,
    ]
}

/// How long a model is to think, from the least to the most.
public enum ReasoningEffort: String, Hashable, Sendable, CaseIterable, Comparable {
    case none, minimal, low, medium, high, xhigh

    public static func < (left: ReasoningEffort, right: ReasoningEffort) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Model {
    public var isReasoning: Bool { capabilities.contains("reasoning") }

    public var takesImages: Bool {
        capabilities.contains("vision") || modalities.contains("vision") || modalities.contains("image")
    }

    /// Parameters to be dropped from requests. Tools are dropped only where the catalogue says so: a page that does
    /// not speak of them has not said that there are none.
    public var unsupportedParameters: ChatParameterSet {
        if let told = bounds.unsupported {
            return told.contains(.tools) ? told.union(ParameterBounds.refusedWithoutTools) : told
        }
        return isReasoning ? ParameterBounds.refusedByReasoning : [.reasoningEffort]
    }
}

extension ParameterBounds {
    /// The effort a model is asked for instead of one it does not know: the next greater, else its greatest.
    public func nearest(_ wanted: ReasoningEffort) -> ReasoningEffort {
        efforts.first { $0 >= wanted } ?? efforts.last ?? wanted
    }
}
