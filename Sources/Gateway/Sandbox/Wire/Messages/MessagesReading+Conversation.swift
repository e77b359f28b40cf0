import JSON

extension MessagesReading {
    /// The system prompt and all turns, as messages of chat completions.
    func conversation(_ fields: RequestFields) throws(VendorError) -> [JSONValue] {
        guard fields.value("messages") != nil else { throw .required("messages") }
        var draft = ConversationDraft()
        let system = try parts(fields, "system")
        if !system.isEmpty { draft.add("system", system) }
        let turns = try fields.objects("messages")
        guard !turns.isEmpty else { throw .badRequest("messages: at least one message is required") }
        for turn in turns {
            switch try turn.requiredString("role") {
            case "user": try addUser(turn, to: &draft)
            case "assistant": try addAssistant(turn, to: &draft)
            case let role: throw .unsupportedValue(role, turn.path + "role", supported: ["user", "assistant"])
            }
        }
        return draft.messages
    }

    private func addUser(_ turn: RequestFields, to draft: inout ConversationDraft) throws(VendorError) {
        for block in try blocks(turn, "content") where try block.requiredString("type") == "tool_result" {
            draft.addResult(of: try block.requiredString("tool_use_id"), try resultText(block))
        }
        let said = try parts(turn, "content")
        if !said.isEmpty { draft.add("user", said) }
    }

    private func addAssistant(_ turn: RequestFields, to draft: inout ConversationDraft) throws(VendorError) {
        var calls: [ToolCall] = []
        for block in try blocks(turn, "content") where try block.requiredString("type") == "tool_use" {
            let input = try block.requiredObject("input").object
            calls.append(
                ToolCall(
                    id: try block.requiredString("id"), name: try block.requiredString("name"),
                    arguments: JSONAnswer.text(.object(input))))
        }
        draft.add("assistant", try parts(turn, "content"), calls: calls)
    }

    private func resultText(_ block: RequestFields) throws(VendorError) -> String {
        try parts(block, "content").map { part in
            if case .text(let text) = part { text } else { "[image]" }
        }.joined(separator: "\n")
    }

    // MARK: Blocks

    /// The blocks of a member that is a string or an array of them; none for a string.
    private func blocks(_ fields: RequestFields, _ name: String) throws(VendorError) -> [RequestFields] {
        if fields.value(name)?.stringValue != nil { return [] }
        return try fields.objects(name)
    }

    /// Words and pictures. Calls and their results are read apart, and thoughts are not repeated to the model.
    private func parts(_ fields: RequestFields, _ name: String) throws(VendorError) -> [ConversationDraft.Part] {
        if let text = fields.value(name)?.stringValue { return text.isEmpty ? [] : [.text(text)] }
        var parts: [ConversationDraft.Part] = []
        for block in try fields.objects(name) {
            switch try block.requiredString("type") {
            case "text": parts.append(.text(try block.requiredString("text")))
            case "image": parts.append(.image(url: try address(try block.requiredObject("source")), detail: nil))
            case "tool_use", "tool_result", "thinking", "redacted_thinking": break
            case let other:
                throw .unsupportedValue(
                    other, block.path + "type", supported: ["image", "text", "thinking", "tool_result", "tool_use"])
            }
        }
        return parts
    }

    private func address(_ source: RequestFields) throws(VendorError) -> String {
        switch try source.requiredString("type") {
        case "url": return try source.requiredString("url")
        case "base64":
            return "data:\(try source.requiredString("media_type"));base64,\(try source.requiredString("data"))"
        case let other: throw .unsupportedValue(other, source.path + "type", supported: ["base64", "url"])
        }
    }
}
