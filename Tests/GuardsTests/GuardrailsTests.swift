import JSON
import Testing

@testable import Guards

@Suite("Guardrails")
struct GuardrailsTests {
    @Test func `the field comes back in the order of the categories`() throws {
        let form = #"{"prompt":{"P1":"BLOCK","S10":"flag","S2":"FLAG"},"response":{"S1":"BLOCK"}}"#
        let read = try Guardrails(json: json(form))
        #expect(
            text(read.json) == #"{"prompt":{"S2":"FLAG","S10":"FLAG","P1":"BLOCK"},"response":{"S1":"BLOCK"}}"#)
        #expect(try Guardrails(json: read.json) == read)
        #expect(read.canBlock(.request) && read.canBlock(.response))
    }

    @Test func `null and absent are the same`() throws {
        #expect(try Guardrails(json: json(#"{"prompt":null,"response":{"S1":null}}"#)) == Guardrails())
        #expect(try Guardrails(json: json("{}")) == Guardrails())
        #expect(!Guardrails().checks(.request))
    }

    @Test(arguments: [
        ("1", ["/guardrails"]), (#"{"prompt":[]}"#, ["/guardrails/prompt"]),
        (#"{"prompt":{"S14":"FLAG"}}"#, ["/guardrails/prompt/S14"]),
        (#"{"response":{"S1":"STOP","S2":true}}"#, ["/guardrails/response/S1", "/guardrails/response/S2"]),
        (#"{"answer":{}}"#, ["/guardrails/answer"]),
    ])
    func `what is wrong is told with its place`(form: String, places: [String]) {
        #expect(problems { _ = try Guardrails(json: json(form)) }.map(\.pointer) == places)
    }

    static let config = Guardrails(
        prompt: [.hate: .block, .privacy: .flag, .elections: .flag], response: [.hate: .flag])

    @Test(
        arguments: [
            ([], .request, .pass), ([.selfHarm], .request, .pass), ([.privacy], .request, .flag([.privacy])),
            ([.elections, .privacy], .request, .flag([.privacy, .elections])),
            ([.hate, .privacy], .request, .block([.hate], flagged: [.privacy])), ([.hate], .response, .flag([.hate])),
            ([.privacy], .response, .pass),
        ] as [(Set<HazardCategory>, GuardSide, GuardrailVerdict)])
    func `a verdict follows from what was found and what is asked for`(
        found: Set<HazardCategory>, side: GuardSide, verdict: GuardrailVerdict
    ) {
        #expect(Self.config.verdict(found, side: side) == verdict)
    }

    @Test func `without a scan only what may have to be blocked is held up`() {
        #expect(Self.config.verdictWithoutScan(side: .request) == .unavailable)
        #expect(Self.config.verdictWithoutScan(side: .response) == .pass)
    }
}
