import Domain
import JSON
import Testing

@testable import Dialects

private let messages = #""messages":[{"role":"user","content":"x"}]"#
private let reasoning = model(
    capabilities: ["reasoning"],
    refusing: [.temperature, .topP, .presencePenalty, .frequencyPenalty, .logprobs, .topLogprobs, .logitBias])

@Suite("What is changed in chat requests")
struct ChatPreparationTests {
    struct Change: Sendable, CustomTestStringConvertible {
        let model: Model
        let members: String
        let sent: String
        let warning: String?

        init(_ model: Model, _ members: String, _ sent: String, _ warning: String?) {
            self.model = model
            self.members = members
            self.sent = sent
            self.warning = warning
        }

        var testDescription: String { members }
    }

    static let limited = model(.maxCompletionTokens, maximumOutput: 100)
    static let plain = model()
    static let toolless = model(refusing: [.tools])

    static let changes: [Change] = [
        Change(reasoning, #","temperature":0.5"#, "", "dropped temperature"),
        Change(reasoning, #","temperature":null"#, #","temperature":null"#, nil),
        Change(
            reasoning,
            #","top_p":1,"x":1.50,"presence_penalty":0,"frequency_penalty":0,"logprobs":true,"top_logprobs":2,"logit_bias":{}"#,
            #","x":1.50"#,
            "dropped top_p; dropped presence_penalty; dropped frequency_penalty; dropped logprobs; "
                + "dropped top_logprobs; dropped logit_bias"),
        Change(reasoning, #","reasoning_effort":"high""#, #","reasoning_effort":"high""#, nil),
        Change(
            reasoning, #","reasoning_effort": "none""#, #","reasoning_effort": "low""#,
            "reasoning_effort none sent as low"),
        Change(
            reasoning, #","reasoning_effort":"minimal""#, #","reasoning_effort":"low""#,
            "reasoning_effort minimal sent as low"),
        Change(
            reasoning, #","reasoning_effort":"xhigh""#, #","reasoning_effort":"high""#,
            "reasoning_effort xhigh sent as high"),
        Change(plain, #","reasoning_effort":"low""#, "", "dropped reasoning_effort"),
        Change(plain, #","temperature":0.5,"tools":[]"#, #","temperature":0.5,"tools":[]"#, nil),
        Change(
            toolless, #","tools":[],"tool_choice":"auto","parallel_tool_calls":true"#, "",
            "dropped tools; dropped tool_choice; dropped parallel_tool_calls"),
        Change(limited, #","max_tokens":100"#, #","max_completion_tokens":100"#, nil),
        Change(
            limited, #","max_tokens":101"#, #","max_completion_tokens":100"#, "max_tokens lowered to 100"),
        Change(
            limited, #","max_completion_tokens":999999"#, #","max_completion_tokens":100"#,
            "max_completion_tokens lowered to 100"),
        Change(limited, #","max_tokens":999,"max_completion_tokens":5"#, #","max_completion_tokens":5"#, nil),
        Change(limited, #","max_completion_tokens":null,"max_tokens":5"#, #","max_completion_tokens":5"#, nil),
        Change(limited, #","max_tokens":null"#, "", nil),
    ]

    @Test(arguments: changes)
    func `what a model cannot take is changed, and told`(change: Change) throws {
        let made = try prepared(#"{"model":"m",\#(messages)\#(change.members)}"#, for: change.model)
        #expect(text(made.body) == #"{"model":"upstream",\#(messages)\#(change.sent)}"#)
        #expect(made.warning == change.warning)
    }

    @Test(
        "Assistants' thinking is taken out",
        arguments: [
            (
                #"{"role":"assistant","content":"a","reasoning_content":"thought"}"#,
                #"{"role":"assistant","content":"a"}"#
            ),
            (
                #"{ "reasoning_content" : [1] , "role":"assistant","x":1.50}"#, #"{ "role":"assistant","x":1.50}"#
            ),
            (
                #"{"role":"assistant","reason\u0069ng_content":null,"content":"a"}"#,
                #"{"role":"assistant","content":"a"}"#
            ),
            (
                #"{"role":"user","content":"a","reasoning_content":"kept"}"#,
                #"{"role":"user","content":"a","reasoning_content":"kept"}"#
            ),
        ])
    func reasoningContent(message: String, sent: String) throws {
        let made = try prepared(#"{"model":"m","messages":[\#(message),\#(message)]}"#)
        #expect(text(made.body) == #"{"model":"upstream","messages":[\#(sent),\#(sent)]}"#)
        #expect(made.warning == nil)
    }

    @Test(arguments: 0..<200)
    func `all but what is dropped goes up byte for byte`(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let (before, after) = RandomBody.around(&random)
        let made = try prepared(before + #""m""# + after, for: reasoning)
        let sent = try JSONValue(parsing: made.body)
        var wanted = try #require(try JSONValue(parsing: bytes(before + #""upstream""# + after)).objectValue)
        let hadTemperature = wanted["temperature"] != nil
        wanted["temperature"] = nil
        #expect(sent == .object(wanted))
        #expect(made.warning == (hadTemperature ? "dropped temperature" : nil))
        if !hadTemperature { #expect(text(made.body) == before + #""upstream""# + after) }
    }

    @Test(
        "A conversation is estimated from its texts",
        arguments: [
            (#"[{"role":"user","content":""}]"#, 4), (#"[{"role":"user","content":"abcde"}]"#, 6),
            (#"[{"role":"user","content":"é"},{"role":"assistant"}]"#, 9),
            (#"[{"role":"user","content":[{"type":"text","text":"abcd"},{"type":"text","text":"e"}]}]"#, 6),
        ])
    func estimate(messages: String, tokens: Int) throws {
        #expect(try prepared(#"{"model":"m","messages":\#(messages)}"#).wishes.promptEstimate == tokens)
    }
}
