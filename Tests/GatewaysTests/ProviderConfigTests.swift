import Accounts
import Domain
import JSON
import MemoryStores
import Telemetry
import Testing

@testable import Gateways

@Suite("Gateways: provider configs")
struct ProviderConfigTests {
    private let house: House
    private let g = GatewayID("g")
    private static let secret = "sk-vendor-0123456789"

    init() throws {
        house = try House()
        _ = try house.desk().create(["id": "g"], in: House.acme)
    }

    private func create(_ fields: JSONValue, in gateway: String = "g") throws -> ProviderConfig {
        var object: JSONObject = ["provider_slug": "openai", "secret": .string(Self.secret)]
        for member in fields.objectValue?.members ?? [] { object[member.key] = member.value }
        return try house.configs.create(.object(object), in: GatewayID(gateway), House.acme)
    }

    @Test func `a key is kept sealed and shown by its end`() throws {
        let made = try create([:])
        let shown = made.shown
        #expect(shown["id"] == .string(made.id) && made.id.hasPrefix("pc_"))
        #expect(shown["alias"] == "default" && shown["default_config"] == true && shown["gateway_id"] == "g")
        #expect(shown["provider_slug"] == "openai" && shown["secret_id"] == .string(made.id))
        #expect(shown["secret_preview"] == "6789" && shown["rate_limit"] == .null)
        #expect(shown["modified_at"] == "2026-05-20T12:00:00.000Z")
        #expect(!shown.text.contains("sk-vendor") && !house.everythingStored.contains("sk-vendor"))
        #expect(!"\(made)".contains("sk-vendor"))
        #expect(try house.configs.config(made.id, of: g, House.acme) == made)
        #expect(try house.configs.configs(of: g, House.acme) == [made])
    }

    @Test(arguments: [
        (#"{"provider_slug":"opnai"}"#, "/provider_slug"), (#"{"provider_slug":null}"#, "/provider_slug"),
        (#"{"provider_slug":"custom-"}"#, "/provider_slug"), (#"{"provider_slug":"custom-A"}"#, "/provider_slug"),
        (#"{"secret":""}"#, "/secret"), (#"{"secret":null}"#, "/secret"), (#"{"secret":7}"#, "/secret"),
        (#"{"secret":"sk\r\nX-Evil: 1"}"#, "/secret"), (#"{"secret_id":"vk_1"}"#, "/secret_id"),
        (#"{"secret":"","secret_id":"0123abcd"}"#, "/secret_id"), (#"{"secret":"","secret_id":7}"#, "/secret_id"),
        (#"{"alias":""}"#, "/alias"), (#"{"alias":"a b"}"#, "/alias"), (#"{"alias":"ä"}"#, "/alias"),
        (#"{"alias":7}"#, "/alias"), (#"{"default_config":"yes"}"#, "/default_config"),
        (#"{"rate_limit":5}"#, "/rate_limit_period"), (#"{"rate_limit_period":5}"#, "/rate_limit"),
        (#"{"rate_limit":-1,"rate_limit_period":5}"#, "/rate_limit"),
        (#"{"rate_limit":1.5,"rate_limit_period":5}"#, "/rate_limit"),
        (#"{"rate_limit":1,"rate_limit_period":31622401}"#, "/rate_limit_period"),
    ])
    func `what is wrong is refused by its place`(fields: String, place: String) async throws {
        let error = await refusal { _ = try create(try json(fields)) }
        #expect(error?.reason.status == 400)
        #expect(error?.param == place)
        #expect(error?.message.contains("sk") == false)
        #expect(try house.configs.configs(of: g, House.acme).isEmpty)
    }

    @Test func `limits of a secret and an alias`() async throws {
        let longest = ProviderConfigFields.longestSecret
        _ = try create(["secret": .string(String(repeating: "k", count: longest))])
        let long = await refusal {
            _ = try create(["alias": "x", "secret": .string(String(repeating: "k", count: longest + 1))])
        }
        #expect(long?.param == "/secret")
        _ = try create(["alias": .string(String(repeating: "a", count: 64))])
        let alias = await refusal { _ = try create(["alias": .string(String(repeating: "a", count: 65))]) }
        #expect(alias?.param == "/alias")
    }

    @Test func `an account of a service, as JSON, becomes one line, and its end is not shown`() throws {
        let made = try create(
            ["provider_slug": "google-vertex-ai", "secret": "{\n  \"private_key\": \"a\\nb\"\n}"])
        #expect(made.shown["secret_preview"] == "")
        let live = house.live()
        try live.refresh()
        let key = live.current.gateway(account: House.acme, id: g)?.key(provider: "google-vertex")
        #expect(key?.secret.reveal() == #"{"private_key":"a\nb"}"#)
    }

    @Test func `a provider has each alias once, by whichever of its names, and one default`() async throws {
        let first = try create([:])
        let same = await refusal { _ = try create([:]) }
        #expect(same?.reason == .conflict && same?.param == "/alias")
        let second = try create(["alias": "blue"])
        #expect(!second.isDefault)
        let third = try create(["alias": "red", "default_config": true])
        #expect(third.isDefault)
        #expect(try house.configs.configs(of: g, House.acme).map(\.isDefault) == [false, false, true])
        _ = try house.configs.update(second.id, ["default_config": true], of: g, House.acme)
        #expect(try house.configs.configs(of: g, House.acme).map(\.isDefault) == [false, true, false])
        let taken = await refusal {
            _ = try house.configs.update(second.id, ["alias": "default"], of: g, House.acme)
        }
        #expect(taken?.reason == .conflict)
        #expect(try house.configs.config(first.id, of: g, House.acme).alias == "default")
        _ = try create(["provider_slug": "xai"])
        let alias = await refusal { _ = try create(["provider_slug": "grok"]) }
        #expect(alias?.reason == .conflict)
    }

    @Test func `a secret is turned, the rest changes alone`() async throws {
        let made = try create(["rate_limit": 5, "rate_limit_period": 60])
        house.setTime(1_779_278_460)
        let turned = try house.configs.update(made.id, ["secret": "sk-vendor-new-abcdefgh"], of: g, House.acme)
        #expect(turned.shown["secret_preview"] == "efgh" && turned.rateLimit == 5 && turned.alias == "default")
        #expect(turned.modifiedAt == Timestamp(seconds: 1_779_278_460) && turned.createdAt == made.createdAt)
        let live = house.live()
        try live.refresh()
        let key = live.current.gateway(account: House.acme, id: g)?.key(provider: "openai")
        #expect(key?.secret.reveal() == "sk-vendor-new-abcdefgh")
        #expect(key?.rateLimit == GatewayRateLimit(limit: 5, intervalSeconds: 60, technique: .sliding))
        let plain = try house.configs.update(
            made.id, ["rate_limit": nil, "rate_limit_period": 0, "alias": "blue", "secret_id": .string(made.id)],
            of: g, House.acme)
        #expect(plain.rateLimit == nil && plain.rateLimitSeconds == nil && plain.alias == "blue")
        #expect(plain.source == turned.source)
        let moved = await refusal {
            _ = try house.configs.update(made.id, ["provider_slug": "anthropic"], of: g, House.acme)
        }
        #expect(moved?.param == "/provider_slug")
        #expect(try house.configs.delete(made.id, of: g, House.acme) == plain)
        #expect(try house.configs.configs(of: g, House.acme).isEmpty)
    }

    @Test func `a vendor key of the account can be named in the place of a secret`() async throws {
        let own = try house.keeper.attach(
            Secret("sk-own-0123456789abcd"), to: House.acme, provider: ProviderID("google"))
        let foreign = try house.keeper.attach(Secret("sk-b"), to: House.other, provider: ProviderID("google"))
        let fields: JSONObject = [
            "provider_slug": "google-ai-studio", "secret": "", "secret_id": .string(own.id.rawValue),
        ]
        let made = try create(.object(fields))
        #expect(made.vendorKey == own.id && made.shown["secret_preview"] == "abcd")
        #expect(made.shown["secret_id"] == .string(own.id.rawValue))
        for (id, slug) in [
            (foreign.id.rawValue, "google-ai-studio"), ("vk_none", "google-ai-studio"), (own.id.rawValue, "openai"),
        ] {
            let error = await refusal {
                _ = try create(["provider_slug": .string(slug), "secret": "", "secret_id": .string(id), "alias": "x"])
            }
            #expect(error?.param == "/secret_id")
        }
        let live = house.live()
        try live.refresh()
        func secret() -> String? {
            live.current.gateway(account: House.acme, id: g)?.key(provider: "google")?.secret.reveal()
        }
        #expect(secret() == "sk-own-0123456789abcd")
        _ = try house.keeper.change(own.id, of: House.acme, .init(secret: Secret("sk-turned")))
        try live.refresh()
        #expect(secret() == "sk-turned")
        try house.keeper.revoke(own.id, of: House.acme)
        #expect(try live.refresh() == [made.id])
        #expect(secret() == nil)
        let turned = try house.configs.update(made.id, ["secret": "sk-of-its-own"], of: g, House.acme)
        #expect(turned.vendorKey == nil)
    }

    @Test func `other gateways and accounts see nothing of it`() async throws {
        let made = try create([:])
        _ = try house.desk().create(["id": "h"], in: House.acme)
        _ = try house.desk().create(["id": "g"], in: House.other)
        for (gateway, account) in [(GatewayID("h"), House.acme), (g, House.other), (GatewayID("none"), House.acme)] {
            let attempts = [
                await refusal { _ = try house.configs.config(made.id, of: gateway, account) },
                await refusal { _ = try house.configs.update(made.id, ["alias": "x"], of: gateway, account) },
                await refusal { _ = try house.configs.delete(made.id, of: gateway, account) },
            ]
            for attempt in attempts { #expect(attempt?.reason == .objectNotFound) }
        }
        #expect(try house.configs.configs(of: g, House.other).isEmpty)
        let nowhere = await refusal { _ = try create([:], in: "none") }
        #expect(nowhere?.reason == .objectNotFound)
        _ = try create([:], in: "default")
        #expect(try house.desk().gateways(of: House.acme).map(\.id.rawValue) == ["g", "h", "default"])
    }

    @Test func `a sealed key copied to another row, or said to be another vendor's, does not open`() throws {
        let made = try create([:])
        var row = try #require(house.store.contents.documents.last)
        row.id = "pc_stolen"
        row.name = "openai/stolen"
        try house.store.insert(row)
        var turned = try #require(house.store.contents.documents.first { $0.id == made.id })
        turned.body = turned.body.replacing("openai", with: "groq")
        _ = try house.store.update(turned)
        let live = house.live()
        #expect(try live.refresh() == [made.id, "pc_stolen"])
        #expect(live.current.gateway(account: House.acme, id: g)?.keys.isEmpty == true)
    }

    @Test func `a gateway has a hundred at most`() async throws {
        for number in 0..<ProviderConfigDesk.mostOfAGateway { _ = try create(["alias": .string("a\(number)")]) }
        let error = await refusal { _ = try create(["alias": "more"]) }
        #expect(error?.reason == .conflict)
    }
}
