import JSON

/// A conversation of another wire, put in the form of chat completions: the same words then get the same answer.
struct ConversationDraft {
    enum Part {
        case text(String)
        case image(url: String, detail: String?)
    }

    private(set) var messages: [JSONValue] = []

    /// What one role says. Calls of tools stand in a message with the words before them.
    mutating func add(_ role: String, _ parts: [Part], calls: [ToolCall] = []) {
        var message: JSONObject = ["role": .string(role), "content": Self.content(parts, hasCalls: !calls.isEmpty)]
        if !calls.isEmpty { message["tool_calls"] = .array(calls.map(Self.call)) }
        messages.append(.object(message))
    }

    mutating func addResult(of id: String, _ text: String) {
        messages.append(["role": "tool", "tool_call_id": .string(id), "content": .string(text)])
    }

    private static func content(_ parts: [Part], hasCalls: Bool) -> JSONValue {
        if parts.isEmpty { return hasCalls ? .null : "" }
        if parts.count == 1, case .text(let text) = parts[0] { return .string(text) }
        return .array(
            parts.map { part in
                switch part {
                case .text(let text): return ["type": "text", "text": .string(text)]
                case .image(let url, let detail):
                    var image: JSONObject = ["url": .string(url)]
                    if let detail { image["detail"] = .string(detail) }
                    return ["type": "image_url", "image_url": .object(image)]
                }
            })
    }

    private static func call(_ call: ToolCall) -> JSONValue {
        [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
        ]
    }

    /// A tool as chat completions want it.
    static func tool(name: JSONValue?, description: JSONValue?, parameters: JSONValue?) -> JSONValue {
        var function = JSONObject()
        if let name { function["name"] = name }
        if let description { function["description"] = description }
        if let parameters { function["parameters"] = parameters }
        return ["type": "function", "function": .object(function)]
    }
}

extension RequestFields {
    /// Each element of an array of objects, with where it stands.
    func objects(_ name: String) throws(VendorError) -> [RequestFields] {
        var found: [RequestFields] = []
        for (index, value) in (try array(name, of: "objects") ?? []).enumerated() {
            let path = "\(path)\(name)[\(index)]"
            guard let object = value.objectValue else { throw .wrongType(path, expected: "an object", got: value) }
            found.append(RequestFields(object: object, path: path + "."))
        }
        return found
    }

    /// Copies members of these names that are there.
    func copy(_ names: [String], to object: inout JSONObject) {
        for name in names { if let value = value(name) { object[name] = value } }
    }
}
