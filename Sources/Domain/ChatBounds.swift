/// What a chat model takes of the endpoint's parameters: what its page publishes, else what the endpoint allows.
public struct ChatBounds: Hashable, Sendable {
    public let temperature: ClosedRange<Double>
    public let topP: ClosedRange<Double>
    public let presencePenalty: ClosedRange<Double>
    public let frequencyPenalty: ClosedRange<Double>
    public let choices: ClosedRange<Int>
    public let topLogprobs: ClosedRange<Int>
    /// From the least to the greatest.
    public let efforts: [ReasoningEffort]
    /// Parameters the model's vendor refuses, which are dropped from requests.
    public let refused: ChatParameterSet

    public init(
        publishing parameters: [PublishedParameter] = [], efforts: [ReasoningEffort] = [],
        refusing unsupported: [ChatParameter] = [], isReasoning: Bool = false
    ) {
        func published(_ parameter: ChatParameter) -> PublishedParameter? {
            parameters.first { $0.name == "\(parameter.name)" }
        }
        temperature = limited(0...2, by: published(.temperature))
        topP = limited(0...1, by: published(.topP))
        presencePenalty = limited(-2...2, by: published(.presencePenalty))
        frequencyPenalty = limited(-2...2, by: published(.frequencyPenalty))
        choices = limited(1...128, by: published(.choices))
        topLogprobs = limited(0...20, by: published(.topLogprobs))
        self.efforts = efforts.isEmpty ? [.low, .medium, .high] : efforts.sorted()
        refused = Self.refused(unsupported, isReasoning: isReasoning)
    }

    /// The effort a model is asked for instead of one it does not know: the next greater, else its greatest.
    public func nearest(_ wanted: ReasoningEffort) -> ReasoningEffort {
        efforts.first { $0 >= wanted } ?? efforts.last ?? wanted
    }

    /// Tools are refused only where the catalogue says so: a page that does not speak of them has not said that there
    /// are none.
    private static func refused(_ unsupported: [ChatParameter], isReasoning: Bool) -> ChatParameterSet {
        var refused = ChatParameterSet(unsupported)
        if refused.contains(.tools) { refused = refused.union(uselessWithoutTools) }
        if !isReasoning { refused.insert(.reasoningEffort) }
        return refused
    }

    private static let uselessWithoutTools: ChatParameterSet = [
        .tools, .toolChoice, .parallelToolCalls, .functions, .functionCall,
    ]
}

/// How long a model is to think, from the least to the most.
public enum ReasoningEffort: String, Hashable, Sendable, CaseIterable, Comparable {
    case none, minimal, low, medium, high, xhigh, max

    public static func < (left: ReasoningEffort, right: ReasoningEffort) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What both the endpoint and the page allow; the endpoint's own range where the page leaves nothing of it.
private func limited(_ range: ClosedRange<Double>, by page: PublishedParameter?) -> ClosedRange<Double> {
    guard let page else { return range }
    let least = max(range.lowerBound, page.minimum ?? page.exclusiveMinimum.map(\.nextUp) ?? range.lowerBound)
    let most = min(range.upperBound, page.maximum ?? page.exclusiveMaximum.map(\.nextDown) ?? range.upperBound)
    return least <= most ? least...most : range
}

private func limited(_ range: ClosedRange<Int>, by page: PublishedParameter?) -> ClosedRange<Int> {
    let both = limited(Double(range.lowerBound)...Double(range.upperBound), by: page)
    let (least, most) = (both.lowerBound.rounded(.up), both.upperBound.rounded(.down))
    return least <= most ? Int(least)...Int(most) : range
}
