import Catalogue
import Domain
import JSON
import Testing

@testable import ModelPages

@Suite("Model pages: schemas")
struct SchemaTests {
    private static func number(_ bounds: JSONValue) -> JSONValue {
        .object(JSONObject(members: [.init(key: "type", value: "number")] + (bounds.objectValue?.members ?? [])))
    }

    @Test func `the input of a chat model is the published one`() throws {
        let input = RunSchema.input(of: try RunSnippetTests.model("openai/gpt-5.4-mini"))
        let message: JSONValue = [
            "type": "object",
            "properties": [
                "role": ["type": "string", "enum": ["system", "developer", "user", "assistant", "tool"]],
                "content": ["anyOf": [["type": "string"], ["type": "null"], ["type": "array", "items": [:]]]],
            ],
            "required": ["role", "content"],
        ]
        let limit = Self.number(["exclusiveMinimum": 0])
        let penalty = Self.number(["minimum": -2, "maximum": 2])
        #expect(
            input == [
                "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                "properties": [
                    "messages": ["type": "array", "items": message],
                    "temperature": Self.number(["minimum": 0, "maximum": 2]), "max_tokens": limit,
                    "max_completion_tokens": limit, "top_p": Self.number(["minimum": 0, "maximum": 1]),
                    "frequency_penalty": penalty, "presence_penalty": penalty, "stream": ["type": "boolean"],
                    "stream_options": [
                        "type": "object", "properties": ["include_usage": ["type": "boolean"]],
                        "additionalProperties": false,
                    ],
                    "tools": ["type": "array", "items": [:]], "tool_choice": [:], "response_format": [:],
                ],
                "required": ["messages"],
            ])
    }

    @Test func `the output of a chat model is the published one`() throws {
        let output = RunSchema.output(of: try RunSnippetTests.model("openai/o4-mini"))
        #expect(output["required"] == ["id", "object", "created", "model", "choices"])
        let choice = output["properties"]?["choices"]?["items"]
        #expect(choice?["required"] == ["index", "message", "finish_reason"])
        #expect(
            choice?["properties"]?["message"]?["properties"]?.objectValue?.keys == ["role", "content", "tool_calls"])
        #expect(
            output["properties"]?["usage"]?["required"] == ["prompt_tokens", "completion_tokens", "total_tokens"])
        #expect(output["additionalProperties"] == nil)
    }

    @Test func `a chat model that publishes nothing takes what the gateway takes`() throws {
        let model = try RunSnippetTests.model("anthropic/claude-haiku-4.5")
        #expect(model.parameters.isEmpty)
        let known = RunSchema.input(of: try RunSnippetTests.model("openai/o4-mini"))
        #expect(RunSchema.input(of: model) == known)
    }

    @Test func `other models have no model in their input`() throws {
        let image = RunSchema.input(of: try RunSnippetTests.model("openai/gpt-image-2"))
        #expect(image["properties"]?["model"] == nil && image["required"] == ["prompt"])
    }

    @Test func `a hosted chat model has variants, and so two ways to be called`() throws {
        let hosted = try #require(Catalogue.builtIn.models.first { $0.isHosted && $0.modality == .text })
        let input = RunSchema.input(of: hosted)
        #expect(input["oneOf"]?.arrayValue?.map { $0["title"] } == ["Prompt", "Messages"])
        let modes = SchemaMode.detect(input: input, output: RunSchema.output(of: hosted))
        #expect(modes.map(\.name) == [.sync, .streaming])
        #expect(modes[0].output["properties"]?["response"] != nil && modes[1].output["type"] == "string")
        #expect(modes[0].input["oneOf"]?.arrayValue?.count == 2)
        let names = ParameterRow.rows(of: input).map(\.name)
        #expect(names.first == "prompt" && Set(names).count == names.count && !names.contains("messages"))
    }

    @Test func `a variant with requests is a batch`() {
        let modes = SchemaMode.detect(
            input: ["oneOf": [["properties": ["prompt": [:]]], ["properties": ["requests": [:]]]]],
            output: ["type": "object"])
        #expect(modes.map(\.name) == [.sync, .batch])
        #expect(modes[1].input["properties"]?["requests"] != nil)
        #expect(SchemaMode.detect(input: ["properties": [:]], output: ["type": "object"]).isEmpty)
    }

    @Test func `ids follow from names`() {
        let id = StableUUID.of(.model, "openai/o4-mini")
        #expect(id == StableUUID.of(.model, "openai/o4-mini") && id != StableUUID.of(.author, "openai/o4-mini"))
        let ids = Catalogue.builtIn.models.map { StableUUID.of(.model, $0.id.rawValue) }
        #expect(Set(ids).count == ids.count)
        #expect(
            ids.allSatisfy {
                $0.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}/) != nil
            })
    }

    @Test(arguments: [
        (1_100_000_000, "0.0000011"), (37_500_000, "0.0000000375"), (0, "0"), (1, "0.000000000000001"),
        (2_000_000_000_000_000, "2"),
    ])
    func `prices of one token are exact`(perMillion: Int64, text: String) {
        #expect(ModelListing.perToken(perMillion) == text)
    }
}
