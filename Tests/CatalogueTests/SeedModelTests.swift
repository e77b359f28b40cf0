import Catalogue
import Domain
import JSON
import Testing

/// What the pages of the first four models say, written down a second time.
enum SeedFacts {
    static let ids = ["openai/o4-mini", "openai/o3-mini", "openai/gpt-4.1-mini", "openai/gpt-5.4-mini"]
}

@Suite("The first four models, to the letter")
struct SeedModelTests {
    private func model(_ id: String) throws -> Model { try #require(Catalogue.builtIn.model(id)) }

    @Test func `o4-mini has every fact of its page`() throws {
        let model = try model("openai/o4-mini")
        #expect(model.name == "O4-Mini")
        #expect(model.provider.rawValue == "openai" && model.providerName == "OpenAI")
        #expect(model.upstreamName == "o4-mini")
        #expect(model.family == "o-series")
        #expect(model.modality == .text && model.modalities == ["text", "vision"])
        #expect(
            model.summary
                == "OpenAI's fast, lightweight reasoning model optimized for multi-step problem solving at lower cost.")
        #expect(model.released == "2026-05-22")
        #expect(model.contextWindow == 200_000 && model.maximumOutput == 100_000)
        #expect(model.pricing?.inputPerMillion == 1_100_000_000)
        #expect(model.pricing?.outputPerMillion == 4_400_000_000)
        #expect(model.pricing?.cacheReadPerMillion == nil)
        #expect(model.capabilities == ["tools", "streaming", "vision", "json", "reasoning"])
        #expect(model.reasoningEfforts == [.none, .low, .medium, .high])
        #expect(model.outputLimitName == .maxCompletionTokens)
        #expect(model.page.strengths == ["General-purpose chat", "Long context", "Tool use"])
        #expect(model.page.useCases == ["Chatbots", "Content generation", "Agentic workflows"])
        #expect(
            model.page.notes == [
                "Returns chain-of-thought in message.reasoning_content (non-streaming) and delta.reasoning_content "
                    + "(streaming). Safe to display or ignore — it's separate from content.",
                "Use max_completion_tokens instead of max_tokens. Our gateway accepts either and translates.",
            ])
        #expect(
            model.page.adoption
                == ModelAdoption(tokens: 2_200_000_000, requests: 579_700, shareMillipercent: 0, asOf: "2026-05-30"))
        #expect(model.page.collections == ["text", "openai", "frontier", "free-tier"])
    }

    @Test(
        "Name, window and description are the page's",
        arguments: [
            (
                "openai/o3-mini", "o3-mini", 200_000,
                "o3-mini is the lightweight, low-cost reasoning variant of o3, well suited to quick analytical tasks at scale."
            ),
            (
                "openai/gpt-4.1-mini", "GPT-4.1 mini", 1_047_576,
                "Fast, affordable version of GPT-4.1 with a million-token context window."
            ),
            (
                "openai/gpt-5.4-mini", "GPT-5.4 mini", 128_000,
                "GPT-5.4 Mini is a smaller, faster, and more cost-efficient version of GPT-5.4 for lightweight tasks."
            ),
        ])
    func facts(id: String, name: String, window: Int, summary: String) throws {
        let model = try model(id)
        #expect(model.name == name && model.contextWindow == window && model.summary == summary)
    }

    @Test(arguments: SeedFacts.ids) func `each publishes its parameters with their bounds`(id: String) throws {
        let parameters = try model(id).parameters
        let wanted: [String: PublishedParameter] = [
            "temperature": PublishedParameter(name: "temperature", kind: .number, minimum: 0, maximum: 2),
            "max_tokens": PublishedParameter(name: "max_tokens", kind: .number, exclusiveMinimum: 0),
            "max_completion_tokens": PublishedParameter(
                name: "max_completion_tokens", kind: .number, exclusiveMinimum: 0),
            "top_p": PublishedParameter(name: "top_p", kind: .number, minimum: 0, maximum: 1),
            "frequency_penalty": PublishedParameter(name: "frequency_penalty", kind: .number, minimum: -2, maximum: 2),
            "presence_penalty": PublishedParameter(name: "presence_penalty", kind: .number, minimum: -2, maximum: 2),
            "stream": PublishedParameter(name: "stream", kind: .boolean),
            "tool_choice": PublishedParameter(name: "tool_choice"),
            "response_format": PublishedParameter(name: "response_format"),
        ]
        #expect(Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0) }) == wanted)
        let alphabetical = wanted.keys.sorted()
        #expect((parameters.map(\.name) == alphabetical) == (id == "openai/o3-mini"))
    }

    @Test(arguments: SeedFacts.ids) func `each has the five conversations of its page`(id: String) throws {
        let examples = try model(id).page.examples
        #expect(
            examples.map(\.name) == [
                "Usage", "With System Message", "Multi-turn Conversation", "Creative Writing", "Streaming Response",
            ])
        #expect(
            examples.map(\.summary) == [
                nil, "Using a system message to set context", "Continuing a conversation with context",
                "Longer completion for creative output", "Enable streaming for real-time output",
            ])
        let requests = try examples.map { try JSONValue(parsing: Array($0.request.utf8)) }
        #expect(
            requests[0]["messages"]?[0]?["content"]?.stringValue == "What are the three laws of thermodynamics?")
        #expect(requests[2]["messages"]?.arrayValue?.count == 3)
        let limit = id == "openai/o3-mini" ? 8192 : 2048
        #expect(requests[3]["max_completion_tokens"]?.intValue == limit)
        #expect(requests[2]["max_completion_tokens"]?.intValue == limit)
        #expect(requests[4]["stream"]?.boolValue == true)
        #expect(requests[4]["stream_options"]?["include_usage"]?.boolValue == true)
        #expect(examples.allSatisfy { $0.response?.isEmpty == false })
    }

    @Test func `what the example answers say is kept with its spaces and lines`() throws {
        let response = try #require(try model("openai/o4-mini").page.examples[0].response)
        #expect(response.hasPrefix("Here are the three (classical) laws of thermodynamics:\n\n1. First Law"))
        #expect(response.contains("1. First Law (Conservation of Energy)  \n     – Statement: Energy"))
        #expect(response.hasSuffix("impossible to reach absolute zero in a finite number of steps."))
        #expect(response.unicodeScalars.count == 1_086)
    }

    @Test func `a model whose price nobody has said has none`() throws {
        #expect(try model("openai/gpt-5.4-mini").pricing == nil)
    }
}
