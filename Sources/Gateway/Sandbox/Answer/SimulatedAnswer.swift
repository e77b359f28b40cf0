/// A whole answer, before anybody decides how to send it.
struct SimulatedAnswer: Sendable, Hashable {
    var id: String
    var model: String
    var systemFingerprint: String
    var choices: [Choice]
    var usage: Usage

    struct Choice: Sendable, Hashable {
        var index: Int
        /// Empty for models that do not reason, and when none was asked for.
        var reasoning = ""
        /// Nil when the answer consists of tool calls.
        var content: String?
        var toolCalls: [ToolCall] = []
        var finish = FinishReason.stop
        /// The stop sequence the text ended before; nil when it came to its own end.
        var stopSequence: String?
        /// One entry for each piece of `content`, when asked for.
        var logprobs: [TokenLogprob]?
    }

    struct Usage: Sendable, Hashable {
        var prompt: Int
        var completion: Int
        /// Part of `completion`.
        var reasoning: Int
        var total: Int { prompt + completion }
    }
}

enum FinishReason: String, Sendable, Hashable {
    case stop, length
    case toolCalls = "tool_calls"
    case contentFilter = "content_filter"
}

extension SimulatedAnswer {
    /// The answer to a request. Nothing but the request decides it.
    init(to request: ChatRequest) {
        var random = StableRandom(request.fingerprint)
        let prompt = TokenEstimate.prompt(request)
        id = "chatcmpl-" + random.letters(29)
        model = request.model.name
        systemFingerprint = "fp_sandbox"
        choices = []
        usage = Usage(prompt: prompt, completion: 0, reasoning: 0)
        let limit = Self.outputLimit(of: request, prompt: prompt)
        for index in 0..<request.choiceCount {
            var draft = AnswerDraft(request: request, choice: index, seed: random.next())
            let (choice, tokens, reasoning) = draft.choice(limit: limit)
            usage.completion += tokens
            usage.reasoning += reasoning
            choices.append(choice)
        }
    }

    /// Tokens of all choices of one answer together, the alternatives named for each counted as tokens too.
    static let totalLimit = 200_000

    /// What the request allows for one choice, never more than the model has or its context leaves.
    private static func outputLimit(of request: ChatRequest, prompt: Int) -> Int {
        let model = request.model
        let allowed = min(request.maximumTokens ?? model.maximumOutput, model.maximumOutput)
        let share = totalLimit / (request.choiceCount * (1 + (request.topLogprobs ?? 0)))
        return max(0, min(allowed, model.contextWindow - prompt, share))
    }
}
