import JSON

/// Reads the conversation of a request.
struct MessageReading {
    let model: SandboxModel

    func messages(_ fields: RequestFields) throws(VendorError) -> [ChatMessage] {
        guard let values = try fields.array("messages", of: "objects") else { throw .missing("messages") }
        guard !values.isEmpty else {
            throw .badRequest(
                "Invalid 'messages': empty array. Expected an array with minimum length 1, "
                    + "but got an empty array instead.", param: "messages", code: "empty_array")
        }
        var messages: [ChatMessage] = []
        messages.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            guard let object = value.objectValue else {
                throw .wrongType("messages[\(index)]", expected: "an object", got: value)
            }
            messages.append(try message(RequestFields(object: object, path: "messages[\(index)].")))
        }
        try checkToolCallsAreAnswered(messages)
        return messages
    }

    private func message(_ fields: RequestFields) throws(VendorError) -> ChatMessage {
        guard let role = try fields.choice("role", ChatMessage.Role.self) else {
            throw .missing(fields.path + "role")
        }
        var message = ChatMessage(role: role)
        message.name = try fields.string("name")
        if role == .assistant { message.toolCalls = try toolCalls(fields) }
        if role == .tool { message.toolCallID = try fields.requiredString("tool_call_id") }
        try readContent(fields, into: &message)
        return message
    }

    private func readContent(_ fields: RequestFields, into message: inout ChatMessage) throws(VendorError) {
        switch fields.value("content") {
        case nil:
            // An assistant that only called tools said nothing.
            guard message.role != .assistant else { return }
            throw .badRequest(
                "Invalid value for 'content': expected a string, got null.", param: fields.path + "content")
        case .string(let text)?:
            message.text = text
        case .array(let parts)?:
            for (index, part) in parts.enumerated() {
                let path = "\(fields.path)content[\(index)]"
                guard let object = part.objectValue else { throw .wrongType(path, expected: "an object", got: part) }
                try readPart(RequestFields(object: object, path: path + "."), into: &message)
            }
        case let other?:
            throw .wrongType(fields.path + "content", expected: "a string or an array of objects", got: other)
        }
    }

    private func readPart(_ fields: RequestFields, into message: inout ChatMessage) throws(VendorError) {
        switch try fields.requiredString("type") {
        case "text", "refusal":
            let name = fields.value("refusal") == nil ? "text" : "refusal"
            let text = try fields.requiredString(name)
            message.text += message.text.isEmpty ? text : "\n" + text
        case "image_url":
            guard model.supportsVision, message.role == .user else {
                throw .badRequest(
                    "Invalid content type. image_url is only supported by certain models.", param: fields.path + "type")
            }
            message.images.append(try image(try fields.requiredObject("image_url")))
        case let other:
            throw .unsupportedValue(other, fields.path + "type", supported: ["text", "image_url"])
        }
    }

    private func image(_ fields: RequestFields) throws(VendorError) -> ImagePart {
        let url = try fields.requiredString("url")
        let detail = try fields.choice("detail", ImagePart.Detail.self) ?? .auto
        if url.hasPrefix("data:") {
            guard let facts = ImageFacts(dataURI: url) else { throw .unsupportedImage }
            return ImagePart(source: .data(facts), detail: detail)
        }
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw .badRequest(
                "Invalid image URL: '\(fields.path)url'. Expected a valid URL.", param: fields.path + "url",
                code: "invalid_image_url")
        }
        return ImagePart(source: .url(url), detail: detail)
    }

    private func toolCalls(_ fields: RequestFields) throws(VendorError) -> [ToolCall] {
        var calls: [ToolCall] = []
        for (index, value) in (try fields.array("tool_calls", of: "objects") ?? []).enumerated() {
            let path = "\(fields.path)tool_calls[\(index)]"
            guard let object = value.objectValue else { throw .wrongType(path, expected: "an object", got: value) }
            let call = RequestFields(object: object, path: path + ".")
            let function = try call.requiredObject("function")
            calls.append(
                ToolCall(
                    id: try call.requiredString("id"), name: try function.requiredString("name"),
                    arguments: try function.requiredString("arguments")))
        }
        return calls
    }

    /// Every call needs its answer right behind it, and every answer its call.
    private func checkToolCallsAreAnswered(_ messages: [ChatMessage]) throws(VendorError) {
        var open: [String] = []
        var known: Set<String> = []
        for (index, message) in messages.enumerated() {
            if message.role == .tool, let id = message.toolCallID {
                guard known.contains(id) else {
                    throw .badRequest(
                        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
                            + "with 'tool_calls'.", param: "messages[\(index)].role")
                }
                open.removeAll { $0 == id }
                continue
            }
            guard open.isEmpty else { throw .unansweredToolCalls(open, at: index) }
            open = message.toolCalls.map(\.id)
            known = Set(open)
        }
        guard open.isEmpty else { throw .unansweredToolCalls(open, at: messages.count) }
    }
}

extension VendorError {
    static let unsupportedImage = badRequest(
        "You uploaded an unsupported image. Please make sure your image has of one of the following formats: "
            + "['png', 'jpeg', 'gif', 'webp'].", code: "invalid_image_format")

    static func unansweredToolCalls(_ ids: [String], at index: Int) -> VendorError {
        badRequest(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                + "'tool_call_id'. The following tool_call_ids did not have response messages: "
                + ids.map(quote).joined(separator: ", "), param: "messages[\(index)].role")
    }
}
