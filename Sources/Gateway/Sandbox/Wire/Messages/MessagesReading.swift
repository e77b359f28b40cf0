import JSON

/// Reads a request of Anthropic's Messages as the chat request it stands for.
struct MessagesReading {
    let models: [SandboxModel]

    func read(_ body: [UInt8]) throws(VendorError) -> ChatRequest {
        let fields = try RequestFields(parsing: body)
        guard let limit = try fields.integer("max_tokens", 1...Int.max) else { throw .required("max_tokens") }
        var object = JSONObject()
        fields.copy(["model", "temperature", "top_p"], to: &object)
        object["messages"] = .array(try conversation(fields))
        try addTools(fields, to: &object)
        var request = try ChatRequestReading(models: models).read(RequestFields(object: object))
        let model = request.model
        guard limit <= model.maximumOutput else {
            throw .badRequest(
                "max_tokens: \(limit) > \(model.maximumOutput), which is the maximum allowed number of output tokens "
                    + "for \(model.name)")
        }
        request.maximumTokens = limit
        request.stop = try stops(fields)
        request.isStreamed = try fields.bool("stream") ?? false
        try readThinking(fields, into: &request)
        return request
    }

    private func stops(_ fields: RequestFields) throws(VendorError) -> [String] {
        let values = try fields.array("stop_sequences", of: "strings") ?? []
        let stops = values.compactMap(\.stringValue).filter { !$0.isEmpty }
        guard stops.count == values.count else {
            throw .badRequest("stop_sequences: each must be a string that is not empty")
        }
        return stops
    }

    /// Models think only when they are asked to.
    private func readThinking(_ fields: RequestFields, into request: inout ChatRequest) throws(VendorError) {
        let thinking = try fields.object("thinking")
        switch try thinking?.requiredString("type") {
        case nil, "disabled"?: request.effort = .none
        case "adaptive"?: break
        case "enabled"?:
            let budget = try thinking?.integer("budget_tokens", 1_024...Int.max)
            guard let budget else { throw .required("thinking.enabled.budget_tokens") }
            guard budget < request.maximumTokens ?? 0 else {
                throw .badRequest("`max_tokens` must be greater than `thinking.budget_tokens`.")
            }
        case let other?:
            throw .unsupportedValue(other, "thinking.type", supported: ["enabled", "disabled", "adaptive"])
        }
    }

    // MARK: Tools

    private func addTools(_ fields: RequestFields, to object: inout JSONObject) throws(VendorError) {
        let tools = try fields.objects("tools")
        guard !tools.isEmpty else { return }
        object["tools"] = .array(
            tools.map { tool in
                ConversationDraft.tool(
                    name: tool.value("name"), description: tool.value("description"),
                    parameters: tool.value("input_schema"))
            })
        guard let choice = try fields.object("tool_choice") else { return }
        switch try choice.requiredString("type") {
        case "auto": break
        case "any": object["tool_choice"] = "required"
        case "none": object["tool_choice"] = "none"
        case "tool":
            object["tool_choice"] = [
                "type": "function", "function": ["name": .string(try choice.requiredString("name"))],
            ]
        case let other:
            throw .unsupportedValue(other, "tool_choice.type", supported: ["auto", "any", "tool", "none"])
        }
        if try choice.bool("disable_parallel_tool_use") == true { object["parallel_tool_calls"] = false }
    }
}

extension VendorError {
    static func required(_ name: String) -> VendorError {
        badRequest("\(name): Field required")
    }
}
