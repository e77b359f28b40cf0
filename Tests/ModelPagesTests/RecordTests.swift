import Catalogue
import Domain
import JSON
import Testing

@testable import ModelPages

@Suite("Model pages: records")
struct RecordTests {
    private static func record(_ id: String) throws -> JSONObject {
        ModelRecord(baseURL: "https://gate.example").record(try RunSnippetTests.model(id))
    }

    private static func rows(_ id: String) throws -> [String] {
        try #require(try record(id)["parameters"]?.arrayValue).map { row in
            let type = row["type"]?.stringValue ?? ""
            let constraints = row["constraints"]?.arrayValue?.compactMap(\.stringValue) ?? []
            return "\(row["name"]?.stringValue ?? "") \(type)\(constraints.joined())"
        }
    }

    @Test(arguments: ["openai/o4-mini", "openai/gpt-4.1-mini", "openai/gpt-5.4-mini"])
    func `parameters are the rows of the page`(id: String) throws {
        #expect(
            try Self.rows(id) == [
                "temperature numberminimum: 0maximum: 2", "max_tokens numberexclusiveMinimum: 0",
                "max_completion_tokens numberexclusiveMinimum: 0", "top_p numberminimum: 0maximum: 1",
                "frequency_penalty numberminimum: -2maximum: 2", "presence_penalty numberminimum: -2maximum: 2",
                "stream boolean", "tool_choice ", "response_format ",
            ])
    }

    @Test func `rows stand in the order of the model's own page`() throws {
        #expect(
            try Self.rows("openai/o3-mini").map { $0.prefix { $0 != " " } } == [
                "frequency_penalty", "max_completion_tokens", "max_tokens", "presence_penalty", "response_format",
                "stream", "temperature", "tool_choice", "top_p",
            ])
    }

    @Test(arguments: [
        ("openai/o4-mini", "o4-mini", "200,000 tokens"), ("openai/o3-mini", "o3-mini", "200,000 tokens"),
        ("openai/gpt-4.1-mini", "GPT-4.1 mini", "1,047,576 tokens"),
        ("openai/gpt-5.4-mini", "GPT-5.4 mini", "128,000 tokens"),
    ])
    func `the head of a page is there`(id: String, name: String, context: String) throws {
        let record = try Self.record(id)
        #expect(record["model_id"] == .string(id) && record["name"] == .string(name))
        #expect(record["provider_id"] == "openai" && record["author"] == "OpenAI")
        #expect(record["task"] == "Text Generation" && record["badge"] == "Proxied")
        let info = try #require(record["model_info"]?.arrayValue)
        #expect(
            info.prefix(3).map { $0["name"] } == ["Context Window", "Terms and License", "More information"])
        #expect(info[0]["value"] == .string(context) && info[1]["url"]?.stringValue?.hasPrefix("https://") == true)
        let examples = try #require(record["examples"]?.arrayValue)
        #expect(
            examples.map { $0["name"] } == [
                "Usage", "With System Message", "Multi-turn Conversation", "Creative Writing", "Streaming Response",
            ])
        #expect(
            examples.dropFirst().map { $0["description"] } == [
                "Using a system message to set context", "Continuing a conversation with context",
                "Longer completion for creative output", "Enable streaming for real-time output",
            ])
        #expect(examples.allSatisfy { $0["output"]?["text"]?.stringValue?.isEmpty == false })
        #expect(record["default_example"] == examples[0])
    }

    @Test func `every field of a record is there`() throws {
        #expect(
            Set(try Self.record("openai/o4-mini").keys).isSuperset(of: [
                "model_id", "provider_id", "name", "description", "task", "tags", "context_length",
                "max_output_tokens", "pricing", "examples", "default_example", "code_snippets", "supports_async",
                "zdr", "zdr_comment", "external_info", "terms", "cover_image_url", "metadata", "request_formats",
                "banner", "created_at", "schema_version", "schema",
            ]))
        #expect(try Self.record("openai/o4-mini")["pricing"]?["Input tokens (per 1M)"] == 1.1)
        #expect(try Self.record("openai/o3-mini")["created_at"] == "2025-01-31T00:00:00.000Z")
    }

    @Test func `every model has a record, and its code says its name`() {
        let maker = ModelRecord(baseURL: "http://h", badge: "")
        for model in Catalogue.builtIn.models {
            let record = maker.record(model)
            #expect(!record.hasRepeatedKeys, "\(model.id)")
            #expect(record["badge"] == (model.isHosted ? "Hosted" : .null))
            let code = record["code_snippets"]?[0]?["code"]?.stringValue
            #expect(code?.contains("'\(model.id)'") == true)
        }
    }
}
