import JSON

/// Writes answers as Anthropic's Messages do.
struct MessagesWire: AnswerWire {
    let answer: SimulatedAnswer
    let omitsUsage: Bool
    /// Blocks of the stream that have begun, and the kind of the one that has not ended.
    private var begun = 0
    private var open: Block?

    private enum Block { case thinking, text, tool }

    init(answer: SimulatedAnswer, omitsUsage: Bool = false) {
        self.answer = answer
        self.omitsUsage = omitsUsage
    }

    var events: [StreamEvent] { answer.events }

    private var choice: SimulatedAnswer.Choice { answer.choices[0] }

    // MARK: Whole answers

    func whole() -> [UInt8] {
        var message = head
        message["content"] = .array(content)
        message["stop_reason"] = .string(stopReason)
        message["stop_sequence"] = stopSequence
        if !omitsUsage { message["usage"] = usage(output: answer.usage.completion) }
        return message.serialized()
    }

    private var head: JSONObject {
        [
            "id": .string("msg_" + answer.suffix), "type": "message", "role": "assistant",
            "model": .string(answer.model), "content": [], "stop_reason": nil, "stop_sequence": nil,
        ]
    }

    private var content: [JSONValue] {
        var blocks: [JSONValue] = []
        if !choice.reasoning.isEmpty {
            blocks.append(
                ["type": "thinking", "thinking": .string(choice.reasoning), "signature": .string(signature)])
        }
        if let content = choice.content, !content.isEmpty {
            blocks.append(["type": "text", "text": .string(content)])
        }
        for call in choice.toolCalls {
            blocks.append(
                [
                    "type": "tool_use", "id": .string(Self.toolID(call.id)), "name": .string(call.name),
                    "input": call.argumentTree,
                ])
        }
        return blocks
    }

    private var stopReason: String {
        switch choice.finish {
        case .stop: choice.stopSequence == nil ? "end_turn" : "stop_sequence"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        case .contentFilter: "refusal"
        }
    }

    private var stopSequence: JSONValue { choice.stopSequence.map(JSONValue.string) ?? .null }
    private var signature: String { "sandbox-" + answer.suffix }

    /// Output counts thinking; there is no figure for it alone.
    private func usage(output: Int) -> JSONValue {
        [
            "input_tokens": .int(answer.usage.prompt), "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
            "output_tokens": .int(output), "service_tier": "standard",
        ]
    }

    /// The same call has its id with the prefix the vendor uses.
    private static func toolID(_ id: String) -> String {
        "toolu_" + id.drop { $0 != "_" }.dropFirst()
    }

    // MARK: Streams

    mutating func frame(_ event: StreamEvent) -> [UInt8] {
        switch event.part {
        case .role: return messageStart()
        case .reasoning(let piece):
            return begin(.thinking) + delta(["type": "thinking_delta", "thinking": .string(piece)])
        case .content(let piece, _):
            return begin(.text) + delta(["type": "text_delta", "text": .string(piece)])
        case .call(_, let id, let name):
            let block: JSONValue = [
                "type": "tool_use", "id": .string(Self.toolID(id)), "name": .string(name), "input": [:],
            ]
            return end() + start(.tool, block)
        case .arguments(_, let piece):
            return delta(["type": "input_json_delta", "partial_json": .string(piece)])
        case .finish: return end() + messageDelta()
        }
    }

    func ending() -> [UInt8] {
        Self.event("message_stop", ["type": "message_stop"])
    }

    private func messageStart() -> [UInt8] {
        var message = head
        // The vendor counts one token before it has made any.
        if !omitsUsage { message["usage"] = usage(output: 1) }
        return Self.event("message_start", ["type": "message_start", "message": .object(message)])
            + Self.event("ping", ["type": "ping"])
    }

    private func messageDelta() -> [UInt8] {
        var value: JSONObject = [
            "type": "message_delta", "delta": ["stop_reason": .string(stopReason), "stop_sequence": stopSequence],
        ]
        if !omitsUsage { value["usage"] = ["output_tokens": .int(answer.usage.completion)] }
        return Self.event("message_delta", .object(value))
    }

    private mutating func begin(_ kind: Block) -> [UInt8] {
        guard open != kind else { return [] }
        let block: JSONValue =
            kind == .thinking
            ? ["type": "thinking", "thinking": "", "signature": ""] : ["type": "text", "text": ""]
        return end() + start(kind, block)
    }

    private mutating func start(_ kind: Block, _ block: JSONValue) -> [UInt8] {
        open = kind
        begun += 1
        return Self.event(
            "content_block_start",
            ["type": "content_block_start", "index": .int(begun - 1), "content_block": block])
    }

    private func delta(_ delta: JSONValue) -> [UInt8] {
        Self.event(
            "content_block_delta", ["type": "content_block_delta", "index": .int(begun - 1), "delta": delta])
    }

    private mutating func end() -> [UInt8] {
        guard let kind = open else { return [] }
        let signed =
            kind == .thinking ? delta(["type": "signature_delta", "signature": .string(signature)]) : []
        open = nil
        return signed + Self.event("content_block_stop", ["type": "content_block_stop", "index": .int(begun - 1)])
    }

    private static func event(_ name: StaticString, _ value: JSONValue) -> [UInt8] {
        Array("event: \(name)\ndata: ".utf8) + value.serialized() + Array("\n\n".utf8)
    }
}

extension SimulatedAnswer {
    /// What makes the answer's id its own, without the prefix of one vendor.
    var suffix: String { String(id.drop { $0 != "-" }.dropFirst()) }
}

extension ToolCall {
    /// The arguments as a value; an empty object when they break off.
    var argumentTree: JSONValue { (try? JSONValue(parsing: Array(arguments.utf8))) ?? [:] }
}
