import JSON

/// Gathers texts from the members that hold them.
struct TextCollector {
    private(set) var found: [String] = []

    mutating func add(_ text: String?) {
        if let text, !text.isEmpty { found.append(text) }
    }

    /// A text, or what a program says to another as JSON.
    mutating func addData(_ value: JSONValue?) {
        switch value {
        case .string(let text): add(text)
        case .object, .array: add(value.map { String(decoding: $0.serialized(), as: UTF8.self) })
        default: break
        }
    }

    /// What a message says: a text, or parts of which some are texts.
    mutating func addContent(_ value: JSONValue?) {
        switch value {
        case .string(let text): add(text)
        case .array(let parts): for part in parts { addContent(part) }
        case .object(let part): addPart(part)
        default: break
        }
    }

    private mutating func addPart(_ part: JSONObject) {
        for name in ["text", "refusal", "thinking", "input_text"] { add(part[name]?.stringValue) }
        // Results of tools and documents lie in parts of their own; Gemini has its parts in a content.
        addContent(part["content"])
        addContent(part["parts"])
        addContent(part["summary"])
        addSource(part["source"])
        addData(part["functionResponse"]?["response"])
        addData(part["functionCall"]?["args"])
        if part["type"]?.stringValue == "tool_use" { addData(part["input"]) }
    }

    /// A document of Anthropic's that is text; pictures are data and have none.
    private mutating func addSource(_ source: JSONValue?) {
        switch source?["type"]?.stringValue {
        case "text": add(source?["data"]?.stringValue)
        case "content": addContent(source?["content"])
        default: break
        }
    }

    /// A message of any dialect, or an item of a response.
    mutating func addMessage(_ value: JSONValue) {
        guard let message = value.objectValue else { return add(value.stringValue) }
        addPart(message)
        for name in ["reasoning_content", "reasoning"] { add(message[name]?.stringValue) }
        for call in message["tool_calls"]?.arrayValue ?? [] {
            addData(call["function"]?["arguments"] ?? call["arguments"])
        }
        addData(message["function_call"]?["arguments"])
        addData(message["arguments"])
        addContent(message["output"])
    }
}
