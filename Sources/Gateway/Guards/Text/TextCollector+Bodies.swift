import JSON

extension TextCollector {
    mutating func addRequest(_ body: JSONValue) {
        addContent(body["system"])
        addContent(body["instructions"])
        addContent(body["systemInstruction"])
        addContent(body["system_instruction"])
        for message in body["messages"]?.arrayValue ?? [] { addMessage(message) }
        addContent(body["contents"])
        addContent(body["content"])
        addInput(body["input"])
        for name in ["prompt", "negative_prompt", "text", "texts", "query", "documents"] { addContent(body[name]) }
        for request in body["requests"]?.arrayValue ?? [] { addContent(request["content"]) }
    }

    /// Texts to embed, items of a conversation, or on the run interface a request within the request.
    private mutating func addInput(_ input: JSONValue?) {
        switch input {
        case .string(let text): add(text)
        case .array(let items): for item in items { addMessage(item) }
        case .object: if let input { addRequest(input) }
        default: break
        }
    }

    mutating func addResponse(_ body: JSONValue) {
        for choice in body["choices"]?.arrayValue ?? [] {
            if let message = choice["message"] { addMessage(message) }
            add(choice["text"]?.stringValue)
        }
        addContent(body["content"])
        for candidate in body["candidates"]?.arrayValue ?? [] { addContent(candidate["content"]) }
        addOutput(body["output"])
        add(body["response"]?.stringValue)
        add(body["text"]?.stringValue)
        if let message = body["message"], message.objectValue != nil { addMessage(message) }
        // In the envelope of the REST interface.
        if let result = body["result"], result.objectValue != nil { addResponse(result) }
    }

    private mutating func addOutput(_ output: JSONValue?) {
        switch output {
        case .string(let text): add(text)
        case .array(let items): for item in items { addMessage(item) }
        default: break
        }
    }
}
