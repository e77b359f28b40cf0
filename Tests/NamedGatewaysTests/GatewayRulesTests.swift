import Domain
import DynamicRouting
import Governance
import Guards
import HTTPCore
import HTTPServer
import InferenceRig
import JSON
import MemoryStores
import Pattern
import Pipeline
import Synchronization
import Telemetry
import Testing

@testable import NamedGateways

@Suite("What a gateway holds its callers to", .timeLimit(.minutes(1)))
struct GatewayRulesTests {
    private static func refusal(
        _ result: Result<(text: String, facts: GatewayFacts), Refusal>
    ) -> ErrorReason? {
        if case .failure(let refusal) = result { refusal.error.reason } else { nil }
    }

    @Test func `the default gateway is made when it is first used, and no other is`() async throws {
        try await withEngine(vendor: TestVendor.saying(200, completion)) { rig in
            #expect(Self.refusal(await rig.run(EngineRig.request(gateway: "other"))) == .gatewayNotFound)
            #expect(!rig.book.isDefaultMade.isSet)
            _ = try await rig.run(EngineRig.request(gateway: "default")).get()
            #expect(rig.book.isDefaultMade.isSet)
            #expect(rig.logs.entries.map(\.gateway) == [GatewayID("default")])
        }
    }

    @Test func `who shows no key is let in only where none is asked for, and only with a vendor key`() async throws {
        let request = EngineRig.request(principal: nil, kind: .compat)
        try await withEngine(vendor: TestVendor.saying(200, completion)) { rig in
            #expect(Self.refusal(await rig.run(request)) == .gatewayKeyNeeded)
        }
        let open = LiveGateway(settings { $0.requiresKey = false })
        try await withEngine(open, vendor: TestVendor.saying(200, completion)) { rig in
            #expect(Self.refusal(await rig.run(request)) == .gatewayKeyNeeded)
            var step = EngineRig.step()
            step.vendorKey = Secret("sk-mine")
            let answer = try await rig.run(EngineRig.request([step], principal: nil, kind: .compat)).get()
            #expect(answer.facts.keySource == .own)
            #expect(rig.recorder.records.map(\.charge.cost) == [.zero])
        }
    }

    @Test func `so many requests, and a time to come back`() async throws {
        let gateway = LiveGateway(
            settings { $0.rateLimit = GatewayRateLimit(limit: 2, intervalSeconds: 60, technique: .fixed) })
        try await withEngine(gateway, vendor: TestVendor.saying(200, completion)) { rig in
            for _ in 0..<2 { _ = try await rig.run(EngineRig.request()).get() }
            guard case .failure(let refusal) = await rig.run(EngineRig.request()) else { return fail("let in") }
            #expect(refusal.error.reason == .gatewayRate)
            // The clock stands at 40 s of a minute.
            #expect(refusal.error.retryAfterSeconds == 20)
            #expect(rig.logs.entries.map(\.statusCode) == [200, 200, 429])
            rig.clock.advance(by: 20)
            _ = try await rig.run(EngineRig.request()).get()
        }
    }

    @Test func `keys: the request's, the gateway's by alias, the wallet`() async throws {
        let seen = Mutex<[String]>([])
        let vendor: TestVendor.Answer = { request, responder in
            seen.withLock { $0.append(request.headers.first("authorization") ?? "") }
            await TestVendor.saying(200, completion)(request, responder)
        }
        let kept = [("default", true), ("second", false)].map { alias, isDefault in
            LiveGateway.StoredKey(
                provider: ProviderID("openai"), alias: alias, isDefault: isDefault, secret: Secret("sk-\(alias)"))
        }
        try await withEngine(LiveGateway(settings(), keys: kept), vendor: vendor) { rig in
            var step = EngineRig.step()
            #expect(try await rig.run(EngineRig.request([step])).get().facts.keySource == .own)
            step.controls.keyAlias = "second"
            _ = try await rig.run(EngineRig.request([step])).get()
            step.vendorKey = Secret("sk-sent")
            _ = try await rig.run(EngineRig.request([step])).get()
            #expect(seen.withLock { $0 } == ["Bearer sk-default", "Bearer sk-second", "Bearer sk-sent"])
            step = EngineRig.step()
            step.controls.keyAlias = "third"
            guard case .failure(let refusal) = await rig.run(EngineRig.request([step])) else {
                return fail("a key")
            }
            #expect(refusal.error.reason == .unknownKeyAlias)
            #expect(refusal.error.message.contains("`default`") && refusal.error.message.contains("`second`"))
            #expect(rig.recorder.records.allSatisfy { $0.charge.cost == .zero })
        }
        try await withEngine(LiveGateway(settings { $0.isOwnKeyOnly = true }), vendor: vendor) { rig in
            #expect(Self.refusal(await rig.run(EngineRig.request())) == .ownKeyNeeded)
        }
    }

    @Test func `a rule on spending lets the call through that crosses it, and none behind`() async throws {
        let limits = SpendLimits(
            isEnabled: true,
            rules: [
                SpendRule(
                    id: "daily", limit: Nanodollars(20_000), window: ClockWindow(seconds: 86_400, technique: .fixed))
            ])
        let gateway = LiveGateway(settings(), spendLimits: limits)
        try await withEngine(gateway, vendor: TestVendor.saying(200, completion)) { rig in
            _ = try await rig.run(EngineRig.request()).get()
            guard case .failure(let refusal) = await rig.run(EngineRig.request()) else {
                return fail("let through")
            }
            #expect(refusal.error.reason == .spendLimit)
            #expect(refusal.error.message.contains("daily"))
            rig.clock.advance(by: 86_400)
            _ = try await rig.run(EngineRig.request()).get()
        }
    }

    // MARK: What is in the bodies

    private static func inspecting(_ action: GuardAction, _ side: GuardSide) throws -> LiveGateway {
        let rule = DLPPolicy(id: "p", action: action, sides: [side], isEnabled: true, profiles: ["credit-cards"])
        let library = try DLPLibrary()
        let id = try #require(library.ids.first { $0.contains("card") })
        var policy = rule
        policy.profiles = [id]
        return LiveGateway(
            settings(),
            inspector: DLPInspector(DLPPolicySet(isEnabled: true, rules: .policies([policy])), library: library))
    }

    @Test func `what must be kept back does not reach the provider`() async throws {
        let vendor = ScriptedVendor([])
        let card = "my card is 4111 1111 1111 1111"
        try await withEngine(try Self.inspecting(.block, .request), vendor: vendor.answer(isStream: false)) { rig in
            let result = await rig.run(EngineRig.request([EngineRig.step(text: card), EngineRig.step(text: card)]))
            guard case .failure(let refusal) = result else { return fail("let through") }
            #expect(refusal.error.reason == .promptWithheld)
            #expect(refusal.facts.dlp?.contains("4111") == false && refusal.facts.dlp?.contains("BLOCK") == true)
            #expect(vendor.count == 0)
            #expect(rig.logs.entries.map(\.dlpAction) == ["BLOCK"])
            _ = try await rig.run(EngineRig.request([EngineRig.step(text: "nothing")])).get()
        }
        try await withEngine(try Self.inspecting(.flag, .request), vendor: vendor.answer(isStream: false)) { rig in
            let answer = try await rig.run(EngineRig.request([EngineRig.step(text: card)])).get()
            #expect(answer.facts.dlp?.contains("FLAG") == true)
        }
    }

    @Test func `an answer that must be kept back is whole before anything of it goes out`() async throws {
        let leaking = completion.replacing(#""index":0"#, with: #""index":0,"message":{"content":"4111111111111111"}"#)
        try await withEngine(try Self.inspecting(.block, .response), vendor: TestVendor.saying(200, leaking)) { rig in
            let request = EngineRig.request([EngineRig.step(stream: true)], kind: .compat)
            #expect(Self.refusal(await rig.run(request)) == .answerWithheld)
            // It was made, and it is paid for.
            #expect(rig.recorder.records.map(\.outcome) == [.complete])
        }
    }

    private struct Judge: Classifier {
        var found: Set<HazardCategory> = []
        var isDown = false
        func categories(of text: String, side: GuardSide) async throws(ClassifierError) -> Set<HazardCategory> {
            if isDown { throw .unavailable }
            return found
        }
    }

    @Test func `guardrails block, flag, and let nothing unchecked pass where they block`() async throws {
        let category = HazardCategory.allCases[0]
        let blocking = LiveGateway(settings(), guardrails: Guardrails(prompt: [category: .block]))
        let flagging = LiveGateway(settings(), guardrails: Guardrails(prompt: [category: .flag]))
        let vendor = TestVendor.saying(200, completion)
        try await withEngine(blocking, classifier: Judge(found: [category]), vendor: vendor) { rig in
            #expect(Self.refusal(await rig.run(EngineRig.request())) == .promptBlocked)
            #expect(rig.recorder.records.isEmpty)
        }
        try await withEngine(blocking, classifier: Judge(isDown: true), vendor: vendor) { rig in
            #expect(Self.refusal(await rig.run(EngineRig.request())) == .scannerUnavailable)
        }
        try await withEngine(flagging, classifier: Judge(found: [category]), vendor: vendor) { rig in
            _ = try await rig.run(EngineRig.request()).get()
            #expect(rig.logs.entries.map(\.guardrails) == [category.rawValue])
        }
        try await withEngine(flagging, classifier: Judge(isDown: true), vendor: vendor) { rig in
            _ = try await rig.run(EngineRig.request()).get()
        }
        let answers = LiveGateway(settings(), guardrails: Guardrails(response: [category: .block]))
        let speaking = completion.replacing(#""index":0"#, with: #""index":0,"message":{"content":"text"}"#)
        try await withEngine(answers, classifier: Judge(found: [category]), vendor: TestVendor.saying(200, speaking)) {
            rig in
            #expect(Self.refusal(await rig.run(EngineRig.request())) == .answerBlocked)
        }
    }

    // MARK: The cache

    @Test func `hit, miss, skip, lifetime, and a key of one's own`() async throws {
        let vendor = ScriptedVendor([])
        let gateway = LiveGateway(settings { $0.cacheTTL = 60 })
        try await withEngine(gateway, cache: TestCache(), vendor: vendor.answer(isStream: false)) { rig in
            let first = try await rig.run(EngineRig.request()).get()
            let second = try await rig.run(EngineRig.request()).get()
            #expect(first.facts.cacheStatus == .miss && second.facts.cacheStatus == .hit)
            #expect(first.text == second.text && vendor.count == 1)
            #expect(second.facts.cost == .zero && rig.recorder.records.count == 1)
            #expect(rig.logs.entries.map(\.isCached) == [false, true])
            var controls = GatewayControls()
            controls.skipCache = true
            #expect(try await rig.run(EngineRig.request(controls: controls)).get().facts.cacheStatus == nil)
            #expect(vendor.count == 2)
            // The fresh answer took the place of the old one.
            rig.clock.advance(by: 59)
            #expect(try await rig.run(EngineRig.request()).get().facts.cacheStatus == .hit)
            rig.clock.advance(by: 1)
            #expect(try await rig.run(EngineRig.request()).get().facts.cacheStatus == .miss)
            controls = GatewayControls()
            controls.cacheKey = "mine"
            _ = try await rig.run(EngineRig.request([EngineRig.step(text: "a")], controls: controls)).get()
            let other = try await rig.run(EngineRig.request([EngineRig.step(text: "b")], controls: controls)).get()
            #expect(other.facts.cacheStatus == .hit)
            controls.cacheTTL = 0
            #expect(try await rig.run(EngineRig.request(controls: controls)).get().facts.cacheStatus == nil)
        }
    }

    @Test func `failures are not kept, and streams only where they are to be`() async throws {
        let gateway = LiveGateway(settings { $0.cacheTTL = 60 })
        let vendor = ScriptedVendor([.status(500)])
        try await withEngine(gateway, cache: TestCache(), vendor: vendor.answer(isStream: false)) { rig in
            #expect(Self.refusal(await rig.run(EngineRig.request())) == .providerError)
            let next = try await rig.run(EngineRig.request()).get()
            #expect(next.facts.cacheStatus == .miss)
        }
        for keepsStreams in [false, true] {
            let vendor = ScriptedVendor([])
            let cache = TestCache(keepsStreams: keepsStreams)
            try await withEngine(gateway, cache: cache, vendor: vendor.answer(isStream: true)) { rig in
                let request = EngineRig.request([EngineRig.step(stream: true)])
                let first = try await rig.run(request).get()
                let second = try await rig.run(request).get()
                #expect(first.text == second.text)
                #expect(vendor.count == (keepsStreams ? 1 : 2))
                #expect(second.facts.cacheStatus == (keepsStreams ? .hit : nil))
            }
        }
    }
}
