import Catalogue
import Domain
import JSON
import Routing
import Testing

@testable import OpenAIDoor

private func json(_ model: Model) throws -> JSONValue {
    var writer = JSONWriter()
    ModelJSON.write(model, to: &writer)
    return try JSONValue(parsing: writer.bytes)
}

private func seed(_ name: String = "o4-mini") throws -> Model {
    try #require(Catalogue.builtIn.model("openai/\(name)"))
}

@Suite("Models in OpenAI's dialect")
struct ModelJSONTests {
    @Test func `a model is listed with what is known of it, and a price nobody knows is said to be unknown`() throws {
        let model = Model(
            id: ModelID("openai/x"), provider: ProviderID("openai"), upstreamName: "x", name: "X",
            providerName: "OpenAI", family: "f", modality: .embedding, modalities: ["embedding"], summary: "s",
            released: "1970-01-02")
        let wanted: JSONValue = [
            "id": "openai/x", "object": "model", "owned_by": "openai", "created": 86400, "name": "X",
            "provider": "openai", "provider_name": "OpenAI", "family": "f", "modality": "embedding",
            "modalities": ["embedding"], "description": "s", "released": "1970-01-02", "context_window": nil,
            "max_output": nil, "price_known": false, "pricing": nil, "capabilities": [], "endpoint": "/v1/embeddings",
        ]
        #expect(try json(model) == wanted)
    }

    @Test func `what a page tells of data, formats and the end of a model is listed when it is known`() throws {
        var page = ModelPage()
        page.tags = ["Fast"]
        page.keepsNoData = false
        page.dataRetention = "30 days"
        page.requestFormats = ["chat-completions"]
        page.shutdownDate = "2027-01-01"
        page.banner = ModelBanner(
            severity: "warning", title: "Soon gone", text: "Use y.",
            link: ModelBanner.Link(url: "https://a.example", label: "More"))
        let model = Model(
            id: ModelID("openai/x"), provider: ProviderID("openai"), upstreamName: "x", name: "X",
            providerName: "OpenAI", family: "f", modality: .text, modalities: ["text"], summary: "s", page: page)
        let listed = try json(model)
        #expect(listed["tags"] == ["Fast"] && listed["zdr"] == false && listed["zdr_comment"] == "30 days")
        #expect(listed["request_formats"] == ["chat-completions"] && listed["shutdown_date"] == "2027-01-01")
        let banner: JSONValue = [
            "severity": "warning", "title": "Soon gone", "text": "Use y.",
            "link": ["url": "https://a.example", "label": "More"],
        ]
        #expect(listed["banner"] == banner)
        let names = ["tags", "zdr", "zdr_comment", "request_formats", "shutdown_date", "banner"]
        #expect(names.allSatisfy { (try? json(try seed("gpt-5.4-mini")))?[$0] == nil })
    }

    @Test func `o4-mini is listed with every fact of its page`() throws {
        let model = try json(try seed())
        #expect(model["created"] == 1_779_408_000)
        #expect(model["price_known"] == true)
        let version = try #require(try seed().priceVersion)
        let pricing: JSONValue = [
            "input_per_1m": 1.1, "output_per_1m": 4.4, "source": "https://aigateway.sh/models/openai/o4-mini",
            "as_of": "2026-05-30", "version": .string(version),
        ]
        #expect(model["pricing"] == pricing)
        let usage: JSONValue = [
            "tokens": 2_200_000_000, "requests": 579_700, "market_share_pct": 0, "as_of": "2026-05-30",
        ]
        #expect(model["usage"] == usage)
        #expect(model["endpoint"] == "/v1/chat/completions")
        #expect(model["collections"] == ["text", "openai", "frontier", "free-tier"])
        #expect(model["context_window"] == 200_000 && model["max_output"] == 100_000)
        #expect(model["notes"]?.arrayValue?.count == 2)
        #expect(model["schema"] == nil)
    }

    @Test(
        "Lists can be narrowed, and what no model has gives an empty list",
        arguments: [
            ("", true, true), ("modality=text", true, false), ("modality=embedding", false, true),
            ("provider=openai", true, true), ("provider=nobody", false, false), ("modality=smell", false, false),
            ("capability=tools", true, false), ("capability=tools&capability=vision", true, false),
            ("capability=tools,vision", true, false), ("capability=tools,async", false, false),
            ("capability=prompt%2Dcaching", false, false),
            ("modality=text&provider=openai&capability=json", true, false),
            ("modality=text&provider=google", false, false), ("modality=&provider=", true, true),
            ("other=1", true, true),
        ])
    func filters(query: String, o4mini: Bool, embedding: Bool) throws {
        let filter = ModelFilter(QueryParameters(query))
        #expect(filter.admits(try seed()) == o4mini)
        #expect(filter.admits(try seed("text-embedding-3-small")) == embedding)
    }
}

@Suite("The schema of a model")
struct ModelSchemaTests {
    private func schema(_ name: String = "o4-mini") throws -> JSONValue {
        // Through text, so that numbers are spelled as clients see them.
        try JSONValue(parsing: ModelSchema(try seed(name), baseURL: "https://gateway.example").json.serialized())
    }

    @Test func `o4-mini shows the call of its page`() throws {
        let schema = try schema()
        #expect(schema["endpoint"] == ["method": "POST", "path": "/v1/chat/completions", "available": true])
        let request = try #require(schema["request"])
        #expect(
            request.objectValue?.members.map(\.key) == [
                "model", "messages", "temperature", "top_p", "max_completion_tokens", "reasoning_effort", "stream",
                "tools", "tool_choice", "parallel_tool_calls", "response_format",
            ])
        #expect(request["temperature"] == 0.7 && request["top_p"] == 0.95)
        #expect(request["max_completion_tokens"] == 1024 && request["reasoning_effort"] == "high")
        #expect(request["messages"]?[0]?["content"] == "You are a helpful assistant.")
        #expect(request["tools"]?[0]?["function"]?["name"] == "get_weather")
        let response = try #require(schema["response"])
        #expect(response["id"] == "chatcmpl-abc123" && response["created"] == 1_776_947_082)
        #expect(response["usage"] == ["prompt_tokens": 24, "completion_tokens": 12, "total_tokens": 36])
        #expect(response["choices"]?[0]?["message"]?["reasoning_content"] == "The user asked...")
    }

    @Test func `the stream shown is role, reasoning, content, tool call, finish and the end mark`() throws {
        let events = try #require(try schema()["streaming"]?.stringValue).split(separator: "\n\n")
        #expect(events.count == 10)
        #expect(events.first == #"data: {"choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}"#)
        #expect(events.dropLast().last == #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#)
        #expect(events.last == "data: [DONE]")
        for event in events.dropLast() { _ = try JSONValue(parsing: Array(event.dropFirst(6).utf8)) }
    }

    @Test func `the input schema has the published bounds, and allows unknown keys`() throws {
        let input = try #require(try schema()["input"])
        #expect(input["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(input["properties"]?["temperature"] == ["type": "number", "minimum": 0, "maximum": 2])
        #expect(input["properties"]?["max_tokens"] == ["type": "number", "exclusiveMinimum": 0])
        #expect(input["properties"]?["frequency_penalty"] == ["type": "number", "minimum": -2, "maximum": 2])
        #expect(input["properties"]?["tool_choice"] == [:])
        #expect(input["properties"]?["reasoning_effort"]?["enum"] == ["none", "low", "medium", "high"])
        #expect(input["required"] == ["model", "messages"])
        #expect(input["additionalProperties"] == nil)
    }

    @Test func `the examples are the page's, with what the model said`() throws {
        let examples = try #require(try schema()["examples"]?.arrayValue)
        #expect(examples.count == 5)
        #expect(examples[1]["name"] == "With System Message")
        #expect(examples[1]["input"]?["messages"]?[0]?["role"] == "system")
        #expect(examples[1]["output"]?["text"]?.stringValue?.hasPrefix("Here’s the most common way") == true)
    }

    @Test func `code to paste names the gateway and the model and holds no key`() throws {
        let snippets = try #require(try schema()["snippets"]?.objectValue)
        #expect(snippets.members.map(\.key) == ["curl", "python", "typescript", "swift"])
        for snippet in snippets.members {
            let text = try #require(snippet.value.stringValue)
            #expect(text.contains("https://gateway.example/v1"), "\(snippet.key)")
            #expect(text.contains("openai/o4-mini"), "\(snippet.key)")
            #expect(text.contains("AIGATEWAY_API_KEY"), "\(snippet.key)")
        }
    }

    @Test func `every built-in model has a schema, and those nobody serves yet say so`() throws {
        for model in Catalogue.builtIn.models {
            let schema = ModelSchema(model, baseURL: "http://g").json
            #expect(schema["endpoint"]?["available"]?.boolValue == (model.modality == .text), "\(model.id)")
            #expect(schema["input"]?["properties"]?["model"] != nil, "\(model.id)")
            _ = try JSONValue(parsing: schema.serialized())
        }
    }

    @Test func `quirks follow from the facts`() throws {
        let quirks = try #require(try schema()["quirks"]?.arrayValue).compactMap(\.stringValue)
        #expect(quirks.contains { $0.contains("reasoning_content") })
        #expect(quirks.contains { $0.contains("max_completion_tokens") })
        #expect(quirks.contains { $0.contains("temperature") })
        #expect(try schema("gpt-4.1-mini")["quirks"] == [])
        #expect(try schema("gpt-5.4-mini")["quirks"]?.arrayValue?.last == "Its price is not known to this gateway.")
    }

    @Test func `all capabilities are described`() throws {
        let list = try JSONValue(parsing: CapabilitiesEndpoint.body)
        #expect(list["object"] == "list")
        #expect(
            list["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == Capability.allCases.map(\.rawValue))
        for entry in list["data"]?.arrayValue ?? [] {
            #expect(entry["description"]?.stringValue?.hasSuffix(".") == true)
            #expect(entry["endpoint"]?.stringValue?.hasPrefix("/v1/") == true)
        }
    }
}
