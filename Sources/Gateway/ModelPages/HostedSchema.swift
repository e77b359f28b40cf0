import Domain
import JSON

/// The forms of models that Cloudflare hosts: one for each task.
enum HostedSchema {
    static func input(of model: Model) -> JSONValue {
        switch model.modality {
        case .text: variants([variant("Prompt", prompt(model)), variant("Messages", RunSchema.chatInput(of: model))])
        case .embedding, .moderation: body(["text": textOrTexts], required: ["text"])
        case .image: body(["prompt": string, "num_steps": integer, "seed": integer], required: ["prompt"])
        case .transcription: body(["audio": audio], required: ["audio"])
        case .speech: body(["prompt": string, "lang": string], required: ["prompt"])
        case .video: body(["prompt": string, "duration": number], required: ["prompt"])
        case .rerank:
            body(
                [
                    "query": string, "contexts": list(["type": "object", "properties": ["text": string]]),
                    "top_k": integer,
                ],
                required: ["query", "contexts"])
        }
    }

    static func output(of model: Model) -> JSONValue {
        switch model.modality {
        case .text: variants([answer, stream])
        case .embedding: body(["shape": list(number), "data": list(list(number))], required: ["data"])
        case .image: body(["image": base64], required: ["image"])
        case .transcription:
            body(["text": string, "word_count": number, "words": list(word), "vtt": string], required: ["text"])
        case .speech: body(["audio": base64], required: ["audio"])
        case .video: body(["video": string], required: ["video"])
        case .rerank:
            body(
                ["response": list(["type": "object", "properties": ["id": integer, "score": number]])],
                required: ["response"])
        case .moderation:
            ["type": "array", "items": ["type": "object", "properties": ["label": string, "score": number]]]
        }
    }

    private static let string = BodySchema.string
    private static let number: JSONValue = ["type": "number"]
    private static let integer: JSONValue = ["type": "integer"]
    private static let base64: JSONValue = ["type": "string", "contentEncoding": "base64"]
    private static let textOrTexts: JSONValue = ["anyOf": [string, list(string)]]
    /// The bytes of a recording, each as a number, or in Base64.
    private static let audio: JSONValue = ["anyOf": [list(number), base64]]
    private static let word: JSONValue = [
        "type": "object", "properties": ["word": string, "start": number, "end": number],
    ]

    private static func list(_ element: JSONValue) -> JSONValue { ["type": "array", "items": element] }

    private static func body(_ properties: JSONValue, required: [String]) -> JSONValue {
        BodySchema.body(properties, required: required)
    }

    private static func prompt(_ model: Model) -> JSONValue {
        BodySchema.body(
            RunSchema.chatProperties(of: model, behind: ("prompt", string)), required: ["prompt"])
    }

    /// The dialect is said once, of all variants together.
    private static func variant(_ title: String, _ schema: JSONValue) -> JSONValue {
        var object = schema.objectValue ?? JSONObject()
        object["$schema"] = nil
        object.members.insert(.init(key: "title", value: .string(title)), at: 0)
        return .object(object)
    }

    private static func variants(_ variants: [JSONValue]) -> JSONValue {
        .object(JSONObject(members: [BodySchema.dialect, .init(key: "oneOf", value: .array(variants))]))
    }

    private static let answer: JSONValue = [
        "type": "object",
        "properties": [
            "response": ["anyOf": [string, ["type": "object"]]],
            "tool_calls": list(["type": "object", "properties": ["name": string, "arguments": ["type": "object"]]]),
            "usage": [
                "type": "object",
                "properties": ["prompt_tokens": number, "completion_tokens": number, "total_tokens": number],
            ],
        ],
        "required": ["response"],
    ]

    private static let stream: JSONValue = [
        "type": "string", "contentType": "text/event-stream", "format": "binary",
    ]
}
