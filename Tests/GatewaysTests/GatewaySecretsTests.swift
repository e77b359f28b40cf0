import Accounts
import Domain
import JSON
import MemoryStores
import Telemetry
import Testing

@testable import Gateways

@Suite("Gateways: secrets of their parts")
struct GatewaySecretsTests {
    private let house: House
    private let g = GatewayID("g")
    private let otel: JSONValue = [
        [
            "url": "https://one.example", "headers": ["x-key": "header-secret-0123456789"],
            "authorization": "Bearer abcdefghijklmnop",
        ],
        ["url": "https://two.example", "headers": [:]],
    ]
    private let stripe: JSONValue = [
        "authorization": "stripe-secret-0123456789", "usage_events": [["payload": "p"]],
    ]

    init() throws {
        house = try House()
    }

    private func made() throws -> GatewayDocument {
        try house.desk().create(["id": "g", "otel": otel, "stripe": stripe], in: House.acme)
    }

    @Test func `they lie sealed in the store, are masked in answers, and are there for calls`() throws {
        let made = try made()
        let kept = try house.desk().gateway(g, of: House.acme)
        #expect(kept.part("otel") == otel && kept.part("stripe") == stripe)
        let shown = house.desk().shown(kept)
        #expect(shown["otel"]?[0]?["authorization"] == "********mnop")
        #expect(shown["otel"]?[0]?["headers"]?["x-key"] == "********6789")
        #expect(shown["otel"]?[0]?["url"] == "https://one.example")
        #expect(shown["stripe"]?["authorization"] == "********6789")
        var dumped = "\(kept)"
        dump(kept, to: &dumped)
        for secret in ["header-secret", "abcdefgh", "stripe-secret"] {
            #expect(!house.everythingStored.contains(secret))
            #expect(!shown.text.contains(secret))
            #expect(!dumped.contains(secret))
        }
        #expect(made == kept)
    }

    @Test func `what is sent back as it was shown stays what it was`() async throws {
        let desk = house.desk()
        let made = try made()
        var back = desk.shown(made).objectValue
        back?["zdr"] = true
        let changed = try await desk.update(g, .object(try #require(back)), of: House.acme)
        #expect(changed.part("otel") == otel && changed.part("stripe") == stripe && changed.settings.keepsNothing)
    }

    @Test func `elements of a list stay in whatever order they and their members come back`() async throws {
        let desk = house.desk()
        let shown = try #require(desk.shown(try made())["otel"]?.arrayValue)
        let first = try #require(shown[0].objectValue)
        let turned = JSONValue.object(JSONObject(members: first.members.reversed()))
        let changed = try await desk.update(
            g, ["otel": [["url": "https://new.example", "headers": [:]], shown[1], turned]], of: House.acme)
        #expect(changed.part("otel")?[2] == otel[0])
        #expect(changed.part("otel")?[1] == otel[1])
        #expect(changed.part("otel")?[0]?["url"] == "https://new.example")
    }

    @Test func `a secret is not put back beside another address`() async throws {
        let desk = house.desk()
        var element = try #require(desk.shown(try made())["otel"]?[0]?.objectValue)
        element["url"] = "https://evil.example"
        let error = await refusal {
            _ = try await desk.update(g, ["otel": [.object(element)]], of: House.acme)
        }
        #expect(error?.param == "/otel")
        #expect(error?.message.contains("as it was shown") == true)
        #expect(try desk.gateway(g, of: House.acme).part("otel") == otel)
    }

    @Test func `copied to another gateway or account, a sealed part does not open`() throws {
        _ = try made()
        var stolen = try #require(house.store.contents.documents.first)
        stolen.account = House.other
        try house.store.insert(stolen)
        let copy = try house.desk().gateway(g, of: House.other)
        #expect(copy.part("otel") == nil && copy.part("stripe") == nil)
        #expect(copy.unreadableParts == ["otel", "stripe"])
    }

    @Test func `parts that no key opens are kept until something else is said`() async throws {
        _ = try made()
        let stranger = try VendorKeyVault(current: House.secondMaster)
        let office = GatewayOffice(store: house.store, sealer: stranger) { Timestamp(seconds: 5) }
        let desk = GatewayDesk(office)
        _ = try await desk.update(g, ["zdr": true, "stripe": nil], of: House.acme)
        let back = try house.desk().gateway(g, of: House.acme)
        #expect(back.part("otel") == otel && back.part("stripe") == nil && back.settings.keepsNothing)
    }

    @Test func `everything is sealed anew under another master key`() throws {
        _ = try made()
        _ = try house.configs.create(
            ["provider_slug": "openai", "secret": "sk-vendor-0123456789"], in: g, House.acme)
        _ = try house.providers().create(
            [
                "name": "n", "slug": "s", "base_url": "https://a.example",
                "headers": #"{"x-api-key":"custom-0123456789"}"#,
            ],
            in: House.acme)
        _ = try house.desk().create(["id": "plain"], in: House.acme)
        let both = try VendorKeyVault(current: House.secondMaster, older: [House.firstMaster])
        let new = try VendorKeyVault(current: House.secondMaster)
        func office(_ vault: VendorKeyVault) -> GatewayOffice {
            GatewayOffice(store: house.store, sealer: vault) { Timestamp(seconds: 9) }
        }
        #expect(try office(new).reseal().unreadableDocuments.count == 3)
        house.store.allow(writes: 1)
        #expect(throws: StoreError.self) { try office(both).reseal() }
        house.store.allow(writes: .max)
        let report = try office(both).reseal()
        #expect(report.resealed == 2 && report.alreadyCurrent == 1 && report.mayDropOlderKeys)
        #expect(try office(both).reseal().alreadyCurrent == 3)
        let live = LiveGateways(office(new), keys: house.store, vault: { new })
        #expect(try live.refresh().isEmpty)
        let entry = try #require(live.current.gateway(account: House.acme, id: g))
        #expect(entry.part("otel") == otel && entry.part("stripe") == stripe)
        #expect(entry.key(provider: "openai")?.secret.reveal() == "sk-vendor-0123456789")
        let provider = live.current.customProvider(account: House.acme, slug: "s")
        #expect(provider?.headers.first?.value.reveal() == "custom-0123456789")
    }

    @Test func `other rooms check and show parts, with places in them`() async throws {
        let parts = GatewayParts.plain
            .checking("dlp") { _ in [GatewayProblem("/profiles/0", "is unknown"), GatewayProblem("", "is odd")] }
            .showing("otel") { _ in "hidden" }
        let desk = house.desk(parts: parts)
        let error = await refusal { _ = try desk.create(["id": "g", "dlp": [:]], in: House.acme) }
        #expect(error?.message == "/dlp/profiles/0: is unknown; /dlp: is odd.")
        #expect(error?.param == "/dlp/profiles/0")
        let made = try desk.create(["id": "g", "otel": otel], in: House.acme)
        #expect(desk.shown(made)["otel"] == "hidden")
    }
}
