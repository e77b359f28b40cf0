import JSON
import Testing

@testable import Guards

@Suite("DLP", .timeLimit(.minutes(1)))
struct DLPInspectorTests {
    static let card = "4111 1111 1111 1111"

    func inspector(_ rules: DLPPolicySet.Rules, isEnabled: Bool = true) throws -> DLPInspector {
        DLPInspector(DLPPolicySet(isEnabled: isEnabled, rules: rules), library: try builtInLibrary())
    }

    @Test func `the header says what was found and never what matched`() throws {
        let policies = [
            DLPPolicy(
                id: "cards", action: .flag, sides: [.request], isEnabled: true, profiles: ["credit_cards", "iban"]),
            DLPPolicy(
                id: "all", action: .block, sides: [.request, .response], isEnabled: true,
                profiles: ["credit_cards", "email_addresses"]),
        ]
        let body = Array(#"{"messages":[{"content":"\#(Self.card), me@host.example"}]}"#.utf8)
        let findings = try inspector(.policies(policies)).check(body, side: .request)
        #expect(findings.action == .block)
        #expect(
            findings.header
                == #"{"findings":[{"profile":{"context":{},"entry_ids":["visa"],"profile_id":"credit_cards"},"#
                + #""policy_ids":["cards","all"],"check":"REQUEST"},{"profile":{"context":{},"#
                + #""entry_ids":["email_address"],"profile_id":"email_addresses"},"policy_ids":["all"],"#
                + #""check":"REQUEST"}],"action":"BLOCK"}"#)
        #expect(findings.header?.contains("1111") == false)
        #expect(findings.header?.contains("host.example") == false)
        #expect(!"\(findings)".contains("1111"))
    }

    @Test func `a policy counts on its sides only, and while it is on`() throws {
        func policy(_ side: GuardSide, _ isEnabled: Bool) -> [DLPPolicy] {
            [DLPPolicy(id: "p", action: .flag, sides: [side], isEnabled: isEnabled, profiles: ["credit_cards"])]
        }
        let body = Array(Self.card.utf8)
        #expect(try inspector(.policies(policy(.request, true))).check(body, side: .request).action == .flag)
        #expect(try inspector(.policies(policy(.request, true))).check(body, side: .response).action == nil)
        #expect(try inspector(.policies(policy(.request, false))).check(body, side: .request).action == nil)
        #expect(
            try inspector(.policies(policy(.request, true)), isEnabled: false).check(body, side: .request).action == nil
        )
        #expect(try inspector(.policies(policy(.response, true))).policies.checks(.response))
        #expect(try !inspector(.policies(policy(.response, true))).policies.checks(.request))
    }

    @Test func `the single form is one rule for both sides`() throws {
        let both = try inspector(.single(action: .block, profiles: ["credit_cards"]))
        let request = both.check(Array(Self.card.utf8), side: .request)
        let response = both.check(Array("x".utf8), side: .response)
        #expect(request.findings == [.init(profileID: "credit_cards", entryIDs: ["visa"], policyIDs: [], matches: 1)])
        #expect(response.header == nil)
        #expect(DLPFindings.header([request, response]) == request.header)
        let second = both.check(Array(Self.card.utf8), side: .response)
        #expect(DLPFindings.header([request, second])?.contains(#""check":"RESPONSE"}],"action":"BLOCK""#) == true)
    }

    @Test(arguments: [
        #"{"a":"4\u0031\u00311 1111 1111 1111"}"#, #"{"a":"line\n4111 1111 1111 1111"}"#,
        #"{"arguments":"{\"card\":\"no\\n4111 1111 1111 1111\"}"}"#, #"{"a":"4111\u00201111\u00201111\u00201111"}"#,
        #"{"a":"x\ud83d\ude004111 1111 1111 1111"}"#, "4111 1111 1111 1111", #"not JSON \u0034111 1111 1111 1111"#,
    ])
    func `escapes hide nothing`(body: String) throws {
        #expect(try entries(in: body) == ["visa"])
    }

    @Test func `a match is counted once, however many views show it`() throws {
        let plain = try inspector(.single(action: .flag, profiles: ["credit_cards"]))
        let body = #"{"a":"\n \u0041 \#(Self.card), \#(Self.card)"}"#
        #expect(plain.check(Array(body.utf8), side: .request).findings.map(\.matches) == [2])
        let many = String(repeating: Self.card + ", ", count: 500)
        #expect(plain.check(Array(many.utf8), side: .request).findings.map(\.matches) == [100])
    }

    @Test func `the pieces of a stream are put together`() throws {
        let stream = ["4111", " 1111 11", "11 11", "11"].map {
            #"data: {"choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# + "\n\n"
        }
        #expect(try entries(in: stream.joined() + "data: [DONE]\n\n", side: .response) == ["visa"])
    }

    @Test func `what is behind the limit is not looked at, and that is said`() throws {
        let policies = DLPPolicySet(isEnabled: true, rules: .single(action: .flag, profiles: ["credit_cards"]))
        let plain = DLPInspector(policies, library: try builtInLibrary(), maximumBytes: 100)
        let body = [UInt8](repeating: 0x20, count: 100) + Array(Self.card.utf8)
        let findings = plain.check(body, side: .request)
        #expect(findings.isPartial)
        #expect(findings.findings.isEmpty)
        #expect(!plain.check(Array(Self.card.utf8), side: .request).isPartial)
    }

    @Test func `a body full of near misses is done with`() throws {
        let body = String(repeating: "4444 ", count: 100_000) + Self.card
        #expect(try entries(in: body).contains("visa"))
    }

    @Test(arguments: [1, DLPInspector.promptBytes, DLPInspector.promptBytes * 2])
    func `a check apart finds the same`(padding: Int) async throws {
        let plain = try inspector(.single(action: .flag, profiles: ["credit_cards"]))
        let body = [UInt8](repeating: 0x20, count: padding) + Array(Self.card.utf8)
        #expect(await plain.checkApart(body, side: .request) == plain.check(body, side: .request))
        #expect(await plain.checkApart(body, side: .request).action == .flag)
    }

    @Test func `a profile that is gone finds nothing and is named`() throws {
        let gone = try inspector(.single(action: .block, profiles: ["gone", "credit_cards"]))
        #expect(gone.missingProfiles == ["gone"])
        #expect(gone.check(Array(Self.card.utf8), side: .request).findings.map(\.profileID) == ["credit_cards"])
    }

    @Test(arguments: [#"\"#, #"a\"#, #"\u"#, #"\u12"#, #"\ud800"#, #"\ud800\u0041"#, #"\ud800\"#, #"\q"#, #"\\"#])
    func `broken escapes give some text`(text: String) throws {
        #expect(DLPViews.unescaped(Array(text.utf8)) != nil)
    }

    @Test func `escapes are undone`() throws {
        let plain = DLPViews.unescaped(Array(#"a\u0041\n\"\\\/\ud83d\ude00\u00e9z"#.utf8))
        #expect(plain.map { String(decoding: $0, as: UTF8.self) } == "aA\n\"\\/😀éz")
        #expect(DLPViews.unescaped(Array("none".utf8)) == nil)
    }
}
