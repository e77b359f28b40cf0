import Domain
import HTTPClient
import InferenceRig
import JSON
import MemoryStores
import Testing

@testable import NamedGateways

@Suite("Where providers of an account may be", .timeLimit(.minutes(1)))
struct ReachTests {
    static let steps: [GatewayStep] = [
        EngineRig.step("custom-mine/m"), EngineRig.step("custom-mine/m", stream: true),
        GatewayStep(
            .native(provider: "custom-mine", method: "POST", path: "chat/completions"),
            body: EngineRig.body("m"), controls: GatewayControls()),
    ]

    @Test(arguments: steps.indices)
    func `a provider at a private address is asked where that is allowed`(index: Int) async throws {
        let vendor = ScriptedVendor([])
        let isStream = index == 1
        try await withEngine(providers: ["mine"], vendor: vendor.answer(isStream: isStream)) { rig in
            let result = await rig.run(EngineRig.request([Self.steps[index]], kind: .compat))
            #expect(throws: Never.self) { try result.get() }
            #expect(vendor.count == 1)
        }
    }

    @Test(arguments: steps.indices)
    func `nowhere else it is, nor asked again, and the caller is told why`(index: Int) async throws {
        let vendor = ScriptedVendor([])
        try await withEngine(
            providers: ["mine"], reach: .publicOnly, vendor: vendor.answer(isStream: false)
        ) { rig in
            var controls = GatewayControls()
            controls.maximumAttempts = 3
            let result = await rig.run(EngineRig.request([Self.steps[index]], controls: controls, kind: .compat))
            guard case .failure(let refusal) = result else {
                Issue.record("it was answered")
                return
            }
            #expect(refusal.error.reason == .upstreamRejected)
            #expect(refusal.error.message.contains("gateways.private_providers"))
            #expect(vendor.count == 0)
        }
    }
}
