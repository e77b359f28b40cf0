import Accounts
import Domain
import JSON
import MemoryStores
import Synchronization
import Telemetry
import Testing

@testable import Gateways

@Suite("Gateways: in memory")
struct LiveGatewaysTests {
    private let house: House
    private let live: LiveGateways
    private let g = GatewayID("g")

    init() throws {
        house = try House()
        live = house.live()
        _ = try house.desk().create(["id": "g", "cache_ttl": 60, "dlp": ["enabled": true]], in: House.acme)
    }

    private var entry: GatewayEntry? { live.current.gateway(account: House.acme, id: g) }

    @Test func `nothing is there before the first look`() throws {
        #expect(entry == nil && live.current.gatewayCount == 0)
        try live.refresh()
        #expect(entry?.settings.cacheTTL == 60)
        #expect(entry?.part("dlp") == ["enabled": true])
        #expect(entry?.part("guardrails") == nil)
        #expect(live.current.gateway(account: House.other, id: g) == nil)
    }

    @Test func `changes are taken over, and what did not change stays the same object`() async throws {
        _ = try house.desk().create(["id": "h"], in: House.acme)
        try live.refresh()
        let (before, other) = (entry, live.current.gateway(account: House.acme, id: GatewayID("h")))
        _ = try await house.desk().update(g, ["cache_ttl": 90], of: House.acme)
        #expect(entry === before)
        try live.refresh()
        #expect(entry !== before && entry?.settings.cacheTTL == 90)
        #expect(live.current.gateway(account: House.acme, id: GatewayID("h")) === other)
        _ = try await house.desk().delete(g, of: House.acme)
        try live.refresh()
        #expect(entry == nil && live.current.gatewayCount == 1)
    }

    @Test func `without a change the store is asked for counters alone`() throws {
        try live.refresh()
        let uses = Atomic(0)
        house.store.onUse { uses.add(1, ordering: .relaxed) }
        try live.refresh()
        house.store.onUse(nil)
        #expect(uses.load(ordering: .relaxed) == 2)
    }

    @Test func `keys are found by vendor and alias`() throws {
        for (slug, alias) in [("openai", "default"), ("openai", "blue"), ("groq", "red")] {
            _ = try house.configs.create(
                ["provider_slug": .string(slug), "alias": .string(alias), "secret": .string("sk-\(slug)-\(alias)")],
                in: g, House.acme)
        }
        let blue = try #require(try house.configs.configs(of: g, House.acme).first { $0.alias == "blue" })
        try live.refresh()
        func secret(_ provider: String, _ alias: String? = nil) -> String? {
            entry?.key(provider: provider, alias: alias)?.secret.reveal()
        }
        #expect(secret("openai") == "sk-openai-default")
        #expect(secret("openai", "blue") == "sk-openai-blue")
        #expect(secret("openai", "green") == nil)
        #expect(secret("groq") == "sk-groq-red")
        #expect(secret("anthropic") == nil)
        #expect(entry?.aliases(provider: "openai") == ["default", "blue"])
        _ = try house.configs.update(blue.id, ["default_config": true], of: g, House.acme)
        try live.refresh()
        #expect(secret("openai") == "sk-openai-blue")
        _ = try house.configs.delete(blue.id, of: g, House.acme)
        try live.refresh()
        // None is said to be the default any more: the alias decides.
        #expect(secret("openai") == "sk-openai-default")
    }

    @Test func `routes come along as they are`() throws {
        let route = StoredDocument(
            kind: .route, account: House.acme, gateway: g, id: "r", name: "fast", body: "[1]",
            createdAt: Timestamp(seconds: 1), modifiedAt: Timestamp(seconds: 2))
        try live.refresh()
        let before = entry
        try house.store.insert(route)
        try live.refresh()
        #expect(entry?.routes == [route] && entry !== before)
    }

    @Test func `what cannot be read is told of and left out, the rest works`() throws {
        for (kind, gateway) in [(DocumentKind.gateway, nil), (.customProvider, nil), (.providerConfig, g)] {
            try house.store.insert(
                StoredDocument(
                    kind: kind, account: House.acme, gateway: gateway, id: "bad-\(kind)", name: "bad", body: "{",
                    createdAt: Timestamp(seconds: 1), modifiedAt: Timestamp(seconds: 1)))
        }
        #expect(try Set(live.refresh()) == ["bad-gateway", "bad-customProvider", "bad-providerConfig"])
        #expect(entry?.settings.cacheTTL == 60 && entry?.keys.isEmpty == true)
    }

    @Test func `a store that is away leaves what was last known`() async throws {
        try live.refresh()
        house.store.fail(.unusable("away"))
        #expect(throws: StoreError.self) { try live.refresh() }
        #expect(entry != nil)
        house.store.fail(nil)
        _ = try await house.desk().update(g, ["cache_ttl": 0], of: House.acme)
        try live.refresh()
        #expect(entry?.settings.cacheTTL == 0)
    }

    @Test func `gateways that keep so many logs are known`() async throws {
        _ = try await house.desk().update(g, ["log_management": 10_000], of: House.acme)
        _ = try house.desk().create(["id": "h"], in: House.acme)
        try live.refresh()
        #expect(
            live.current.logCapacities == [GatewayLogCapacity(account: House.acme, gateway: g, entries: 10_000)])
    }
}
