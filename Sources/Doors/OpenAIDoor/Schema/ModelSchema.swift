import Domain
import JSON
import ModelPages

/// Everything a programmer needs to call one model: where, with what, what comes back, and code to paste.
struct ModelSchema {
    private let model: Model
    private let baseURL: String

    init(_ model: Model, baseURL: String) {
        self.model = model
        self.baseURL = baseURL
    }

    var json: JSONValue {
        let sample = CallSample(model)
        let snippets = CallSnippets(
            model, sample: sample, baseURL: baseURL, path: model.modality.endpointPath)
        return [
            "object": "model.schema", "model": .string(model.id.rawValue),
            "endpoint": [
                "method": "POST", "path": .string(model.modality.endpointPath),
                "available": .bool(model.modality.isServed),
            ],
            "request": sample.request, "response": sample.response,
            "streaming": sample.streaming.map { .string($0) } ?? .null,
            "quirks": .array(quirks.map { .string($0) }),
            "snippets": [
                "curl": .string(snippets.curl), "python": .string(snippets.python),
                "typescript": .string(snippets.typescript), "swift": .string(snippets.swift),
            ],
            "input": BodySchema.input(of: model), "output": BodySchema.output(of: model),
            "examples": .array(model.page.examples.map(Self.example)),
        ]
    }

    private var quirks: [String] {
        var quirks: [String] = []
        if model.capabilities.contains(Capability.reasoning.rawValue) {
            quirks.append(
                "The chain of thought comes as message.reasoning_content, in a stream as delta.reasoning_content, "
                    + "apart from content.")
        }
        if model.outputLimitName == .maxCompletionTokens {
            quirks.append(
                "Its vendor takes max_completion_tokens, not max_tokens. The gateway takes either and translates.")
        }
        if !model.unsupportedParameters.isEmpty {
            let refused = model.unsupportedParameters.map { "\($0.name)" }.joined(separator: ", ")
            quirks.append("Its vendor refuses \(refused).")
        }
        if model.pricing == nil { quirks.append("Its price is not known to this gateway.") }
        if !model.modality.isServed {
            quirks.append("This gateway does not serve \(model.modality.endpointPath) yet.")
        }
        return quirks
    }

    private static func example(_ example: ModelExample) -> JSONValue {
        var members = [JSONObject.Member(key: "name", value: .string(example.name))]
        if let summary = example.summary { members.append(.init(key: "description", value: .string(summary))) }
        let input = (try? JSONValue(parsing: Array(example.request.utf8))) ?? .null
        members.append(.init(key: "input", value: input))
        if let response = example.response {
            members.append(.init(key: "output", value: ["text": .string(response)]))
        }
        return .object(JSONObject(members: members))
    }
}
