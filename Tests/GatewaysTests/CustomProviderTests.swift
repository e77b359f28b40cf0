import Domain
import JSON
import MemoryStores
import Telemetry
import Testing

@testable import Gateways

@Suite("Gateways: custom providers")
struct CustomProviderTests {
    private let house: House

    init() throws {
        house = try House()
    }

    private func sent(_ fields: JSONValue = [:]) -> JSONValue {
        var object: JSONObject = ["name": "Mine", "slug": "mine", "base_url": "https://llm.example.com/v1/"]
        for member in fields.objectValue?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    private func create(_ fields: JSONValue = [:], allowsPrivate: Bool = false) throws -> CustomProvider {
        try house.providers(allowsPrivate: allowsPrivate).create(sent(fields), in: House.acme)
    }

    @Test func `a provider is shown as it was defined`() throws {
        let made = try create([
            "description": "two\nlines", "link": "https://example.com", "beta": true, "curl_example": "curl",
            "js_example": "fetch()", "position": 3, "logo": "PHN2Zz48L3N2Zz4=",
            "headers": #"{"anthropic-version": "2023-06-01"}"#, "unknown": 7,
        ])
        let expected = """
            {"id":"\(made.id)","name":"Mine","slug":"mine","base_url":"https://llm.example.com/v1",\
            "description":"two\\nlines","link":"https://example.com","beta":true,"enable":false,\
            "curl_example":"curl","js_example":"fetch()","headers":"{\\"anthropic-version\\":\\"2023-06-01\\"}",\
            "position":3,"logo":"PHN2Zz48L3N2Zz4=","created_at":"2026-05-20T12:00:00.000Z",\
            "modified_at":"2026-05-20T12:00:00.000Z"}
            """
        #expect(made.shown.text == expected)
        #expect(try house.providers().provider(made.id, of: House.acme) == made)
    }

    @Test(arguments: [
        (#"{"name":null}"#, "/name"), (#"{"name":""}"#, "/name"), (#"{"name":"a\nb"}"#, "/name"),
        (#"{"slug":null}"#, "/slug"), (#"{"slug":"A"}"#, "/slug"), (#"{"slug":""}"#, "/slug"),
        (#"{"slug":"a_b"}"#, "/slug"), (#"{"base_url":null}"#, "/base_url"), (#"{"base_url":7}"#, "/base_url"),
        (#"{"enable":1}"#, "/enable"), (#"{"beta":"no"}"#, "/beta"), (#"{"position":-1}"#, "/position"),
        (#"{"position":1000001}"#, "/position"), (#"{"logo":"not base64"}"#, "/logo"), (#"{"logo":"YWJj"}"#, "/logo"),
        (#"{"headers":{}}"#, "/headers"), (#"{"headers":"[]"}"#, "/headers"), (#"{"headers":"{\"a\":1}"}"#, "/headers"),
        (#"{"headers":"{\"Host\":\"x\"}"}"#, "/headers"), (#"{"headers":"{\"a b\":\"x\"}"}"#, "/headers"),
        (#"{"headers":"{\"a\":\"x\\ny\"}"}"#, "/headers"), (#"{"headers":"{\"a\":\"x\",\"A\":\"y\"}"}"#, "/headers"),
        (#"{"headers":"{\"cf-aig-metadata\":\"{}\"}"}"#, "/headers"), (#"{"headers":"nonsense"}"#, "/headers"),
        (#"{"description":7}"#, "/description"),
    ])
    func `what is wrong is refused by its place`(fields: String, place: String) async throws {
        let error = await refusal { _ = try create(try json(fields)) }
        #expect(error?.reason == .invalidValue)
        #expect(error?.param == place)
        #expect(house.store.contents.documents.isEmpty)
    }

    @Test(arguments: [
        ("https://example.com", "https://example.com"),
        ("HTTPS://Example.com:8443/a%20b/", "HTTPS://Example.com:8443/a%20b"),
        ("https://1.1.1.1/v1", "https://1.1.1.1/v1"),
        ("https://[2606:4700::1111]:443", "https://[2606:4700::1111]:443"),
        ("https://example.com.", "https://example.com."), ("https://a_b.example", "https://a_b.example"),
        ("https://3com.example", "https://3com.example"),
    ])
    func `an address is taken`(written: String, kept: String) throws {
        #expect(try create(["base_url": .string(written)]).baseURL == kept)
    }

    /// Addresses that are refused however the installation is set up.
    static let broken = [
        "", "example.com", "ftp://example.com", "https://", "https:///x", "https://user@example.com",
        "https://user:pw@example.com", "https://example.com?x=1", "https://example.com#x", "https://exa mple.com",
        "https://example.com:0", "https://example.com:65536", "https://example.com:", "https://example.com:+1",
        "https://a..b", "https://.a", "https://[::1", "https://[1.1.1.1]", "https://[fe80::1%25eth0]",
        "https://[::1]x", "https://0177.0.0.1", "https://127.1", "https://2130706433", "https://0x7f000001",
        "https://0x7f.1", "https://1.2.3.4.5", "https://127.0.0.1.", "https://a\\b", "https://example.com/a b",
        "https://ex%61mple.com", "https://\(String(repeating: "a", count: 64)).com", "https://exämple.com",
    ]

    static let ownNetwork = [
        "http://example.com", "https://localhost", "https://LOCALHOST:8080", "https://api.localhost",
        "https://localhost.",
        "https://127.0.0.1", "https://10.0.0.1:8443/v1", "https://192.168.1.1", "https://172.20.0.1",
        "https://169.254.169.254/latest", "https://0.0.0.0", "https://[::1]", "https://[::]", "https://[fd00::1]",
        "https://[fe80::1]", "https://[::ffff:127.0.0.1]", "https://[::ffff:a00:1]", "https://[::7f00:1]",
        "https://[64:ff9b::a00:1]", "http://127.0.0.1:8000/v1",
    ]

    @Test(arguments: broken) func `a broken address is always refused`(written: String) async throws {
        for allowsPrivate in [false, true] {
            let error = await refusal {
                _ = try create(["base_url": .string(written)], allowsPrivate: allowsPrivate)
            }
            #expect(error?.param == "/base_url")
        }
    }

    @Test(arguments: ownNetwork) func `an address of one's own is taken only where it is allowed`(
        written: String
    ) async throws {
        let error = await refusal { _ = try create(["base_url": .string(written)]) }
        #expect(error?.param == "/base_url")
        #expect(try create(["base_url": .string(written)], allowsPrivate: true).baseURL == written)
    }

    @Test func `a slug is taken once in an account`() async throws {
        let first = try create()
        let error = await refusal { _ = try create(["name": "other"]) }
        #expect(error?.reason == .conflict && error?.param == "/slug")
        _ = try house.providers().create(sent(), in: House.other)
        let second = try create(["slug": "two"])
        let taken = await refusal {
            _ = try house.providers().update(second.id, ["slug": "mine"], of: House.acme)
        }
        #expect(taken?.reason == .conflict)
        #expect(try house.providers().update(first.id, ["slug": "mine"], of: House.acme).slug == "mine")
    }

    @Test func `a change keeps what is absent and clears what is null`() async throws {
        let made = try create(["description": "d", "enable": true, "position": 1, "headers": #"{"x":"y"}"#])
        house.setTime(1_779_278_460)
        let changed = try house.providers().update(made.id, ["name": "New"], of: House.acme)
        var expected = made
        expected.name = "New"
        expected.modifiedAt = Timestamp(seconds: 1_779_278_460)
        #expect(changed == expected)
        let cleared = try house.providers().update(
            made.id, ["description": nil, "enable": nil, "position": nil, "headers": nil], of: House.acme)
        #expect(cleared.shown["description"] == .null && cleared.shown["enable"] == false)
        #expect(cleared.shown["position"] == .null && cleared.shown["headers"] == .null && cleared.headers.isEmpty)
        for name in ["name", "slug", "base_url"] {
            let fields = JSONValue.object([name: nil])
            let error = await refusal { _ = try house.providers().update(made.id, fields, of: House.acme) }
            #expect(error?.param == "/\(name)")
        }
        #expect(try house.providers().delete(made.id, of: House.acme) == cleared)
        let gone = await refusal { _ = try house.providers().provider(made.id, of: House.acme) }
        #expect(gone?.reason == .objectNotFound)
    }

    @Test func `credentials among header fields are sealed and masked`() async throws {
        let headers = #"{"X-Api-Key": "custom-secret-0123456789", "x-plain": "seen"}"#
        let made = try create(["headers": .string(headers)])
        let shown = try #require(made.shown["headers"]?.stringValue)
        #expect(shown == #"{"X-Api-Key":"********6789","x-plain":"seen"}"#)
        var dumped = "\(made)"
        dump(made, to: &dumped)
        #expect(!house.everythingStored.contains("custom-secret") && !dumped.contains("custom-secret"))
        let back = try house.providers().update(made.id, ["headers": .string(shown), "beta": true], of: House.acme)
        #expect(back.headers.map { $0.value.reveal() } == ["custom-secret-0123456789", "seen"])
        let half = await refusal {
            _ = try house.providers().update(
                made.id, ["headers": #"{"X-Api-Key":"********6789"}"#], of: House.acme)
        }
        #expect(half?.param == "/headers")
        let live = house.live()
        try live.refresh()
        let provider = live.current.customProvider(account: House.acme, slug: "mine")
        #expect(provider == back)
    }

    @Test func `providers are found by a part of id, name or slug, and by what they are`() throws {
        let a = try create(["name": "Alpha", "slug": "one", "enable": true])
        let b = try create(["name": "Beta", "slug": "alphabet", "beta": true])
        _ = try house.providers().create(sent(["name": "Alpha"]), in: House.other)
        func found(_ search: CustomProviderDesk.Search) throws -> [String] {
            try house.providers().providers(of: House.acme, search).map(\.id)
        }
        #expect(try found(.init()) == [a.id, b.id])
        #expect(try found(.init(text: "ALPHA")) == [a.id, b.id])
        #expect(try found(.init(text: "BETA")) == [b.id])
        #expect(try found(.init(text: b.id)) == [b.id])
        #expect(try found(.init(isEnabled: true)) == [a.id])
        #expect(try found(.init(text: "alpha", isEnabled: false, isBeta: true)) == [b.id])
        #expect(try found(.init(isBeta: false)) == [a.id])
    }

    @Test func `another account sees and changes nothing`() async throws {
        let made = try create()
        for attempt in [
            await refusal { _ = try house.providers().provider(made.id, of: House.other) },
            await refusal { _ = try house.providers().update(made.id, ["name": "x"], of: House.other) },
            await refusal { _ = try house.providers().delete(made.id, of: House.other) },
        ] { #expect(attempt?.reason == .objectNotFound) }
        #expect(try house.providers().providers(of: House.other).isEmpty)
        #expect(try house.providers().provider(made.id, of: House.acme) == made)
    }

    @Test func `an account has a hundred at most`() async throws {
        for number in 0..<CustomProviderDesk.mostOfAnAccount { _ = try create(["slug": .string("s\(number)")]) }
        let error = await refusal { _ = try create() }
        #expect(error?.reason == .conflict)
    }
}
