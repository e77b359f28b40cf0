import HTTPCore
import JSON

/// Writes answers as Gemini's generateContent does.
struct GeminiWire: AnswerWire {
    /// How the parts of a stream are set apart from each other.
    enum Framing { case events, array }

    let answer: SimulatedAnswer
    let framing: Framing
    let showsThoughts: Bool
    let omitsUsage: Bool
    /// Calls are sent whole, so their arguments are gathered first. By choice.
    private var gathered: [Int: ToolCall] = [:]
    private var choicesLeft: Int
    private var isFirst = true

    init(_ request: GeminiRequest, framing: Framing = .events, omitsUsage: Bool = false) {
        answer = SimulatedAnswer(to: request.chat)
        self.framing = framing
        showsThoughts = request.showsThoughts
        self.omitsUsage = omitsUsage
        choicesLeft = answer.choices.count
    }

    var events: [StreamEvent] { answer.events }
    var streamHeaders: HeaderFields { framing == .events ? AnswerSending.eventStream : AnswerSending.json }

    // MARK: Whole answers

    func whole() -> [UInt8] {
        let candidates = answer.choices.map { choice in
            var parts: [JSONValue] = []
            if showsThoughts, !choice.reasoning.isEmpty { parts.append(Self.thought(choice.reasoning)) }
            if let text = choice.content, !text.isEmpty { parts.append(["text": .string(text)]) }
            parts += choice.toolCalls.map(Self.call)
            return Self.candidate(choice.index, parts, Self.reason(choice.finish))
        }
        return body(candidates, usage: usage)
    }

    private func body(_ candidates: [JSONValue], usage: JSONValue) -> [UInt8] {
        var body: JSONObject = ["candidates": .array(candidates)]
        if !omitsUsage { body["usageMetadata"] = usage }
        body["modelVersion"] = .string(answer.model)
        body["responseId"] = .string(answer.suffix)
        return body.serialized()
    }

    private static func candidate(_ index: Int, _ parts: [JSONValue], _ reason: String?) -> JSONValue {
        var candidate: JSONObject = ["content": ["parts": .array(parts), "role": "model"]]
        if let reason { candidate["finishReason"] = .string(reason) }
        candidate["index"] = .int(index)
        return .object(candidate)
    }

    private static func thought(_ text: String) -> JSONValue { ["text": .string(text), "thought": true] }

    private static func call(_ call: ToolCall) -> JSONValue {
        ["functionCall": ["name": .string(call.name), "args": call.argumentTree]]
    }

    private static func reason(_ finish: FinishReason) -> String {
        switch finish {
        case .stop, .toolCalls: "STOP"
        case .length: "MAX_TOKENS"
        case .contentFilter: "SAFETY"
        }
    }

    /// Thinking is counted apart from the candidates.
    private var usage: JSONValue {
        let usage = answer.usage
        var value: JSONObject = [
            "promptTokenCount": .int(usage.prompt), "candidatesTokenCount": .int(usage.completion - usage.reasoning),
            "totalTokenCount": .int(usage.total),
            "promptTokensDetails": [["modality": "TEXT", "tokenCount": .int(usage.prompt)]],
        ]
        if usage.reasoning > 0 { value["thoughtsTokenCount"] = .int(usage.reasoning) }
        return .object(value)
    }

    // MARK: Streams

    mutating func frame(_ event: StreamEvent) -> [UInt8] {
        switch event.part {
        case .role: return []
        case .reasoning(let piece): return showsThoughts ? chunk(event.choice, [Self.thought(piece)]) : []
        case .content(let piece, _): return chunk(event.choice, [["text": .string(piece)]])
        case .call(_, let id, let name):
            let before = takeCall(of: event.choice)
            gathered[event.choice] = ToolCall(id: id, name: name, arguments: "")
            return before.isEmpty ? [] : chunk(event.choice, before)
        case .arguments(_, let piece):
            gathered[event.choice]?.arguments += piece
            return []
        case .finish(let reason):
            choicesLeft -= 1
            let last = takeCall(of: event.choice)
            return chunk(event.choice, last.isEmpty ? [["text": ""]] : last, Self.reason(reason))
        }
    }

    func ending() -> [UInt8] { framing == .array ? Array("]".utf8) : [] }

    private mutating func takeCall(of choice: Int) -> [JSONValue] {
        gathered.removeValue(forKey: choice).map { [Self.call($0)] } ?? []
    }

    /// All chunks count the prompt, and the last one everything.
    private mutating func chunk(_ choice: Int, _ parts: [JSONValue], _ reason: String? = nil) -> [UInt8] {
        let prompt = JSONValue.int(answer.usage.prompt)
        let isLast = reason != nil && choicesLeft == 0
        let body = body(
            [Self.candidate(choice, parts, reason)],
            usage: isLast ? usage : ["promptTokenCount": prompt, "totalTokenCount": prompt])
        defer { isFirst = false }
        switch framing {
        case .events: return Array("data: ".utf8) + body + Array("\r\n\r\n".utf8)
        case .array: return Array((isFirst ? "[" : ",\r\n").utf8) + body
        }
    }
}
