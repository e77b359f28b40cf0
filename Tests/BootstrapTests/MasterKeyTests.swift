import Accounts
import Domain
import Gateways
import JSON
import Settings
import Telemetry
import Testing

@testable import Bootstrap

@Suite("Master key: gateways")
struct MasterKeyTests {
    @Test func `secrets of gateways survive master keys, the second one too`() async throws {
        let temporary = TemporaryDirectory()
        let settings = temporary.settings()
        let directory = DataDirectory(temporary.path)
        let log = Logger(level: .error, format: .json, sink: LogCollector())
        let cabinet = try KeyCabinet.open(directory, settings.data)
        defer { cabinet.close() }
        let standing = try Standing.open(cabinet, directory, settings, log: log)
        let gateway = GatewayID("default")
        _ = try ProviderConfigDesk(standing.gateways, vendorKeys: cabinet.store).create(
            ["provider_slug": "openai", "secret": "sk-stored"], in: gateway, Account.root)
        await standing.refresher.look()
        for _ in 0..<2 {
            // Refused while anything is sealed under the one before.
            try cabinet.replaceMasterKey()
            await standing.refresher.look()
            let later = try Standing.open(cabinet, directory, settings, log: log)
            let live = LiveGateways(later.gateways, keys: cabinet.store, vault: later.vault)
            #expect(try live.refresh().isEmpty)
            let entry = live.current.gateway(account: Account.root, id: gateway)
            #expect(entry?.key(provider: "openai")?.secret.reveal() == "sk-stored")
        }
    }
}
