import Catalogue
import Domain
import JSON
import Testing

@testable import ModelPages

@Suite("Model pages: code")
struct RunSnippetTests {
    static func model(_ id: String) throws -> Model { try #require(Catalogue.builtIn.model(id)) }

    static func code(_ id: String, _ example: Int, label: Int = 0) throws -> String {
        let record = ModelRecord(baseURL: "https://gate.example").record(try model(id))
        return try #require(record["examples"]?[example]?["code_snippets"]?[label]?["code"]?.stringValue)
    }

    @Test func `a call is written as its page writes it`() throws {
        #expect(
            try Self.code("openai/o4-mini", 0) == """
                const response = await env.AI.run(
                  'openai/o4-mini',
                  {
                    messages: [
                      {
                        role: 'user',
                        content: 'What are the three laws of thermodynamics?',
                      },
                    ],
                  },
                  {
                    gateway: { id: 'default' },
                  }
                )
                console.log(response)
                """)
    }

    @Test func `long lines are broken behind their names and texts keep their apostrophes`() throws {
        #expect(
            try Self.code("openai/gpt-4.1-mini", 2) == """
                const response = await env.AI.run(
                  'openai/gpt-4.1-mini',
                  {
                    messages: [
                      {
                        role: 'user',
                        content:
                          'I need help planning a road trip from San Francisco to Los Angeles.',
                      },
                      {
                        role: 'assistant',
                        content:
                          "I'd be happy to help! The drive is about 380 miles and takes roughly 5-6 hours. Would you like suggestions for scenic routes or interesting stops along the way?",
                      },
                      {
                        role: 'user',
                        content: 'Yes, what are some good places to stop?',
                      },
                    ],
                    max_completion_tokens: 2048,
                  },
                  {
                    gateway: { id: 'default' },
                  }
                )
                console.log(response)
                """)
        #expect(
            try Self.code("openai/gpt-5.4-mini", 4).hasSuffix(
                """
                    stream: true,
                    stream_options: {
                      include_usage: true,
                    },
                  },
                  {
                    gateway: { id: 'default' },
                  }
                )
                console.log(response)
                """))
    }

    @Test func `a model's own order of members stays`() throws {
        let code = try Self.code("openai/o3-mini", 3)
        let limit = try #require(code.firstRange(of: "max_completion_tokens: 8192,"))
        let messages = try #require(code.firstRange(of: "messages: ["))
        #expect(limit.lowerBound < messages.lowerBound)
        #expect(code.contains("gateway: { id: 'default' }"))
    }

    @Test func `curl gets the body in quotes that its shell leaves alone`() throws {
        let code = try Self.code("openai/o4-mini", 2, label: 1)
        #expect(
            code.hasPrefix(
                """
                curl https://gate.example/client/v4/accounts/{account_id}/ai/v1/chat/completions \\
                  -H "Authorization: Bearer $AIGATEWAY_API_KEY" \\
                  -H "Content-Type: application/json" \\
                  -d '{
                  "model": "openai/o4-mini",
                  "messages": [
                """))
        #expect(code.contains(#"I'\''d be happy"#) && code.hasSuffix("\n}'"))
    }

    @Test func `a hosted model needs no gateway, and others go to run`() throws {
        let hosted = Model(
            id: ModelID("@cf/meta/llama"), provider: ProviderID("workers-ai"), upstreamName: "x", name: "Llama",
            providerName: "Workers AI", family: "llama", modality: .text, modalities: ["text"], summary: "s")
        let snippets = RunSnippets(model: hosted, input: ["prompt": "Hi"], baseURL: "http://h")
        #expect(
            snippets.typescript
                == "const response = await env.AI.run(\n  '@cf/meta/llama',\n  {\n    prompt: 'Hi',\n  }\n)\nconsole.log(response)"
        )
        let image = try Self.model("openai/gpt-image-2")
        let curl = RunSnippets(model: image, input: ["prompt": "a"], baseURL: "http://h").curl
        #expect(curl.contains("/accounts/{account_id}/ai/run \\") && curl.contains("\"input\": {"))
    }

    @Test(arguments: [
        ("it's", "\"it's\""), ("say \"it's\"", "'say \"it\\'s\"'"), ("a\nb\\c", "'a\\nb\\\\c'"), ("\"q\"", "'\"q\"'"),
    ])
    func `texts are quoted so that they mean the same`(text: String, quoted: String) {
        #expect(CodePrinter.quoted(text) == quoted)
    }

    @Test func `short lists stand in one line and odd names in quotes`() {
        let value: JSONValue = ["stop": ["a", "b"], "logit-bias": [:], "n": [], "1a": 2]
        #expect(
            CodePrinter.javaScript(value, column: 0)
                == "{\n  stop: ['a', 'b'],\n  'logit-bias': {},\n  n: [],\n  '1a': 2,\n}")
    }
}
