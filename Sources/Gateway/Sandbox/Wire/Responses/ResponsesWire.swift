import JSON

/// Writes answers as OpenAI's Responses do.
struct ResponsesWire: AnswerWire {
    let request: ResponsesRequest
    let answer: SimulatedAnswer
    /// Seconds since 1970.
    let created: Int64
    let omitsUsage: Bool
    /// What the stream has said so far.
    private var stream = ResponsesStream()

    init(_ request: ResponsesRequest, created: Int64, omitsUsage: Bool = false) {
        self.request = request
        answer = SimulatedAnswer(to: request.chat)
        self.created = created
        self.omitsUsage = omitsUsage
    }

    var events: [StreamEvent] { answer.events }

    private var choice: SimulatedAnswer.Choice { answer.choices[0] }

    // MARK: The whole answer

    func whole() -> [UInt8] { response(status: status, output: items).serialized() }

    private func response(status: JSONValue, output: [JSONValue]) -> JSONObject {
        var response: JSONObject = [
            "id": .string("resp_" + answer.suffix), "object": "response", "created_at": .int(created),
            "status": status, "error": nil, "incomplete_details": status == "incomplete" ? incompleteness : nil,
        ]
        let repeated: [(String, JSONValue)] = [
            ("instructions", nil), ("max_output_tokens", nil), ("parallel_tool_calls", true), ("reasoning", [:]),
            ("store", true), ("temperature", 1), ("text", ["format": ["type": "text"]]), ("tool_choice", "auto"),
            ("tools", []), ("top_p", 1), ("truncation", "disabled"), ("user", nil), ("metadata", [:]),
        ]
        for (name, standard) in repeated { response[name] = request.fields[name] ?? standard }
        response["previous_response_id"] = .null
        response["model"] = .string(answer.model)
        response["output"] = .array(output)
        if !omitsUsage { response["usage"] = status == "in_progress" ? .null : usage }
        return response
    }

    private var status: JSONValue {
        switch choice.finish {
        case .stop, .toolCalls: "completed"
        case .length, .contentFilter: "incomplete"
        }
    }

    private var incompleteness: JSONValue {
        ["reason": choice.finish == .length ? "max_output_tokens" : "content_filter"]
    }

    private var usage: JSONValue {
        let usage = answer.usage
        return [
            "input_tokens": .int(usage.prompt), "input_tokens_details": ["cached_tokens": 0],
            "output_tokens": .int(usage.completion),
            "output_tokens_details": ["reasoning_tokens": .int(usage.reasoning)], "total_tokens": .int(usage.total),
        ]
    }

    private var items: [JSONValue] {
        var items: [JSONValue] = []
        if !choice.reasoning.isEmpty { items.append(item(.reasoning, isDone: true)) }
        if choice.content?.isEmpty == false { items.append(item(.message, isDone: true)) }
        for index in choice.toolCalls.indices { items.append(item(.call(index), isDone: true)) }
        return items
    }

    /// An item as it is announced, and as it is in the end.
    private func item(_ kind: ResponsesStream.Kind, isDone: Bool) -> JSONValue {
        let isLast = kind == .message || kind == .call(choice.toolCalls.count - 1)
        let status: JSONValue = !isDone ? "in_progress" : isLast ? self.status : "completed"
        switch kind {
        case .reasoning:
            return [
                "id": .string("rs_" + answer.suffix), "type": "reasoning", "summary": .array(isDone ? summary : []),
            ]
        case .message:
            return [
                "id": .string("msg_" + answer.suffix), "type": "message", "status": status, "role": "assistant",
                "content": isDone ? [Self.text(choice.content ?? "")] : [],
            ]
        case .call(let index):
            let call = choice.toolCalls[index]
            return [
                "id": .string("fc_\(answer.suffix)_\(index)"), "type": "function_call", "status": status,
                "call_id": .string(call.id), "name": .string(call.name),
                "arguments": .string(isDone ? call.arguments : ""),
            ]
        }
    }

    private var summary: [JSONValue] {
        request.showsSummary ? [["type": "summary_text", "text": .string(choice.reasoning)]] : []
    }

    private static func text(_ text: String) -> JSONValue {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    // MARK: The stream

    mutating func frame(_ event: StreamEvent) -> [UInt8] {
        switch event.part {
        case .role:
            let response = JSONValue.object(response(status: "in_progress", output: []))
            return send("response.created", ["response": response])
                + send("response.in_progress", ["response": response])
        case .reasoning(let piece):
            let begun = begin(.reasoning)
            return request.showsSummary
                ? begun
                    + send("response.reasoning_summary_text.delta", place("summary_index", ["delta": .string(piece)]))
                : begun
        case .content(let piece, _):
            return begin(.message)
                + send(
                    "response.output_text.delta", place("content_index", ["delta": .string(piece), "logprobs": []]))
        case .call(let index, _, _): return begin(.call(index))
        case .arguments(_, let piece):
            return send("response.function_call_arguments.delta", place(nil, ["delta": .string(piece)]))
        case .finish: return end()
        }
    }

    mutating func ending() -> [UInt8] {
        let name: StaticString = status == "completed" ? "response.completed" : "response.incomplete"
        return send(name, ["response": .object(response(status: status, output: items))])
    }

    private mutating func begin(_ kind: ResponsesStream.Kind) -> [UInt8] {
        guard stream.open != kind else { return [] }
        let before = end()
        stream.begin(kind)
        let added = send(
            "response.output_item.added",
            ["output_index": .int(stream.index), "item": item(kind, isDone: false)])
        switch kind {
        case .reasoning where request.showsSummary:
            let part: JSONObject = ["part": ["type": "summary_text", "text": ""]]
            return before + added + send("response.reasoning_summary_part.added", place("summary_index", part))
        case .message:
            return before + added
                + send("response.content_part.added", place("content_index", ["part": Self.text("")]))
        case .reasoning, .call: return before + added
        }
    }

    private mutating func end() -> [UInt8] {
        guard let kind = stream.open else { return [] }
        var bytes: [UInt8] = []
        switch kind {
        case .reasoning where request.showsSummary:
            let text = JSONValue.string(choice.reasoning)
            bytes += send("response.reasoning_summary_text.done", place("summary_index", ["text": text]))
            let part: JSONObject = ["part": ["type": "summary_text", "text": text]]
            bytes += send("response.reasoning_summary_part.done", place("summary_index", part))
        case .reasoning: break
        case .message:
            let text = choice.content ?? ""
            let done: JSONObject = ["text": .string(text), "logprobs": []]
            bytes += send("response.output_text.done", place("content_index", done))
            bytes += send("response.content_part.done", place("content_index", ["part": Self.text(text)]))
        case .call(let index):
            let arguments = JSONValue.string(choice.toolCalls[index].arguments)
            bytes += send("response.function_call_arguments.done", place(nil, ["arguments": arguments]))
        }
        bytes += send(
            "response.output_item.done", ["output_index": .int(stream.index), "item": item(kind, isDone: true)])
        stream.open = nil
        return bytes
    }

    /// Where in the answer the item at hand stands, before what is told of it.
    private func place(_ part: String?, _ told: JSONObject) -> JSONObject {
        var value: JSONObject = [
            "item_id": stream.open.flatMap { item($0, isDone: false)["id"] } ?? .null,
            "output_index": .int(stream.index),
        ]
        if let part { value[part] = 0 }
        return JSONObject(members: value.members + told.members)
    }

    private mutating func send(_ name: StaticString, _ told: JSONObject) -> [UInt8] {
        let head: JSONObject = ["type": .string("\(name)"), "sequence_number": .int(stream.next())]
        let data = JSONObject(members: head.members + told.members).serialized()
        return Array("event: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8)
    }
}

/// How far a stream of Responses has come.
struct ResponsesStream {
    enum Kind: Hashable {
        case reasoning, message
        case call(Int)
    }

    /// The item that has begun and not ended.
    var open: Kind?
    /// Its place among the items.
    private(set) var index = -1
    private var number = -1

    mutating func begin(_ kind: Kind) {
        open = kind
        index += 1
    }

    mutating func next() -> Int {
        number += 1
        return number
    }
}
