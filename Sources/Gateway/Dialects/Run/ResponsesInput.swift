public import Domain
public import JSON

/// A request of OpenAI's Responses as the chat request that asks the same, for models whose vendor only chats.
///
/// What chat cannot say is refused, never left out: stored answers, tools the vendor runs, files by address. What only
/// says how an answer is kept or sent is left out.
public struct ResponsesInput: Sendable {
    /// The body of the chat request. On a stream it asks for usage.
    public let chat: [UInt8]
    public let isStream: Bool
    /// What the answer repeats of the request.
    let echo: JSONObject

    public init(
        _ body: [UInt8], scanner: JSONScanner, maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(GatewayError) {
        try ChatRequest.checkSize(of: body)
        let tree: JSONValue
        do {
            tree = try scanner.value(body, maximumDepth: maximumDepth)
        } catch {
            throw GatewayError(.invalidBody, error.description)
        }
        guard let object = tree.objectValue else {
            throw GatewayError(.invalidBody, "The body must be a JSON object.")
        }
        let request = ResponsesPart(.object(object), at: "")
        isStream = try request.bool("stream") ?? false
        chat = try ResponsesConversion(request).chat(isStream: isStream).serialized()
        echo = JSONObject(
            members: ResponsesForm.repeated.map {
                JSONObject.Member(key: $0.name, value: object[$0.name] ?? $0.standard)
            })
    }
}

/// Makes a chat request of a request of Responses.
struct ResponsesConversion {
    private let request: ResponsesPart

    init(_ request: ResponsesPart) {
        self.request = request
    }

    /// What is said in another way in chat, or says nothing there.
    private static let converted: Set<String> = [
        "input", "instructions", "max_output_tokens", "reasoning", "text", "tools", "tool_choice", "top_logprobs",
        "parallel_tool_calls", "stream", "stream_options", "store", "include", "truncation", "metadata", "background",
        "previous_response_id", "conversation", "prompt", "max_tool_calls", "messages",
    ]

    /// What the vendor would have to keep, or look up.
    private static let refused = ["previous_response_id", "conversation", "prompt"]

    func chat(isStream: Bool) throws(GatewayError) -> JSONObject {
        for name in Self.refused where request.value(name) != nil {
            throw request.refusal(name, "is not possible with this model: its vendor keeps no answers.")
        }
        if try request.bool("background") == true {
            throw request.refusal("background", "is not possible with this model.")
        }
        var chat = JSONObject(members: request.members.filter { !Self.converted.contains($0.key) })
        chat["messages"] = .array(try ResponsesItems.messages(request))
        if let limit = request.value("max_output_tokens") { chat["max_completion_tokens"] = limit }
        if let effort = try request.part("reasoning")?.value("effort") { chat["reasoning_effort"] = effort }
        if let count = request.value("top_logprobs"), count != 0 {
            chat["logprobs"] = true
            chat["top_logprobs"] = count
        }
        try addText(to: &chat)
        try addTools(to: &chat)
        if isStream {
            chat["stream"] = true
            chat["stream_options"] = ["include_usage": true]
        }
        return chat
    }

    private func addText(to chat: inout JSONObject) throws(GatewayError) {
        guard let text = try request.part("text") else { return }
        if let verbosity = text.value("verbosity") { chat["verbosity"] = verbosity }
        guard let format = try text.part("format") else { return }
        switch try format.word("type") {
        case "text": break
        case "json_object": chat["response_format"] = ["type": "json_object"]
        case "json_schema":
            let schema = JSONObject(members: format.members.filter { $0.key != "type" })
            chat["response_format"] = ["type": "json_schema", "json_schema": .object(schema)]
        default: throw format.refusal("type", "must be one of `text`, `json_object`, `json_schema`.")
        }
    }

    // MARK: Tools

    private func addTools(to chat: inout JSONObject) throws(GatewayError) {
        var tools: [JSONValue] = []
        for tool in try request.parts("tools") {
            guard try tool.word("type") == "function" else {
                throw tool.refusal("type", "must be `function` with this model: its vendor runs no tools.")
            }
            let function = JSONObject(members: tool.members.filter { $0.key != "type" })
            tools.append(["type": "function", "function": .object(function)])
        }
        guard !tools.isEmpty else { return }
        chat["tools"] = .array(tools)
        if let parallel = request.value("parallel_tool_calls") { chat["parallel_tool_calls"] = parallel }
        guard let choice = request.value("tool_choice") else { return }
        guard choice.objectValue != nil else {
            chat["tool_choice"] = choice
            return
        }
        let part = ResponsesPart(choice, at: "/tool_choice")
        guard try part.word("type") == "function" else {
            throw part.refusal("type", "must be `function` with this model.")
        }
        chat["tool_choice"] = ["type": "function", "function": ["name": .string(try part.word("name"))]]
    }
}
