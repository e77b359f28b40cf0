/// Composes one choice of an answer: thinks, speaks or calls tools, and stops where it must.
struct AnswerDraft {
    let request: ChatRequest
    let index: Int
    private var random: StableRandom
    /// Of its own, so that the words do not depend on how long the model thought.
    private var thinking: StableRandom

    init(request: ChatRequest, choice index: Int, seed: UInt64) {
        self.request = request
        self.index = index
        random = StableRandom(seed)
        thinking = StableRandom(~seed)
    }

    mutating func choice(limit: Int) -> (SimulatedAnswer.Choice, tokens: Int, reasoning: Int) {
        var choice = SimulatedAnswer.Choice(index: index)
        var left = limit
        let thought = reasoningText()
        choice.reasoning = TextPieces.prefix(of: thought, tokens: left)
        let reasoning = TokenEstimate.text(choice.reasoning)
        left -= reasoning
        if choice.reasoning.utf8.count < thought.utf8.count {
            choice.content = ""
            choice.finish = .length
        } else if let calls = toolCalls() {
            take(calls, into: &choice, left: &left)
        } else {
            take(spoken(), into: &choice, left: &left)
        }
        if let alternatives = request.topLogprobs {
            choice.logprobs = TokenLogprob.list(for: choice.content ?? "", alternatives: alternatives, random: &random)
        }
        return (choice, limit - left, reasoning)
    }

    private mutating func reasoningText() -> String {
        guard request.model.isReasoning, !request.asksForContentFilter else { return "" }
        return ReasoningText.about(request.lastUserText, effort: request.effort, random: &thinking)
    }

    // MARK: Words

    /// The full text and the reason it ends where it does.
    private mutating func spoken() -> (text: String, finish: FinishReason) {
        if request.asksForContentFilter { return (Directive.filteredBeginning, .contentFilter) }
        switch request.format {
        case .text: return (AnswerText.reply(to: request, random: &random), .stop)
        case .jsonObject: return (JSONAnswer.freeForm(request, random: &random), .stop)
        case .jsonSchema(let schema): return (JSONAnswer.conforming(to: schema, request, random: &random), .stop)
        }
    }

    private func take(
        _ spoken: (text: String, finish: FinishReason), into choice: inout SimulatedAnswer.Choice, left: inout Int
    ) {
        let stopped = TextPieces.cut(spoken.text, before: request.stop)
        let text = TextPieces.prefix(of: stopped, tokens: left)
        choice.content = text
        choice.finish = text.utf8.count < stopped.utf8.count ? .length : spoken.finish
        if choice.finish == .stop {
            choice.stopSequence = TextPieces.stop(in: spoken.text, after: stopped, request.stop)
        }
        left -= TokenEstimate.text(text)
    }

    // MARK: Tools

    private mutating func toolCalls() -> [ToolCall]? {
        guard !request.tools.isEmpty, !request.asksForContentFilter else { return nil }
        let calls = ToolCalling.calls(for: request, random: &random)
        return calls.isEmpty ? nil : calls
    }

    /// Calls are cut like words are: the last one may have half its arguments.
    private func take(_ calls: [ToolCall], into choice: inout SimulatedAnswer.Choice, left: inout Int) {
        choice.finish = .toolCalls
        for call in calls {
            guard TokenEstimate.text(call.name) <= left else {
                choice.finish = .length
                break
            }
            left -= TokenEstimate.text(call.name)
            var taken = call
            taken.arguments = TextPieces.prefix(of: call.arguments, tokens: left)
            left -= TokenEstimate.text(taken.arguments)
            choice.toolCalls.append(taken)
            if taken.arguments.utf8.count < call.arguments.utf8.count {
                choice.finish = .length
                break
            }
        }
        if choice.toolCalls.isEmpty { choice.content = "" }
    }
}
