public import Domain
public import JSON

/// A call to a model and its answer, as examples of their shape.
public struct CallSample: Sendable {
    public let request: JSONValue
    public let response: JSONValue
    /// The answer as a stream; nil for a model that has none.
    public let streaming: String?

    public init(_ model: Model) {
        let id = JSONValue.string(model.id.rawValue)
        var streaming: String?
        switch model.modality {
        case .text:
            let chat = ChatSample(model)
            (request, response, streaming) = (chat.request, chat.response, chat.streaming)
        case .embedding:
            request = ["model": id, "input": "The quick brown fox"]
            response = [
                "object": "list", "data": [["object": "embedding", "index": 0, "embedding": [0.0123, -0.0456]]],
                "model": id, "usage": ["prompt_tokens": 4, "total_tokens": 4],
            ]
        case .image:
            request = ["model": id, "prompt": "A lighthouse at dusk, oil on canvas", "n": 1]
            response = ["created": 1_776_947_082, "data": [["b64_json": "iVBORw0KGgo…"]]]
        case .transcription:
            request = ["model": id, "file": "@speech.mp3"]
            response = ["text": "Hello there."]
        case .speech:
            request = ["model": id, "input": "Hello there."]
            response = "the bytes of an audio file"
        case .video:
            request = ["model": id, "prompt": "A lighthouse at dusk, waves below"]
            response = ["id": "job_abc123", "object": "job", "status": "processing"]
        case .rerank:
            request = [
                "model": id, "query": "capital of France", "documents": ["Paris is …", "Berlin is …"], "top_n": 1,
            ]
            response = ["model": id, "results": [["index": 0, "relevance_score": 0.98]]]
        case .moderation:
            request = ["model": id, "input": "Text to look at"]
            response = [
                "id": "modr-abc123", "model": id,
                "results": [
                    ["flagged": false, "categories": ["violence": false], "category_scores": ["violence": 0.001]]
                ],
            ]
        }
        self.streaming = streaming
    }
}

/// The chat call every page shows, with the parts the model can do.
private struct ChatSample {
    private let model: Model
    private let tools: Bool
    private let reasons: Bool

    init(_ model: Model) {
        self.model = model
        tools = model.capabilities.contains(Capability.tools.rawValue)
        reasons = model.capabilities.contains(Capability.reasoning.rawValue)
    }

    private static let weatherTool: JSONValue = [
        "type": "function",
        "function": [
            "name": "get_weather", "description": "Get current weather for a city",
            "parameters": [
                "type": "object", "properties": ["city": ["type": "string"]], "required": ["city"],
            ],
        ],
    ]

    var request: JSONValue {
        JSONValue(present: [
            ("model", .string(model.id.rawValue)),
            (
                "messages",
                [
                    ["role": "system", "content": "You are a helpful assistant."],
                    ["role": "user", "content": "Hello!"],
                ]
            ),
            ("temperature", 0.7), ("top_p", 0.95), ("max_completion_tokens", 1024),
            ("reasoning_effort", reasons ? model.reasoningEfforts.last.map { .string($0.rawValue) } : nil),
            ("stream", false), ("tools", tools ? [Self.weatherTool] : nil), ("tool_choice", tools ? "auto" : nil),
            ("parallel_tool_calls", tools ? true : nil),
            (
                "response_format",
                model.capabilities.contains(Capability.json.rawValue) ? ["type": "json_object"] : nil
            ),
        ])
    }

    var response: JSONValue {
        let call: JSONValue = [
            "id": "call_abc123", "type": "function",
            "function": ["name": "get_weather", "arguments": #"{"city":"Tokyo"}"#],
        ]
        let message = JSONValue(present: [
            ("role", "assistant"), ("content", "Hello! How can I help you today?"),
            ("reasoning_content", reasons ? "The user asked..." : nil), ("tool_calls", tools ? [call] : nil),
        ])
        return [
            "id": "chatcmpl-abc123", "object": "chat.completion", "created": 1_776_947_082,
            "model": .string(model.id.rawValue),
            "choices": [["index": 0, "message": message, "finish_reason": "stop"]],
            "usage": ["prompt_tokens": 24, "completion_tokens": 12, "total_tokens": 36],
        ]
    }

    var streaming: String? {
        guard model.capabilities.contains(Capability.streaming.rawValue) else { return nil }
        var deltas = [#"{"role":"assistant"}"#]
        if reasons { deltas += [#"{"reasoning_content":"The user "}"#, #"{"reasoning_content":"wants..."}"#] }
        deltas += [#"{"content":"Hello"}"#, #"{"content":"!"}"#]
        if tools {
            deltas += [
                #"{"tool_calls":[{"index":0,"id":"call_abc","type":"function","#
                    + #""function":{"name":"get_weather","arguments":""}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"\"Tokyo\"}"}}]}"#,
            ]
        }
        let chunks = deltas.map { Self.chunk($0, finish: "null") } + [Self.chunk("{}", finish: #""stop""#)]
        return (chunks + ["data: [DONE]"]).map { $0 + "\n\n" }.joined()
    }

    private static func chunk(_ delta: String, finish: String) -> String {
        #"data: {"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
    }
}
