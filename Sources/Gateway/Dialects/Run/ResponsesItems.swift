import Domain
import JSON

/// Makes messages of chat of the items of a request of Responses.
struct ResponsesItems {
    private var messages: [JSONValue] = []
    /// What the assistant said and called, until something else comes: in chat it is one message.
    private var said: JSONValue?
    private var calls: [JSONValue] = []

    static func messages(_ request: ResponsesPart) throws(GatewayError) -> [JSONValue] {
        var items = ResponsesItems()
        if let text = try request.string("instructions"), !text.isEmpty {
            items.messages.append(["role": "system", "content": .string(text)])
        }
        guard let input = request.value("input") else {
            throw GatewayError(.missingField, "`input` is missing.", param: "input")
        }
        if let text = input.stringValue {
            items.messages.append(["role": "user", "content": .string(text)])
        } else {
            guard input.arrayValue != nil else { throw request.wrongType("input", "a string or an array of items") }
            for item in try request.parts("input") { try items.add(item) }
        }
        items.endTurn()
        return items.messages
    }

    private mutating func add(_ item: ResponsesPart) throws(GatewayError) {
        switch try item.string("type") ?? "message" {
        case "message": try addMessage(item)
        case "function_call":
            calls.append([
                "id": .string(try item.word("call_id")), "type": "function",
                "function": ["name": .string(try item.word("name")), "arguments": .string(try item.word("arguments"))],
            ])
        case "function_call_output":
            endTurn()
            let content = try Self.content(item, "output", role: "tool")
            messages.append(["role": "tool", "tool_call_id": .string(try item.word("call_id")), "content": content])
        // Thoughts are the vendor's to keep, and this one keeps none.
        case "reasoning": break
        default:
            throw item.refusal(
                "type", "must be `message`, `function_call` or `function_call_output` with this model.")
        }
    }

    private mutating func addMessage(_ item: ResponsesPart) throws(GatewayError) {
        let role = try item.word("role")
        guard ["user", "assistant", "system", "developer"].contains(role) else {
            throw item.refusal("role", "must be one of `user`, `assistant`, `system`, `developer`.")
        }
        let content = try Self.content(item, "content", role: role)
        endTurn()
        if role == "assistant" {
            said = content
        } else {
            messages.append(["role": .string(role), "content": content])
        }
    }

    private mutating func endTurn() {
        guard said != nil || !calls.isEmpty else { return }
        var message: JSONObject = ["role": "assistant", "content": said ?? .null]
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        messages.append(.object(message))
        said = nil
        calls = []
    }

    // MARK: Content

    /// One text alone is a string: some vendors take nothing else from an assistant or a tool.
    private static func content(
        _ item: ResponsesPart, _ name: String, role: String
    ) throws(GatewayError) -> JSONValue {
        guard let value = item.value(name) else { throw item.refusal(name, "is missing.") }
        if value.stringValue != nil { return value }
        var parts: [JSONValue] = []
        for part in try item.parts(name) { parts.append(try content(part, role: role)) }
        if parts.count == 1, parts[0]["type"] == "text", let text = parts[0]["text"] { return text }
        return .array(parts)
    }

    private static func content(_ part: ResponsesPart, role: String) throws(GatewayError) -> JSONValue {
        switch try part.word("type") {
        case "input_text", "output_text", "text": return ["type": "text", "text": .string(try part.word("text"))]
        case "refusal" where role == "assistant":
            return ["type": "refusal", "refusal": .string(try part.word("refusal"))]
        case "input_image" where role == "user":
            guard let url = try part.string("image_url") else {
                throw part.refusal("image_url", "is missing: this model takes images by address or in the request.")
            }
            var image: JSONObject = ["url": .string(url)]
            if let detail = try part.string("detail") { image["detail"] = .string(detail) }
            return ["type": "image_url", "image_url": .object(image)]
        case "input_audio" where role == "user":
            return ["type": "input_audio", "input_audio": part.value("input_audio") ?? .null]
        case "input_file" where role == "user" && part.value("file_url") == nil:
            let file = JSONObject(members: part.members.filter { $0.key != "type" && !$0.value.isNull })
            return ["type": "file", "file": .object(file)]
        default: throw part.refusal("type", "is not possible here with this model.")
        }
    }
}
