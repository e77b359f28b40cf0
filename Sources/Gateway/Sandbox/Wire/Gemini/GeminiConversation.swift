import JSON

/// Reads the turns of Gemini's `contents` as messages of chat completions.
struct GeminiConversation {
    private var draft = ConversationDraft()
    /// Calls that have no result yet. They bear no ids here, so a result goes to the first call of its name.
    private var open: [ToolCall] = []
    private var callCount = 0

    static func messages(_ fields: RequestFields) throws(VendorError) -> [JSONValue] {
        var conversation = GeminiConversation()
        if let system = try fields.either("systemInstruction", RequestFields.object) {
            let parts = try conversation.parts(of: system)
            if !parts.isEmpty { conversation.draft.add("system", parts) }
        }
        let turns = try fields.objects("contents")
        guard !turns.isEmpty else { throw .badRequest("* GenerateContentRequest.contents: contents is not specified") }
        for turn in turns { try conversation.add(turn) }
        return conversation.draft.messages
    }

    private mutating func add(_ turn: RequestFields) throws(VendorError) {
        switch try turn.string("role") ?? "user" {
        case "model":
            let said = try parts(of: turn)
            let calls = try calls(of: turn)
            open += calls
            draft.add("assistant", said, calls: calls)
        case "user", "function":
            try addResults(of: turn)
            let said = try parts(of: turn)
            if !said.isEmpty { draft.add("user", said) }
        default: throw .badRequest("Please use a valid role: user, model.")
        }
    }

    private func parts(of turn: RequestFields) throws(VendorError) -> [ConversationDraft.Part] {
        var parts: [ConversationDraft.Part] = []
        for part in try turn.objects("parts") where part.value("thought") != true {
            if let text = try part.string("text") {
                parts.append(.text(text))
            } else if let data = try part.either("inlineData", RequestFields.object) {
                let type = data.either("mimeType")?.stringValue ?? ""
                parts.append(.image(url: "data:\(type);base64,\(try data.requiredString("data"))", detail: nil))
            } else if let file = try part.either("fileData", RequestFields.object) {
                parts.append(.image(url: file.either("fileUri")?.stringValue ?? "", detail: nil))
            }
        }
        return parts
    }

    private mutating func calls(of turn: RequestFields) throws(VendorError) -> [ToolCall] {
        var calls: [ToolCall] = []
        for part in try turn.objects("parts") {
            guard let call = try part.either("functionCall", RequestFields.object) else { continue }
            callCount += 1
            calls.append(
                ToolCall(
                    id: "call_\(callCount)", name: try call.requiredString("name"),
                    arguments: JSONAnswer.text(call.value("args") ?? [:])))
        }
        return calls
    }

    private mutating func addResults(of turn: RequestFields) throws(VendorError) {
        for part in try turn.objects("parts") {
            guard let result = try part.either("functionResponse", RequestFields.object) else { continue }
            let name = try result.requiredString("name")
            guard let index = open.firstIndex(where: { $0.name == name }) else {
                throw .badRequest(
                    "Please ensure that function response turn comes immediately after a function call turn.")
            }
            draft.addResult(of: open.remove(at: index).id, JSONAnswer.text(result.value("response") ?? [:]))
        }
    }
}
