import JSON

/// Reads a chat completion request and refuses what the vendor would refuse, in its words.
struct ChatRequestReading {
    let models: [SandboxModel]

    static let maximumChoices = 128
    static let maximumStops = 4
    static let maximumTools = 128
    static let maximumTopLogprobs = 20

    func read(_ body: [UInt8]) throws(VendorError) -> ChatRequest {
        try read(try RequestFields(parsing: body))
    }

    func read(_ fields: RequestFields) throws(VendorError) -> ChatRequest {
        let model = try model(fields)
        var request = ChatRequest(model: model, messages: try MessageReading(model: model).messages(fields))
        try readSampling(fields, into: &request)
        try readLimits(fields, into: &request)
        try ToolReading(model: model).read(fields, into: &request)
        request.format = try format(fields)
        try readStreaming(fields, into: &request)
        request.fingerprint = Fingerprint.of(fields.object)
        let tokens = TokenEstimate.prompt(request)
        guard tokens <= model.contextWindow else {
            throw .contextTooLong(limit: model.contextWindow, tokens: tokens)
        }
        return request
    }

    private func model(_ fields: RequestFields) throws(VendorError) -> SandboxModel {
        guard let name = try fields.string("model"), !name.isEmpty else { throw .missingModel }
        guard let model = models.first(where: { $0.name == name }) else { throw .unknownModel(name) }
        guard model.embeddingDimensions == nil else { throw .notAChatModel }
        return model
    }

    private func readSampling(_ fields: RequestFields, into request: inout ChatRequest) throws(VendorError) {
        let temperature = try fields.decimal("temperature", 0...2)
        if let temperature, temperature != 1, request.model.restrictions.contains(.temperature) {
            throw .onlyDefault("temperature", JSONNumber(temperature)?.spelling ?? "that")
        }
        let topP = try fields.decimal("top_p", 0...1)
        if let topP, topP != 1, request.model.restrictions.contains(.topP) {
            throw .unsupportedParameter("top_p")
        }
        _ = try fields.decimal("presence_penalty", -2...2)
        _ = try fields.decimal("frequency_penalty", -2...2)
        _ = try fields.integer("seed", Int.min...Int.max)
        _ = try fields.string("user")
        request.choiceCount = try fields.integer("n", 1...Self.maximumChoices) ?? 1
        request.effort = try fields.choice("reasoning_effort", ReasoningEffort.self) ?? .medium
        request.stop = try stop(fields)
        let wantsLogprobs = try fields.bool("logprobs") ?? false
        let alternatives = try fields.integer("top_logprobs", 0...Self.maximumTopLogprobs)
        if alternatives != nil, !wantsLogprobs { throw .onlyWith("top_logprobs", "'logprobs' is enabled") }
        request.topLogprobs = wantsLogprobs ? alternatives ?? 0 : nil
    }

    private func stop(_ fields: RequestFields) throws(VendorError) -> [String] {
        guard let value = fields.value("stop") else { return [] }
        if let single = value.stringValue { return single.isEmpty ? [] : [single] }
        let several = value.arrayValue?.compactMap(\.stringValue)
        guard let several, several.count == value.arrayValue?.count else {
            throw .wrongType("stop", expected: "a string or an array of strings", got: value)
        }
        guard several.count <= Self.maximumStops else {
            throw .badRequest(
                "Invalid 'stop': array too long. Expected an array with maximum length \(Self.maximumStops), "
                    + "but got an array with length \(several.count) instead.", param: "stop",
                code: "array_above_max_length")
        }
        return several.filter { !$0.isEmpty }
    }

    /// When both limits are given, the newer name wins.
    private func readLimits(_ fields: RequestFields, into request: inout ChatRequest) throws(VendorError) {
        for name in ["max_tokens", "max_completion_tokens"] {
            guard let limit = try fields.integer(name, 1...Int.max) else { continue }
            if name == "max_tokens", request.model.restrictions.contains(.maxTokens) {
                throw .unsupportedParameter(name, instead: "max_completion_tokens")
            }
            guard limit <= request.model.maximumOutput else {
                throw .tooManyOutputTokens(name, limit, limit: request.model.maximumOutput)
            }
            request.maximumTokens = limit
        }
    }

    private func format(_ fields: RequestFields) throws(VendorError) -> ResponseFormat {
        guard let format = try fields.object("response_format") else { return .text }
        switch try format.requiredString("type") {
        case "text": return .text
        case "json_object": return .jsonObject
        case "json_schema":
            let wrapped = try format.requiredObject("json_schema")
            _ = try wrapped.requiredString("name")
            guard let schema = wrapped.value("schema") else { throw .missing("response_format.json_schema.schema") }
            guard schema.objectValue != nil else {
                throw .wrongType("response_format.json_schema.schema", expected: "an object", got: schema)
            }
            return .jsonSchema(schema)
        case let other:
            throw .unsupportedValue(
                other, "response_format.type", supported: ["json_object", "json_schema", "text"])
        }
    }

    private func readStreaming(_ fields: RequestFields, into request: inout ChatRequest) throws(VendorError) {
        request.isStreamed = try fields.bool("stream") ?? false
        guard let options = try fields.object("stream_options") else { return }
        guard request.isStreamed else {
            throw .badRequest(
                "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param: "stream_options")
        }
        request.includesUsage = try options.bool("include_usage") ?? false
    }
}
