import Testing

@testable import Settings

@Suite("Settings: named gateways")
struct GatewaySettingsTests {
    @Test func `what is not set is as usual, what is set is taken`() throws {
        let usual = try load("").get().gateways
        #expect(usual.perAccount == 20 && !usual.privateProviders)
        let set = try load("gateways: {per_account: 3, private_providers: true}").get().gateways
        #expect(set.perAccount == 3 && set.privateProviders)
    }

    @Test(arguments: ["{per_account: 0}", "{per_account: 100001}", "{private_providers: maybe}", "{per_acount: 5}"])
    func `what is not allowed is refused`(gateways: String) {
        guard case .failure = load("gateways: \(gateways)") else {
            Issue.record("accepted")
            return
        }
    }
}
