import Domain
import DynamicRouting
import JSON
import MemoryStores
import Testing

@testable import Gateways

/// No test here matches patterns.
struct NoPatterns: PatternCompiler {
    func compile(_ pattern: String) -> PatternMatcher? { nil }
}

@Suite("Gateways: dynamic routes")
struct RouteDeskTests {
    private let house: House
    private let desk: RouteDesk
    private let g = GatewayID("g")

    init() throws {
        house = try House()
        _ = try house.desk().create(["id": "g"], in: House.acme)
        desk = RouteDesk(house.office, patterns: NoPatterns())
    }

    static func elements(model: String = "gpt-4o-mini") -> JSONValue {
        [
            ["id": "s", "type": "start", "outputs": ["next": ["elementId": "m"]]],
            [
                "id": "m", "type": "model",
                "properties": ["provider": "openai", "model": .string(model), "timeout": 1_000, "retries": 0],
                "outputs": ["success": ["elementId": "e"], "fallback": ["elementId": "e"]],
            ],
            ["id": "e", "type": "end", "outputs": [:]],
        ]
    }

    private func create(_ name: String = "fast") throws -> DynamicRoute {
        try desk.create(["name": .string(name), "elements": Self.elements()], in: g, House.acme)
    }

    @Test func `a route works from the moment it is made`() throws {
        let route = try create()
        #expect(route.versions.count == 1 && route.activeVersionID == route.versions[0].id)
        #expect(try desk.route(route.id, of: g, House.acme) == route)
        #expect(try desk.routes(of: g, House.acme) == [route])
        let document = try #require(house.store.contents.documents.first { $0.kind == .route })
        #expect(document.name == "fast" && document.gateway == g)
        let form = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        #expect(route.id.wholeMatch(of: form) != nil && route.id == document.id)
    }

    @Test func `drafts wait for their deployment, and an older version can come back`() async throws {
        let route = try create()
        house.setTime(1_779_278_460)
        let (drafted, draft) = try desk.addVersion(
            to: route.id, ["elements": Self.elements(model: "gpt-4o")], of: g, House.acme)
        #expect(drafted.activeVersionID == route.activeVersionID && draft.isValid)
        #expect(drafted.modifiedAt > route.modifiedAt)
        let deployed = try desk.deploy(route.id, ["version_id": .string(draft.id)], of: g, House.acme)
        #expect(deployed.activeVersionID == draft.id)
        let back = try desk.deploy(
            route.id, ["version_id": .string(route.versions[0].id)], of: g, House.acme)
        #expect(back.activeVersionID == route.versions[0].id && back.deployments.count == 3)
        let (left, gone) = try desk.discard(draft.id, of: route.id, of: g, House.acme)
        #expect(gone.id == draft.id && left.versions.count == 1)
        let active = await refusal { _ = try desk.discard(left.versions[0].id, of: route.id, of: g, House.acme) }
        #expect(active?.reason == .conflict)
        let missing = await refusal { _ = try desk.discard(draft.id, of: route.id, of: g, House.acme) }
        #expect(missing?.reason == .objectNotFound)
        #expect(try desk.route(route.id, of: g, House.acme) == left)
    }

    @Test func `wrong elements make no route, and a wrong draft is not deployed`() async throws {
        let wrong: JSONValue = [["id": "s", "type": "start", "outputs": ["next": ["elementId": "x"]]]]
        let refused = await refusal {
            _ = try desk.create(["name": "r", "elements": wrong], in: g, House.acme)
        }
        #expect(refused?.reason == .invalidValue && refused?.param?.hasPrefix("/elements") == true)
        // Both problems are told.
        #expect(refused?.message.contains("names no element") == true)
        #expect(refused?.message.contains("must hold a model or an end") == true)
        #expect(try desk.routes(of: g, House.acme).isEmpty)
        let route = try create()
        let (_, draft) = try desk.addVersion(to: route.id, ["elements": wrong], of: g, House.acme)
        #expect(!draft.isValid)
        let error = await refusal {
            _ = try desk.deploy(route.id, ["version_id": .string(draft.id)], of: g, House.acme)
        }
        #expect(error?.reason == .invalidValue && error?.param == "/version_id")
        #expect(try desk.route(route.id, of: g, House.acme).activeVersionID == route.activeVersionID)
    }

    @Test(arguments: [
        (#"{}"#, "/name"), (#"{"name":"r"}"#, "/elements"), (#"{"name":7,"elements":[]}"#, "/name"),
        (#"{"name":"r","elements":{}}"#, "/elements"), (#"{"name":"r","elements":[]}"#, "/elements"),
        (#"{"name":"R!","elements":[]}"#, "/name"),
    ])
    func `what is wrong is refused by its place`(fields: String, place: String) async throws {
        let error = await refusal { _ = try desk.create(try json(fields), in: g, House.acme) }
        #expect(error?.reason.status == 400 && error?.param == place)
    }

    @Test func `names are unique in a gateway`() async throws {
        let route = try create("a")
        let other = try create("b")
        for attempt in [
            { _ = try create("a") },
            { _ = try desk.rename(other.id, ["name": "a"], of: g, House.acme) },
        ] {
            let error = await refusal(attempt)
            #expect(error?.reason == .conflict && error?.param == "/name")
        }
        #expect(try desk.rename(route.id, ["name": "a"], of: g, House.acme).name == "a")
        #expect(try desk.rename(other.id, ["name": "c"], of: g, House.acme).name == "c")
        _ = try desk.create(
            ["name": "a", "elements": Self.elements()], in: GatewaySettings.defaultID, House.acme)
        _ = try house.desk().create(["id": "g"], in: House.other)
        _ = try desk.create(["name": "a", "elements": Self.elements()], in: g, House.other)
    }

    @Test func `nobody reaches another gateway's route, and it goes with its gateway`() async throws {
        let route = try create()
        _ = try house.desk().create(["id": "g"], in: House.other)
        _ = try house.desk().create(["id": "h"], in: House.acme)
        for (gateway, account) in [(g, House.other), (GatewayID("h"), House.acme)] {
            let error = await refusal { _ = try desk.route(route.id, of: gateway, account) }
            #expect(error?.reason == .objectNotFound)
            let deleted = await refusal { _ = try desk.delete(route.id, of: gateway, account) }
            #expect(deleted?.reason == .objectNotFound)
            #expect(try desk.routes(of: gateway, account).isEmpty)
        }
        let none = await refusal { _ = try desk.routes(of: GatewayID("none"), House.acme) }
        #expect(none?.reason == .objectNotFound)
        _ = try await house.desk().delete(g, of: House.acme)
        #expect(house.store.contents.documents.allSatisfy { $0.kind != .route })
    }

    @Test func `there are bounds to how many there are and how large one is`() async throws {
        for number in 0..<RouteDesk.mostOfAGateway { _ = try create("r\(number)") }
        let full = await refusal { _ = try create("one-more") }
        #expect(full?.reason == .conflict)
        let route = try #require(try desk.routes(of: g, House.acme).first)
        let large: JSONValue = .array((0..<3_000).map { _ in .string(String(repeating: "x", count: 80)) })
        var refused: GatewayError?
        for _ in 0..<40 where refused == nil {
            refused = await refusal { _ = try desk.addVersion(to: route.id, ["elements": large], of: g, House.acme) }
        }
        #expect(refused?.reason == .conflict && refused?.message.contains("bytes together") == true)
    }
}
