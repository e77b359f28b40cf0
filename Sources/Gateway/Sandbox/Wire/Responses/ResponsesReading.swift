import JSON

/// Reads a request of OpenAI's Responses as the chat request it stands for.
struct ResponsesReading {
    let models: [SandboxModel]

    func read(_ body: [UInt8]) throws(VendorError) -> ResponsesRequest {
        let fields = try RequestFields(parsing: body)
        if let id = try fields.string("previous_response_id") { throw .unknownResponse(id) }
        var object = JSONObject()
        fields.copy(["model", "temperature", "top_p", "user"], to: &object)
        object["messages"] = .array(try conversation(fields))
        try addTools(fields, to: &object)
        let reasoning = try fields.object("reasoning")
        if let effort = reasoning?.value("effort") { object["reasoning_effort"] = effort }
        if let format = try fields.object("text")?.object("format") { object["response_format"] = Self.format(format) }
        var chat = try ChatRequestReading(models: models).read(RequestFields(object: object))
        if let limit = try fields.integer("max_output_tokens", 16...Int.max) {
            chat.maximumTokens = min(limit, chat.model.maximumOutput)
        }
        chat.isStreamed = try fields.bool("stream") ?? false
        return ResponsesRequest(
            chat: chat, showsSummary: try reasoning?.string("summary") != nil, fields: fields.object)
    }

    /// The schema's name and strictness stand beside it here, and around it in chat.
    private static func format(_ format: RequestFields) -> JSONValue {
        guard format.value("type") == "json_schema" else { return .object(format.object) }
        return [
            "type": "json_schema",
            "json_schema": .object(JSONObject(members: format.object.members.filter { $0.key != "type" })),
        ]
    }

    // MARK: Tools

    private func addTools(_ fields: RequestFields, to object: inout JSONObject) throws(VendorError) {
        var tools: [JSONValue] = []
        for tool in try fields.objects("tools") {
            let type = try tool.requiredString("type")
            guard type == "function" else {
                throw .unsupportedValue(type, tool.path + "type", supported: ["function"])
            }
            tools.append(
                ConversationDraft.tool(
                    name: tool.value("name"), description: tool.value("description"),
                    parameters: tool.value("parameters")))
        }
        guard !tools.isEmpty else { return }
        object["tools"] = .array(tools)
        fields.copy(["parallel_tool_calls"], to: &object)
        guard let choice = fields.value("tool_choice") else { return }
        object["tool_choice"] =
            choice["name"].map { ["type": "function", "function": ["name": $0]] } ?? choice
    }

    // MARK: Input

    private func conversation(_ fields: RequestFields) throws(VendorError) -> [JSONValue] {
        var draft = ConversationDraft()
        if let text = try fields.string("instructions"), !text.isEmpty { draft.add("system", [.text(text)]) }
        guard let input = fields.value("input") else { throw .missing("input") }
        if let text = input.stringValue {
            draft.add("user", [.text(text)])
        } else {
            try add(try fields.objects("input"), to: &draft)
        }
        return draft.messages
    }

    /// Calls that follow each other, and the words before them, are one message of chat.
    private func add(_ items: [RequestFields], to draft: inout ConversationDraft) throws(VendorError) {
        var said: [ConversationDraft.Part] = []
        var calls: [ToolCall] = []
        var isOpen = false
        for item in items {
            let type = try item.string("type") ?? "message"
            let isAssistant = type == "message" && item.value("role") == "assistant"
            if isOpen, type != "function_call", type != "reasoning" {
                draft.add("assistant", said, calls: calls)
                (said, calls, isOpen) = ([], [], false)
            }
            switch type {
            case "message" where isAssistant:
                said = try parts(item)
                isOpen = true
            case "message": draft.add(try item.requiredString("role"), try parts(item))
            case "function_call":
                calls.append(
                    ToolCall(
                        id: try item.requiredString("call_id"), name: try item.requiredString("name"),
                        arguments: try item.requiredString("arguments")))
                isOpen = true
            case "function_call_output":
                draft.addResult(of: try item.requiredString("call_id"), try output(item))
            case "reasoning": break
            case let other:
                throw .unsupportedValue(
                    other, item.path + "type",
                    supported: ["function_call", "function_call_output", "message", "reasoning"])
            }
        }
        if isOpen { draft.add("assistant", said, calls: calls) }
    }

    private func parts(_ item: RequestFields) throws(VendorError) -> [ConversationDraft.Part] {
        if let text = item.value("content")?.stringValue { return [.text(text)] }
        var parts: [ConversationDraft.Part] = []
        for part in try item.objects("content") {
            switch try part.requiredString("type") {
            case "input_text", "output_text": parts.append(.text(try part.requiredString("text")))
            case "refusal": parts.append(.text(try part.requiredString("refusal")))
            case "input_image":
                parts.append(.image(url: try part.requiredString("image_url"), detail: try part.string("detail")))
            case let other:
                throw .unsupportedValue(
                    other, part.path + "type", supported: ["input_image", "input_text", "output_text", "refusal"])
            }
        }
        return parts
    }

    private func output(_ item: RequestFields) throws(VendorError) -> String {
        if let text = item.value("output")?.stringValue { return text }
        var texts: [String] = []
        for part in try item.objects("output") { texts.append(try part.string("text") ?? "") }
        return texts.joined(separator: "\n")
    }
}

/// A request of OpenAI's Responses.
struct ResponsesRequest: Sendable {
    var chat: ChatRequest
    /// Whether the answer tells what the model thought.
    var showsSummary: Bool
    /// The request itself: the answer repeats some of it.
    var fields: JSONObject
}

extension VendorError {
    static func unknownResponse(_ id: String) -> VendorError {
        badRequest(
            "Previous response with id '\(quote(id))' not found.", param: "previous_response_id",
            code: "previous_response_not_found")
    }
}
