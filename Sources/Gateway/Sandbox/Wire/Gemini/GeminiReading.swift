import JSON

/// Reads a request of Gemini's generateContent as the chat request it stands for. Members may be spelled either way:
/// `generationConfig` or `generation_config`.
struct GeminiReading {
    let models: [SandboxModel]

    func read(_ body: [UInt8], _ call: SandboxRoute.GeminiCall) throws(VendorError) -> GeminiRequest {
        let fields = try RequestFields(parsing: body)
        let config = try fields.either("generationConfig", RequestFields.object)
        var object: JSONObject = ["model": .string(call.model)]
        object["messages"] = .array(try GeminiConversation.messages(fields))
        config?.copy(["temperature", "seed"], to: &object)
        if let topP = config?.either("topP") { object["top_p"] = topP }
        if let count = config?.either("candidateCount") { object["n"] = count }
        if let format = Self.format(config) { object["response_format"] = format }
        try addTools(fields, to: &object)
        var chat = try ChatRequestReading(models: models).read(RequestFields(object: object))
        if let limit = config?.either("maxOutputTokens") {
            guard let limit = limit.intValue, limit > 0 else {
                throw .badRequest("generationConfig.maxOutputTokens must be a positive integer.")
            }
            chat.maximumTokens = min(limit, chat.model.maximumOutput)
        }
        chat.stop = config?.either("stopSequences")?.arrayValue?.compactMap(\.stringValue).filter { !$0.isEmpty } ?? []
        chat.isStreamed = call.isStreamed
        let thinking = try config?.either("thinkingConfig", RequestFields.object)
        if thinking?.either("thinkingBudget")?.intValue == 0 { chat.effort = .none }
        return GeminiRequest(chat: chat, showsThoughts: thinking?.either("includeThoughts")?.boolValue ?? false)
    }

    private static func format(_ config: RequestFields?) -> JSONValue? {
        guard config?.either("responseMimeType")?.stringValue == "application/json" else { return nil }
        let schema = config?.either("responseJsonSchema") ?? config?.either("responseSchema").map(lowerCased)
        guard let schema else { return ["type": "json_object"] }
        return ["type": "json_schema", "json_schema": ["name": "response", "schema": schema]]
    }

    /// Gemini's own schemas spell types in capitals.
    private static func lowerCased(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .object(let object):
            .object(
                JSONObject(
                    members: object.members.map { member in
                        let text = member.key == "type" ? member.value.stringValue : nil
                        let value = text.map { JSONValue.string($0.lowercased()) } ?? lowerCased(member.value)
                        return JSONObject.Member(key: member.key, value: value)
                    }))
        case .array(let elements): .array(elements.map(lowerCased))
        default: schema
        }
    }

    // MARK: Tools

    private func addTools(_ fields: RequestFields, to object: inout JSONObject) throws(VendorError) {
        var tools: [JSONValue] = []
        for tool in try fields.objects("tools") {
            for function in try tool.either("functionDeclarations", RequestFields.optionalObjects) ?? [] {
                let schema =
                    function.either("parametersJsonSchema") ?? function.value("parameters").map(Self.lowerCased)
                tools.append(
                    ConversationDraft.tool(
                        name: function.value("name"), description: function.value("description"), parameters: schema))
            }
        }
        guard !tools.isEmpty else { return }
        object["tools"] = .array(tools)
        let config = try fields.either("toolConfig", RequestFields.object)
        let calling = try config?.either("functionCallingConfig", RequestFields.object)
        let allowed = calling?.either("allowedFunctionNames")?.arrayValue ?? []
        switch try calling?.string("mode") {
        case nil, "MODE_UNSPECIFIED"?, "AUTO"?, "VALIDATED"?: break
        case "NONE"?: object["tool_choice"] = "none"
        case "ANY"? where allowed.count == 1:
            object["tool_choice"] = ["type": "function", "function": ["name": allowed[0]]]
        case "ANY"?: object["tool_choice"] = "required"
        case let other?: throw .unsupportedValue(other, "mode", supported: ["AUTO", "ANY", "NONE"])
        }
    }
}

/// A request of Gemini's generateContent.
struct GeminiRequest: Sendable {
    var chat: ChatRequest
    /// Whether the answer tells what the model thought.
    var showsThoughts: Bool
}

extension RequestFields {
    /// The member under its name, or under the same name with underscores.
    func either(_ name: String) -> JSONValue? {
        value(name) ?? value(Self.underscored(name))
    }

    func either<Value>(
        _ name: String, _ read: (RequestFields) -> (String) throws(VendorError) -> Value?
    ) throws(VendorError) -> Value? {
        try read(self)(value(name) == nil ? Self.underscored(name) : name)
    }

    func optionalObjects(_ name: String) throws(VendorError) -> [RequestFields]? {
        try objects(name)
    }

    private static func underscored(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
    }
}
