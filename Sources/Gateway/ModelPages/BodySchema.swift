public import Domain
public import JSON

/// JSON Schemas (draft 2020-12) of a model's requests and answers. Unknown keys are always allowed.
public enum BodySchema {
    public static func input(of model: Model) -> JSONValue {
        switch model.modality {
        case .text: chatInput(of: model)
        case .embedding:
            body(["model": string, "input": textOrTexts, "dimensions": integer], required: ["model", "input"])
        case .image:
            body(["model": string, "prompt": string, "n": integer, "size": string], required: ["model", "prompt"])
        case .transcription: body(["model": string, "file": string, "language": string], required: ["model", "file"])
        case .speech: body(["model": string, "input": string, "voice": string], required: ["model", "input"])
        case .video: body(["model": string, "prompt": string, "duration": number], required: ["prompt"])
        case .rerank:
            body(
                ["model": string, "query": string, "documents": list(of: string), "top_n": integer],
                required: ["model", "query", "documents"])
        case .moderation: body(["model": string, "input": textOrTexts], required: ["input"])
        }
    }

    public static func output(of model: Model) -> JSONValue {
        switch model.modality {
        case .text: chatOutput
        case .embedding:
            body(
                ["object": string, "data": list(of: ["type": "object"]), "model": string, "usage": ["type": "object"]],
                required: ["object", "data", "model"])
        case .image: body(["created": integer, "data": list(of: ["type": "object"])], required: ["data"])
        case .transcription: body(["text": string], required: ["text"])
        case .speech: ["type": "string", "contentMediaType": "audio/mpeg"]
        case .video: body(["id": string, "object": string, "status": string], required: ["id", "status"])
        case .rerank: body(["model": string, "results": list(of: ["type": "object"])], required: ["results"])
        case .moderation:
            body(["id": string, "model": string, "results": list(of: ["type": "object"])], required: ["results"])
        }
    }

    static let dialect = JSONObject.Member(
        key: "$schema", value: "https://json-schema.org/draft/2020-12/schema")
    static let string: JSONValue = ["type": "string"]
    private static let number: JSONValue = ["type": "number"]
    private static let integer: JSONValue = ["type": "integer"]
    private static let textOrTexts: JSONValue = ["anyOf": [string, list(of: string)]]

    private static func list(of element: JSONValue) -> JSONValue { ["type": "array", "items": element] }

    static func body(_ properties: JSONValue, required: [String]) -> JSONValue {
        .object(
            JSONObject(members: [
                dialect, .init(key: "type", value: "object"), .init(key: "properties", value: properties),
                .init(key: "required", value: .array(required.map { .string($0) })),
            ]))
    }

    private static func chatInput(of model: Model) -> JSONValue {
        var properties: [(String, JSONValue?)] = [("model", string), ("messages", messages(requiring: ["role"]))]
        properties += model.parameters.map { ($0.name, schema(of: $0)) }
        let published = Set(model.parameters.map(\.name))
        if !model.reasoningEfforts.isEmpty, !published.contains("reasoning_effort") {
            let efforts = model.reasoningEfforts.map { JSONValue.string($0.rawValue) }
            properties.append(("reasoning_effort", ["type": "string", "enum": .array(efforts)]))
        }
        properties.append(("stream_options", streamOptions))
        properties.append(("tools", tools))
        return body(JSONValue(present: properties), required: ["model", "messages"])
    }

    static let streamOptions: JSONValue = [
        "type": "object", "properties": ["include_usage": ["type": "boolean"]], "additionalProperties": false,
    ]

    static let tools: JSONValue = ["type": "array", "items": [:]]
    static let nullableText: JSONValue = ["type": ["string", "null"]]

    static func messages(requiring required: [String]) -> JSONValue {
        list(of: [
            "type": "object",
            "properties": [
                "role": ["type": "string", "enum": ["system", "developer", "user", "assistant", "tool"]],
                "content": ["anyOf": [string, ["type": "null"], ["type": "array", "items": [:]]]],
            ],
            "required": .array(required.map { .string($0) }),
        ])
    }

    static func schema(of parameter: PublishedParameter) -> JSONValue {
        JSONValue(present: [
            ("type", parameter.kind.map { .string($0.rawValue) }), ("minimum", parameter.minimum.map(bound)),
            ("maximum", parameter.maximum.map(bound)), ("exclusiveMinimum", parameter.exclusiveMinimum.map(bound)),
            ("exclusiveMaximum", parameter.exclusiveMaximum.map(bound)),
            ("enum", parameter.choices.isEmpty ? nil : .array(parameter.choices.map { .string($0) })),
        ])
    }

    private static func bound(_ value: Double) -> JSONValue {
        Int(exactly: value).map { .int($0) } ?? .double(value)
    }

    private static let chatOutput = chatOutput(messageProperties: [
        ("role", string), ("content", nullableText), ("reasoning_content", string), ("tool_calls", tools),
    ])

    static func chatOutput(messageProperties: [(String, JSONValue)]) -> JSONValue {
        let message: JSONValue = [
            "type": "object", "properties": JSONValue(present: messageProperties), "required": ["role"],
        ]
        let choice: JSONValue = [
            "type": "object",
            "properties": ["index": number, "message": message, "finish_reason": nullableText],
            "required": ["index", "message", "finish_reason"],
        ]
        let usage: JSONValue = [
            "type": "object",
            "properties": ["prompt_tokens": number, "completion_tokens": number, "total_tokens": number],
            "required": ["prompt_tokens", "completion_tokens", "total_tokens"],
        ]
        return body(
            [
                "id": string, "object": string, "created": number, "model": string, "choices": list(of: choice),
                "usage": usage,
            ], required: ["id", "object", "created", "model", "choices"])
    }
}
