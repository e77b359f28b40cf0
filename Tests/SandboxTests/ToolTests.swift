import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox tools")
struct ToolTests {
    static func tool(
        _ name: String, _ description: String = "", _ properties: JSONValue = [:], required: [JSONValue] = []
    ) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(name), "description": .string(description),
                "parameters": ["type": "object", "properties": properties, "required": .array(required)],
            ],
        ]
    }

    static let tools: JSONValue = [
        StreamTests.weather,
        tool("search_web", "Search the web for pages", ["query": ["type": "string"]], required: ["query"]),
        tool(
            "send_email", "Send an email message",
            ["to": ["type": "string", "format": "email"], "subject": ["type": "string"]],
            required: ["to"]),
        tool(
            "calculate", "Evaluate an arithmetic expression", ["expression": ["type": "string"]],
            required: ["expression"]),
        tool("get_time"),
        tool(
            "find_flights", "Find flights between two cities",
            [
                "origin": ["type": "string"], "destination": ["type": "string"], "date": ["type": "string"],
                "passengers": ["type": "integer"], "cabin": ["enum": ["economy", "business"]],
            ], required: ["origin", "destination"]),
    ]

    static func calls(_ body: JSONValue) throws -> [String] {
        let choice = try #require(try answer(body)["choices"]?[0])
        let calls = choice["message"]?["tool_calls"]?.arrayValue ?? []
        #expect(choice["finish_reason"] == (calls.isEmpty ? "stop" : "tool_calls"))
        #expect((choice["message"]?["content"] == .null) == !calls.isEmpty)
        for call in calls {
            #expect(call["type"] == "function" && call["id"]?.stringValue?.hasPrefix("call_") == true)
        }
        #expect(Set(calls.map { $0["id"] }).count == calls.count)
        return calls.map { call in
            (call["function"]?["name"]?.stringValue ?? "") + (call["function"]?["arguments"]?.stringValue ?? "")
        }
    }

    @Test(arguments: [
        ("What's the weather in Tokyo?", [#"get_weather{"city":"Tokyo"}"#]),
        ("weather in tokyo please", [#"get_weather{"city":"Tokyo"}"#]),
        (
            "Compare the weather in Paris, Oslo and New York.",
            ["Paris", "Oslo", "New York"].map { #"get_weather{"city":"\#($0)"}"# }
        ),
        ("What is Berlin's weather for Alice?", [#"get_weather{"city":"Berlin"}"#]),
        ("How is the weather in Little Snoring?", [#"get_weather{"city":"Little Snoring"}"#]),
        ("What is (17 + 5) * 3? Please calculate.", [#"calculate{"expression":"(17 + 5) * 3"}"#]),
        ("Send an email to ada@example.org", [#"send_email{"to":"ada@example.org"}"#]),
        ("Search for \"swift concurrency\"", [#"search_web{"query":"swift concurrency"}"#]),
        ("What time is it?", ["get_time{}"]),
        (
            "Find flights from Rome to Oslo tomorrow in business class for 3 passengers",
            [#"find_flights{"origin":"Rome","destination":"Oslo","date":"tomorrow","passengers":3,"cabin":"business"}"#]
        ),
        ("Hello!", []), ("Tell me a story about a dragon.", []), ("sandbox:echo weather in Tokyo", []),
    ])
    func `auto calls what the words ask for`(words: String, expected: [String]) throws {
        #expect(try Self.calls(body("o4-mini", words, ["tools": Self.tools])) == expected)
    }

    @Test func `several tools are called when the words ask for them`() throws {
        let request = body("gpt-4.1-mini", "What time is it, and what is the weather in Rome?", ["tools": Self.tools])
        #expect(Set(try Self.calls(request)) == ["get_time{}", #"get_weather{"city":"Rome"}"#])
        #expect(try Self.calls(request.with("parallel_tool_calls", false)).count == 1)
    }

    @Test func `the choice of tool is obeyed`() throws {
        let hello = body("gpt-4.1-mini", "Hello!", ["tools": Self.tools])
        #expect(try Self.calls(hello.with("tool_choice", "required")).count == 1)
        let forced = hello.with("tool_choice", ["type": "function", "function": ["name": "get_time"]])
        #expect(try Self.calls(forced) == ["get_time{}"])
        let asked = body("gpt-4.1-mini", "Weather in Rome?", ["tools": Self.tools])
        #expect(try Self.calls(asked.with("tool_choice", "none")) == [])
    }

    @Test func `results are cited in the answer`() throws {
        let conversation: JSONValue = [
            ["role": "user", "content": "What's the weather in Tokyo?"],
            [
                "role": "assistant", "content": nil,
                "tool_calls": [
                    [
                        "id": "call_1", "type": "function",
                        "function": ["name": "get_weather", "arguments": #"{"city":"Tokyo"}"#],
                    ]
                ],
            ],
            [
                "role": "tool", "tool_call_id": "call_1",
                "content": #"{"temperature":22,"sky":{"now":"clear"},"rain":false}"#,
            ],
        ]
        let request = body("gpt-4.1-mini", "", ["tools": Self.tools]).with("messages", conversation)
        let text = try content(request)
        #expect(text.contains("get_weather (Tokyo): temperature: 22, sky now: clear, rain: no"))
        #expect(try Self.calls(request) == [])
    }

    @Test(arguments: SchemaTests.schemas)
    func `arguments satisfy any schema`(schema: String) throws {
        let schema: JSONValue = ["type": "object", "properties": ["value": try json(schema)], "required": ["value"]]
        guard !schema.serialized().contains(UInt8(ascii: "$")) else { return }
        let tool: JSONValue = ["type": "function", "function": ["name": "store", "parameters": schema]]
        for seed in 0..<6 {
            let request = body(
                "o4-mini", "Store Alice and 17 in Rome",
                ["tools": [tool], "tool_choice": "required", "seed": .int(seed)])
            let call = try #require(try answer(request)["choices"]?[0]?["message"]?["tool_calls"]?[0]?["function"])
            let arguments = try json(try #require(call["arguments"]?.stringValue))
            #expect(SchemaValidator(root: schema).problems(arguments, schema) == [])
        }
    }

    @Test func `calls are cut where the limit is`() throws {
        let request = body("gpt-4.1-mini", "Weather in Reykjavik?", ["tools": Self.tools, "max_tokens": 5])
        let choice = try #require(try answer(request)["choices"]?[0])
        #expect(choice["finish_reason"] == "length")
        #expect(choice["message"]?["tool_calls"]?[0]?["function"]?["arguments"] == #"{"city":"#)
    }
}
