import JSON

/// Writes answers as the vendor's chat completions do.
struct ChatWire: AnswerWire {
    let answer: SimulatedAnswer
    /// Seconds since 1970.
    let created: Int64
    /// Whether the stream ends with a usage chunk; all others then have a null in its place.
    var includesUsage = false
    var omitsUsage = false

    private let chunkHead: [UInt8]

    static let done = Array("data: [DONE]\n\n".utf8)

    var events: [StreamEvent] { answer.events }

    init(answer: SimulatedAnswer, created: Int64, includesUsage: Bool = false, omitsUsage: Bool = false) {
        self.answer = answer
        self.created = created
        self.includesUsage = includesUsage && !omitsUsage
        self.omitsUsage = omitsUsage
        var writer = JSONWriter(appendingTo: Array("data: ".utf8))
        writer.beginObject()
        Self.writeHead("chat.completion.chunk", answer, created, to: &writer)
        chunkHead = writer.bytes
    }

    private static func writeHead(
        _ object: String, _ answer: SimulatedAnswer, _ created: Int64, to writer: inout JSONWriter
    ) {
        writer.key("id")
        writer.string(answer.id)
        writer.key("object")
        writer.string(object)
        writer.key("created")
        writer.int(created)
        writer.key("model")
        writer.string(answer.model)
        writer.key("system_fingerprint")
        writer.string(answer.systemFingerprint)
    }

    func ending() -> [UInt8] { (usageFrame() ?? []) + Self.done }

    // MARK: Whole answers

    func whole() -> [UInt8] { completion() }

    func completion() -> [UInt8] {
        var writer = JSONWriter(reserving: 1024)
        writer.beginObject()
        Self.writeHead("chat.completion", answer, created, to: &writer)
        writer.key("choices")
        writer.beginArray()
        for choice in answer.choices { write(choice, to: &writer) }
        writer.endArray()
        if !omitsUsage { writeUsage(to: &writer) }
        writer.endObject()
        return writer.bytes
    }

    private func write(_ choice: SimulatedAnswer.Choice, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("index")
        writer.int(choice.index)
        writer.key("message")
        writer.beginObject()
        writer.key("role")
        writer.string("assistant")
        writer.key("content")
        if let content = choice.content { writer.string(content) } else { writer.null() }
        if !choice.reasoning.isEmpty {
            writer.key("reasoning_content")
            writer.string(choice.reasoning)
        }
        if !choice.toolCalls.isEmpty { write(choice.toolCalls, to: &writer) }
        writer.endObject()
        if let logprobs = choice.logprobs { writeLogprobs(logprobs, to: &writer) }
        writer.key("finish_reason")
        writer.string(choice.finish.rawValue)
        writer.endObject()
    }

    private func write(_ calls: [ToolCall], to writer: inout JSONWriter) {
        writer.key("tool_calls")
        writer.beginArray()
        for call in calls {
            writer.beginObject()
            writer.key("id")
            writer.string(call.id)
            writer.key("type")
            writer.string("function")
            writer.key("function")
            writer.beginObject()
            writer.key("name")
            writer.string(call.name)
            writer.key("arguments")
            writer.string(call.arguments)
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
    }

    private func writeUsage(to writer: inout JSONWriter) {
        let usage = answer.usage
        writer.key("usage")
        writer.value([
            "prompt_tokens": .int(usage.prompt), "completion_tokens": .int(usage.completion),
            "total_tokens": .int(usage.total), "prompt_tokens_details": ["cached_tokens": 0],
            "completion_tokens_details": ["reasoning_tokens": .int(usage.reasoning)],
        ])
    }

    // MARK: Streams

    /// One event as a frame of server-sent events.
    func frame(_ event: StreamEvent) -> [UInt8] {
        frame { writer in
            writer.beginObject()
            writer.key("index")
            writer.int(event.choice)
            writer.key("delta")
            writer.beginObject()
            writeDelta(event.part, to: &writer)
            writer.endObject()
            if case .content(_, let logprob?) = event.part { writeLogprobs([logprob], to: &writer) }
            writer.key("finish_reason")
            if case .finish(let reason) = event.part { writer.string(reason.rawValue) } else { writer.null() }
            writer.endObject()
        } tail: { writer in
            guard includesUsage else { return }
            writer.key("usage")
            writer.null()
        }
    }

    /// The frame after the last choice has ended, when the request asked for usage.
    func usageFrame() -> [UInt8]? {
        includesUsage
            ? frame { _ in
            } tail: {
                writeUsage(to: &$0)
            } : nil
    }

    private func frame(choices: (inout JSONWriter) -> Void, tail: (inout JSONWriter) -> Void) -> [UInt8] {
        // The head's last member is followed by a comma, which the writer cannot know of.
        var writer = JSONWriter(appendingTo: chunkHead + [UInt8(ascii: ",")])
        writer.key("choices")
        writer.beginArray()
        choices(&writer)
        writer.endArray()
        tail(&writer)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n"), UInt8(ascii: "\n")]
    }

    private func writeDelta(_ part: StreamEvent.Part, to writer: inout JSONWriter) {
        switch part {
        case .role:
            writer.key("role")
            writer.string("assistant")
        case .reasoning(let piece):
            writer.key("reasoning_content")
            writer.string(piece)
        case .content(let piece, _):
            writer.key("content")
            writer.string(piece)
        case .call(let index, let id, let name):
            writer.key("tool_calls")
            writer.value([
                [
                    "index": .int(index), "id": .string(id), "type": "function",
                    "function": ["name": .string(name), "arguments": ""],
                ]
            ])
        case .arguments(let index, let piece):
            writer.key("tool_calls")
            writer.value([["index": .int(index), "function": ["arguments": .string(piece)]]])
        case .finish: break
        }
    }

    // MARK: Log probabilities

    private func writeLogprobs(_ entries: [TokenLogprob], to writer: inout JSONWriter) {
        writer.key("logprobs")
        writer.beginObject()
        writer.key("content")
        writer.beginArray()
        for entry in entries {
            writer.beginObject()
            write(entry.token, entry.logprob, to: &writer)
            writer.key("top_logprobs")
            writer.beginArray()
            for alternative in entry.alternatives {
                writer.beginObject()
                write(alternative.token, alternative.logprob, to: &writer)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    private func write(_ token: String, _ logprob: Double, to writer: inout JSONWriter) {
        writer.key("token")
        writer.string(token)
        writer.key("logprob")
        writer.double(logprob)
        writer.key("bytes")
        writer.value(.array(token.utf8.map { .int($0) }))
    }
}
