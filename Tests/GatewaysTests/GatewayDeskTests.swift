import Accounts
import Domain
import JSON
import MemoryStores
import Testing

@testable import Gateways

@Suite("Gateways: the desk")
struct GatewayDeskTests {
    private let house: House
    private let g = GatewayID("g")

    init() throws {
        house = try House()
    }

    @Test func `an update keeps what is absent, clears what is null and moves the time of change`() async throws {
        let desk = house.desk()
        let made = try desk.create(
            [
                "id": "g", "cache_ttl": 60, "collect_logs": false, "guardrails": ["prompt": ["S1": "BLOCK"]],
                "retry_delay": 7, "log_management": 10_000,
            ], in: House.acme)
        house.setTime(1_779_278_460)
        let changed = try await desk.update(g, ["byok_only": true], of: House.acme)
        var expected = desk.shown(made).objectValue
        expected?["byok_only"] = true
        expected?["modified_at"] = "2026-05-20T12:01:00.000Z"
        #expect(desk.shown(changed).objectValue == expected)
        let cleared = try await desk.update(
            g, ["guardrails": nil, "retry_delay": nil, "collect_logs": nil, "cache_ttl": nil, "log_management": nil],
            of: House.acme)
        let shown = desk.shown(cleared)
        #expect(shown["guardrails"] == .null && shown["retry_delay"] == .null && shown["collect_logs"] == true)
        #expect(shown["cache_ttl"] == .null && shown["log_management"] == .null && shown["byok_only"] == true)
        #expect(cleared.settings.cacheTTL == 0)
        #expect(try desk.gateway(g, of: House.acme) == cleared)
    }

    @Test func `a refused update changes nothing, and an id stays`() async throws {
        let desk = house.desk()
        let made = try desk.create(["id": "g", "cache_ttl": 60], in: House.acme)
        let renamed = await refusal { _ = try await desk.update(g, ["id": "h"], of: House.acme) }
        #expect(renamed?.param == "/id")
        let wrong = await refusal { _ = try await desk.update(g, ["cache_ttl": 90, "zdr": 1], of: House.acme) }
        #expect(wrong?.param == "/zdr")
        #expect(try desk.gateway(g, of: House.acme) == made)
        _ = try await desk.update(g, ["id": "g", "zdr": true], of: House.acme)
    }

    @Test func `an id is taken once in an account`() async throws {
        let desk = house.desk()
        _ = try desk.create(["id": "g"], in: House.acme)
        let error = await refusal { _ = try desk.create(["id": "g"], in: House.acme) }
        #expect(error?.reason == .conflict)
        _ = try desk.create(["id": "g"], in: House.other)
    }

    @Test func `an account has so many gateways, and the default one on top`() async throws {
        let desk = house.desk(most: 2)
        _ = try desk.ensureDefault(of: House.acme)
        _ = try desk.create(["id": "a"], in: House.acme)
        _ = try desk.create(["id": "b"], in: House.acme)
        let error = await refusal { _ = try desk.create(["id": "c"], in: House.acme) }
        #expect(error?.reason == .conflict)
        _ = try await desk.delete(GatewaySettings.defaultID, of: House.acme)
        _ = try desk.create(["id": "default"], in: House.acme)
        _ = try desk.create(["id": "c"], in: House.other)
    }

    @Test func `the default gateway is there when it is wanted, also after it was deleted`() async throws {
        let desk = house.desk()
        #expect(try desk.gateways(of: House.acme).isEmpty)
        let first = try desk.gateway(GatewaySettings.defaultID, of: House.acme)
        #expect(first.isDefault && first.settings.requiresKey && first.settings.collectsLogs)
        #expect(first.settings.cacheTTL == 0 && first.settings.rateLimit == nil)
        #expect(desk.shown(first)["is_default"] == true)
        #expect(try desk.ensureDefault(of: House.acme) == first)
        _ = try await desk.update(GatewaySettings.defaultID, ["cache_ttl": 60], of: House.acme)
        #expect(try desk.ensureDefault(of: House.acme).settings.cacheTTL == 60)
        _ = try await desk.delete(GatewaySettings.defaultID, of: House.acme)
        #expect(try desk.ensureDefault(of: House.acme) == first)
        let unknown = await refusal { _ = try desk.gateway(g, of: House.acme) }
        #expect(unknown?.reason == .objectNotFound)
        let changed = try await desk.update(GatewaySettings.defaultID, ["zdr": true], of: House.other)
        #expect(changed.settings.keepsNothing)
    }

    @Test func `gateways are listed as they were made, and found by a part of their id`() throws {
        let desk = house.desk()
        for id in ["zeta", "alpha", "beta"] { _ = try desk.create(["id": .string(id)], in: House.acme) }
        _ = try desk.create(["id": "eta"], in: House.other)
        #expect(try desk.gateways(of: House.acme).map(\.id.rawValue) == ["zeta", "alpha", "beta"])
        #expect(try desk.gateways(of: House.acme, search: "ETA").map(\.id.rawValue) == ["zeta", "beta"])
        #expect(try desk.gateways(of: House.acme, search: "x").isEmpty)
    }

    @Test func `another account sees and changes nothing`() async throws {
        let desk = house.desk()
        let made = try desk.create(["id": "g"], in: House.acme)
        for attempt in [
            await refusal { _ = try desk.gateway(g, of: House.other) },
            await refusal { _ = try await desk.update(g, ["zdr": true], of: House.other) },
            await refusal { _ = try await desk.delete(g, of: House.other) },
        ] { #expect(attempt?.reason == .objectNotFound) }
        #expect(try desk.gateways(of: House.other).isEmpty)
        #expect(try desk.gateway(g, of: House.acme) == made)
        #expect(house.events.all.isEmpty)
    }

    // MARK: Deleting

    private func belonging(_ kind: DocumentKind, to gateway: GatewayID, of account: AccountID = House.acme) throws {
        let id = "\(kind.rawValue)-\(gateway)-\(account)"
        try house.store.insert(
            StoredDocument(
                kind: kind, account: account, gateway: gateway, id: id, name: id, body: "{}",
                createdAt: Timestamp(seconds: 1), modifiedAt: Timestamp(seconds: 1)))
    }

    private static let belongings: [DocumentKind] = [.route, .providerConfig, .dataset, .evaluation, .spendCounters]

    @Test func `what belongs to a deleted gateway goes with it, and nothing else`() async throws {
        let desk = house.desk()
        let h = GatewayID("h")
        for id in ["g", "h"] { _ = try desk.create(["id": .string(id)], in: House.acme) }
        _ = try desk.create(["id": "g"], in: House.other)
        _ = try house.providers().create(
            ["name": "n", "slug": "g", "base_url": "https://example.com"], in: House.acme)
        for kind in Self.belongings {
            try belonging(kind, to: g)
            try belonging(kind, to: h)
            try belonging(kind, to: g, of: House.other)
        }
        let before = house.store.contents.documents
        let gone = try await desk.delete(g, of: House.acme)
        #expect(gone.id == g)
        let left = before.filter { document in
            document.account != House.acme
                || (document.gateway != g && !(document.kind == .gateway && document.id == "g"))
        }
        #expect(house.store.contents.documents == left)
        #expect(left.count == before.count - Self.belongings.count - 1)
        #expect(house.events.all == ["deleted acc_acme g"])
        let again = await refusal { _ = try await desk.delete(g, of: House.acme) }
        #expect(again?.reason == .objectNotFound)
    }

    @Test(arguments: 0...5) func `stopped halfway, it is there to be deleted again`(writes: Int) async throws {
        let desk = house.desk()
        _ = try desk.create(["id": "g"], in: House.acme)
        for kind in Self.belongings { try belonging(kind, to: g) }
        house.store.allow(writes: writes)
        let error = await refusal { _ = try await desk.delete(g, of: House.acme) }
        #expect(error?.reason == .recordFailed)
        #expect(house.events.all.isEmpty)
        house.store.allow(writes: .max)
        _ = try await desk.delete(g, of: House.acme)
        #expect(house.store.contents.documents.isEmpty)
    }

    @Test func `a new gateway does not inherit what was left of one of its name`() throws {
        for kind in Self.belongings { try belonging(kind, to: g) }
        try belonging(.route, to: g, of: House.other)
        _ = try house.desk().create(["id": "g"], in: House.acme)
        #expect(house.store.contents.documents.map(\.kind) == [.route, .gateway])
        #expect(house.store.contents.documents.first?.account == House.other)
    }

    // MARK: The cache

    @Test func `the cache is forgotten on updates of a gateway that says so`() async throws {
        let desk = house.desk()
        _ = try desk.create(["id": "g", "cache_ttl": 60], in: House.acme)
        _ = try await desk.update(g, ["zdr": true], of: House.acme)
        #expect(house.events.all.isEmpty)
        _ = try await desk.update(g, ["cache_invalidate_on_update": true], of: House.acme)
        _ = try await desk.update(g, ["cache_invalidate_on_update": false], of: House.acme)
        _ = try await desk.update(g, ["zdr": false], of: House.acme)
        #expect(house.events.all == ["forget acc_acme g", "forget acc_acme g"])
        _ = await refusal { _ = try await desk.update(g, ["zdr": 1], of: House.acme) }
        #expect(house.events.all.count == 2)
    }

    @Test func `a store that fails is told without its words`() async throws {
        house.store.fail(.unusable("/var/secret"))
        let desk = house.desk()
        let error = await refusal { _ = try desk.ensureDefault(of: House.acme) }
        #expect(error?.reason == .recordFailed)
        #expect(error?.message.contains("secret") == false)
    }
}
