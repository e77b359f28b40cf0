import Domain
import InferenceRig
import MemoryStores
import Pipeline
import Testing

@testable import NamedGateways

@Suite("Steps and attempts", .timeLimit(.minutes(1)))
struct StepsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let script: [ScriptedVendor.Line]
        var attempts = 1
        let asked: Int
        /// The step that answered; nil when none did.
        let step: Int?
        /// What each step's log says: its status.
        let logged: [Int]
        let charged: Int

        var testDescription: String { "\(script), \(attempts) attempts" }
    }

    /// Two steps before one vendor that follows the script.
    static let cases: [Case] = [
        Case(script: [], asked: 1, step: 0, logged: [200], charged: 1),
        Case(script: [.status(500)], asked: 2, step: 1, logged: [500, 200], charged: 1),
        Case(script: [.status(503)], attempts: 2, asked: 2, step: 0, logged: [200], charged: 1),
        Case(script: [.status(500), .status(502)], attempts: 2, asked: 3, step: 1, logged: [502, 200], charged: 1),
        Case(script: [.status(408)], asked: 2, step: 1, logged: [408, 200], charged: 1),
        Case(script: [.status(409)], asked: 2, step: 1, logged: [409, 200], charged: 1),
        Case(script: [.status(429)], asked: 2, step: 1, logged: [429, 200], charged: 1),
        Case(script: [.status(429, retryAfter: "2")], attempts: 2, asked: 2, step: 0, logged: [200], charged: 1),
        Case(
            script: [.status(429, retryAfter: "900")], attempts: 5, asked: 2, step: 1, logged: [429, 200], charged: 1),
        // What a provider will never do is not asked of it again, but perhaps another will.
        Case(script: [.status(400)], attempts: 3, asked: 2, step: 1, logged: [400, 200], charged: 1),
        Case(script: [.status(404)], attempts: 3, asked: 2, step: 1, logged: [404, 200], charged: 1),
        Case(script: [.reset(afterFirstByte: false)], asked: 2, step: 1, logged: [500, 200], charged: 1),
        Case(script: [.status(500), .status(503)], asked: 2, step: nil, logged: [500, 503], charged: 0),
        Case(script: [.silence], attempts: 2, asked: 2, step: 0, logged: [200], charged: 1),
    ]

    @Test(arguments: cases, [false, true])
    func `the first step that is answered wins, and every step is logged`(wanted: Case, isStream: Bool) async throws {
        let vendor = ScriptedVendor(wanted.script)
        try await withEngine(vendor: vendor.answer(isStream: isStream)) { rig in
            var controls = GatewayControls()
            controls.maximumAttempts = wanted.attempts
            controls.timeoutMilliseconds = 150
            let result = await rig.run(
                EngineRig.request(
                    [EngineRig.step(stream: isStream), EngineRig.step("openai/gpt-4.1-mini", stream: isStream)],
                    controls: controls))
            switch result {
            case .success(let answer):
                #expect(answer.facts.step == wanted.step)
                #expect(answer.facts.logID == rig.logs.entries.last?.id)
            case .failure(let refusal):
                #expect(wanted.step == nil)
                #expect(refusal.facts.step == 1)
                #expect(refusal.error.vendorAnswer?.status == wanted.logged.last)
            }
            #expect(vendor.count == wanted.asked)
            #expect(rig.logs.entries.map(\.statusCode) == wanted.logged)
            #expect(rig.logs.entries.map(\.step) == Array(0..<wanted.logged.count))
            let charges = rig.recorder.records.map(\.charge.cost)
            #expect(charges.count(where: { $0 > .zero }) == wanted.charged)
        }
    }

    @Test func `a stream that has begun is nobody else's any more`() async throws {
        let vendor = ScriptedVendor([.reset(afterFirstByte: true)])
        try await withEngine(vendor: vendor.answer(isStream: true)) { rig in
            let result = await rig.run(
                EngineRig.request([EngineRig.step(stream: true), EngineRig.step(stream: true)]))
            #expect(throws: Refusal.self) { try result.get() }
            #expect(vendor.count == 1)
            let entry = try #require(rig.logs.entries.first)
            #expect(rig.logs.entries.count == 1 && !entry.isSuccess && entry.step == 0)
        }
    }

    @Test func `the log of an answered call says what was used, and keeps what was said`() async throws {
        try await withEngine(vendor: TestVendor.saying(200, completion)) { rig in
            let answer = try await rig.run(EngineRig.request()).get()
            let (entry, bodies) = try #require(rig.logs.all.first)
            #expect(entry.id == answer.facts.logID && entry.id.rawValue.utf8.count == 26)
            #expect(entry.model == "openai/o4-mini" && entry.provider == "openai")
            #expect(entry.tokensIn == 9 && entry.tokensOut == 3)
            #expect(entry.cost == Nanodollars(23_100) && entry.isWholesale && !entry.isCached)
            #expect(bodies?.request == EngineRig.body())
            #expect(bodies?.response == Array(answer.text.utf8))
            #expect(answer.facts.keySource == .unified && answer.facts.cost == Nanodollars(23_100))
        }
    }

    @Test func `a stream is in the log when its client has the end of it`() async throws {
        try await withEngine(vendor: TestVendor.streaming(goodStream)) { rig in
            let text = try await rig.run(EngineRig.request([EngineRig.step(stream: true)])).get().text
            #expect(text.hasSuffix("data: [DONE]\n\n"))
            let (entry, bodies) = try #require(rig.logs.all.first)
            #expect(entry.isSuccess && entry.tokensOut == 3 && bodies?.isResponseStream == true)
            #expect(bodies?.response == Array(text.utf8))
        }
    }

    @Test func `what shall not be logged is not, and bodies can be left out alone`() async throws {
        try await withEngine(vendor: TestVendor.saying(200, completion)) { rig in
            var controls = GatewayControls()
            controls.collectLog = false
            let silent = try await rig.run(EngineRig.request(controls: controls)).get()
            #expect(silent.facts.logID == nil && rig.logs.entries.isEmpty)
            controls = GatewayControls()
            controls.collectPayload = false
            _ = try await rig.run(EngineRig.request(controls: controls)).get()
            #expect(rig.logs.all.count == 1 && rig.logs.all[0].bodies == nil)
            #expect(try await rig.run(EngineRig.request(gateway: nil)).get().facts.logID == nil)
            #expect(rig.logs.all.count == 1)
        }
    }
}
