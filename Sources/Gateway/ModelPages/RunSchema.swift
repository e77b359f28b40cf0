public import Domain
public import JSON

/// JSON Schemas (draft 2020-12) of what `AI.run` takes and gives, as a model's page publishes them. The model stands
/// beside the input, not in it. Unknown keys are always allowed.
public enum RunSchema {
    public static func input(of model: Model) -> JSONValue {
        if model.isHosted { return HostedSchema.input(of: model) }
        return model.modality == .text ? chatInput(of: model) : withoutModel(BodySchema.input(of: model))
    }

    public static func output(of model: Model) -> JSONValue {
        if model.isHosted { return HostedSchema.output(of: model) }
        return model.modality == .text ? chatOutput : BodySchema.output(of: model)
    }

    /// A vendor's list is taken as it is; where none is known, what the gateway takes for every chat model.
    static func parameters(of model: Model) -> [PublishedParameter] {
        model.parameters.isEmpty ? everyChatModel : model.parameters
    }

    private static let everyChatModel = [
        PublishedParameter(name: "temperature", kind: .number, minimum: 0, maximum: 2),
        PublishedParameter(name: "max_tokens", kind: .number, exclusiveMinimum: 0),
        PublishedParameter(name: "max_completion_tokens", kind: .number, exclusiveMinimum: 0),
        PublishedParameter(name: "top_p", kind: .number, minimum: 0, maximum: 1),
        PublishedParameter(name: "frequency_penalty", kind: .number, minimum: -2, maximum: 2),
        PublishedParameter(name: "presence_penalty", kind: .number, minimum: -2, maximum: 2),
        PublishedParameter(name: "stream", kind: .boolean), PublishedParameter(name: "tool_choice"),
        PublishedParameter(name: "response_format"),
    ]

    static func chatInput(of model: Model) -> JSONValue {
        BodySchema.body(chatProperties(of: model, behind: ("messages", messages)), required: ["messages"])
    }

    /// - Parameter first: What the model is asked.
    static func chatProperties(of model: Model, behind first: (String, JSONValue)) -> JSONValue {
        let compound = [("stream_options", BodySchema.streamOptions), ("tools", BodySchema.tools)]
        var properties = [first]
        var isWhole = false
        for parameter in parameters(of: model) {
            properties.append((parameter.name, BodySchema.schema(of: parameter)))
            guard parameter.name == "stream" else { continue }
            properties += compound
            isWhole = true
        }
        return JSONValue(present: isWhole ? properties : properties + compound)
    }

    static let messages = BodySchema.messages(requiring: ["role", "content"])

    private static let chatOutput = BodySchema.chatOutput(messageProperties: [
        ("role", BodySchema.string), ("content", BodySchema.nullableText),
        ("tool_calls", ["type": "array", "items": [:]]),
    ])

    private static func withoutModel(_ schema: JSONValue) -> JSONValue {
        guard var object = schema.objectValue, var properties = object["properties"]?.objectValue else { return schema }
        properties["model"] = nil
        object["properties"] = .object(properties)
        object["required"] = object["required"]?.arrayValue.map { .array($0.filter { $0 != "model" }) }
        return .object(object)
    }
}
