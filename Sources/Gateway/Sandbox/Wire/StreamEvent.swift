/// One chunk of a streamed answer, before it is written out.
struct StreamEvent: Sendable, Hashable {
    var choice: Int
    var part: Part

    enum Part: Sendable, Hashable {
        case role
        case reasoning(String)
        case content(String, TokenLogprob?)
        /// A call begins: its arguments follow.
        case call(index: Int, id: String, name: String)
        case arguments(index: Int, String)
        case finish(FinishReason)
    }

    /// Whether a model would have spent a token on it; pacing counts these.
    var isToken: Bool {
        switch part {
        case .reasoning, .content, .arguments: true
        case .role, .call, .finish: false
        }
    }
}

extension SimulatedAnswer {
    /// All chunks in the order the vendor sends them; several choices take turns.
    var events: [StreamEvent] {
        var queues = choices.map { choice in choice.parts.map { StreamEvent(choice: choice.index, part: $0) }[...] }
        if queues.count == 1 { return Array(queues[0]) }
        var events: [StreamEvent] = []
        while queues.contains(where: { !$0.isEmpty }) {
            for index in queues.indices { if let event = queues[index].popFirst() { events.append(event) } }
        }
        return events
    }
}

extension SimulatedAnswer.Choice {
    fileprivate var parts: [StreamEvent.Part] {
        var parts: [StreamEvent.Part] = [.role]
        for piece in TextPieces.of(reasoning) { parts.append(.reasoning(piece)) }
        for (index, piece) in TextPieces.of(content ?? "").enumerated() {
            parts.append(.content(piece, logprobs.map { $0[index] }))
        }
        for (index, call) in toolCalls.enumerated() {
            parts.append(.call(index: index, id: call.id, name: call.name))
            for piece in TextPieces.of(call.arguments) { parts.append(.arguments(index: index, piece)) }
        }
        parts.append(.finish(finish))
        return parts
    }
}
