import Domain
import JSON
import Testing

@testable import DynamicRouting

@Suite("Routes and their versions")
struct DynamicRouteTests {
    static func made(_ ids: Ids = Ids(), name: String = "support") throws -> DynamicRoute {
        try DynamicRoute.create(
            name: name, elements: parsed(simple), gatewayID: GatewayID("shop"), at: .noon, patterns: SwiftPatterns(),
            makeID: ids.next)
    }

    static func text(_ object: JSONObject) -> String { String(decoding: object.serialized(), as: UTF8.self) }

    static var compact: String { get throws { String(decoding: try parsed(simple).serialized(), as: UTF8.self) } }

    @Test func `a route works from the moment it is made`() throws {
        let route = try Self.made()
        #expect(route.id == "id-3")
        #expect(route.activeVersionID == "id-1")
        #expect(route.deployments.map(\.id) == ["id-2"])
        let live = try #require(try route.live(patterns: SwiftPatterns()))
        #expect(live.versionID == "id-1")
        #expect(live.graph.count == 3)
        #expect(live.name == "support")
        #expect(live.gatewayID == GatewayID("shop"))
        #expect(live.routeID == "id-3")
    }

    @Test(arguments: ["a", "a-b", "a_b", "_", "0", "a-b-c", String(repeating: "a", count: 64)])
    func `is a name`(name: String) throws {
        #expect(try Self.made(name: name).name == name)
    }

    @Test(arguments: ["", "-", "a-", "-a", "a--b", "A", "a b", "é", "a/b", String(repeating: "a", count: 65)])
    func `is no name`(name: String) throws {
        #expect(throws: RouteRefusal.invalidName) { try Self.made(name: name) }
        var route = try Self.made()
        #expect(throws: RouteRefusal.invalidName) { try route.rename(name, at: .noon) }
        #expect(route.name == "support")
    }

    @Test func `a draft changes nothing until it is deployed, and the old version can be deployed again`() throws {
        let ids = Ids()
        var route = try Self.made(ids)
        let draft = try route.addVersion(
            parsed("[\(GraphCheckTests.start),\(GraphCheckTests.end)]"), at: .noon.adding(seconds: 5),
            patterns: SwiftPatterns(), makeID: ids.next)
        #expect(draft.isValid)
        #expect(route.activeVersionID == "id-1")
        #expect(try route.live(patterns: SwiftPatterns())?.graph.count == 3)

        _ = try route.deploy(
            draft.id, at: .noon.adding(seconds: 9), patterns: SwiftPatterns(), makeID: ids.next)
        #expect(route.activeVersionID == draft.id)
        #expect(try route.live(patterns: SwiftPatterns())?.graph.count == 2)
        #expect(route.modifiedAt == .noon.adding(seconds: 9))
        #expect(route.createdAt == .noon)

        _ = try route.deploy("id-1", at: .noon.adding(seconds: 11), patterns: SwiftPatterns(), makeID: ids.next)
        #expect(route.activeVersionID == "id-1")
        #expect(route.deployments.map(\.versionID) == ["id-1", draft.id, "id-1"])
    }

    @Test func `a wrong draft is kept, and is not deployed`() throws {
        let ids = Ids()
        var route = try Self.made(ids)
        let draft = try route.addVersion(
            parsed("[\(GraphCheckTests.end)]"), at: .noon, patterns: SwiftPatterns(), makeID: ids.next)
        #expect(!draft.isValid)
        let before = route
        do throws(RouteRefusal) {
            _ = try route.deploy(draft.id, at: .noon, patterns: SwiftPatterns(), makeID: ids.next)
            Issue.record("was deployed")
        } catch {
            #expect(error.error.reason == .invalidValue)
            #expect(error.message.contains("/elements: must hold an element of type start."))
        }
        #expect(route == before)
        #expect(throws: RouteRefusal.versionNotFound) {
            try route.deploy("nowhere", at: .noon, patterns: SwiftPatterns(), makeID: ids.next)
        }
    }

    @Test func `a route is not made of wrong elements`() throws {
        do throws(RouteRefusal) {
            _ = try DynamicRoute.create(
                name: "x", elements: ["no"], gatewayID: GatewayID("shop"), at: .noon, patterns: SwiftPatterns(),
                makeID: { "i" })
            Issue.record("was made")
        } catch {
            #expect(error.error.reason == .invalidValue)
            #expect(error.error.param == "/elements/0")
            #expect(error.message.hasPrefix("The elements are not valid. /elements/0: must be an object."))
        }
    }

    @Test func `there is an end to versions, and a way to make room`() throws {
        let ids = Ids()
        var route = try Self.made(ids)
        for _ in 1..<100 {
            _ = try route.addVersion(parsed("[]"), at: .noon, patterns: SwiftPatterns(), makeID: ids.next)
        }
        #expect(throws: RouteRefusal.tooManyVersions) {
            try route.addVersion(parsed(simple), at: .noon, patterns: SwiftPatterns(), makeID: ids.next)
        }
        #expect(RouteRefusal.tooManyVersions.message.contains("at most 100 versions"))
        #expect(throws: RouteRefusal.versionInUse) { try route.discard("id-1", at: .noon) }
        try route.discard("id-4", at: .noon)
        _ = try route.addVersion(parsed(simple), at: .noon, patterns: SwiftPatterns(), makeID: ids.next)
        #expect(route.versions.count == 100)
        #expect(route.activeVersionID == "id-1")
    }

    @Test func `old deployments are forgotten, the one at work never`() throws {
        let ids = Ids()
        var route = try Self.made(ids)
        for _ in 0..<250 {
            _ = try route.deploy("id-1", at: .noon, patterns: SwiftPatterns(), makeID: ids.next)
        }
        #expect(route.deployments.count == 100)
        #expect(route.deployments.last?.id == "id-253")
    }

    @Test func `elements that are too large are not kept`() throws {
        let ids = Ids()
        var route = try Self.made(ids)
        let long = JSONValue.array([.string(String(repeating: "x", count: RouteBounds.longestElements))])
        #expect(throws: RouteRefusal.elementsTooLarge) {
            try route.addVersion(long, at: .noon, patterns: SwiftPatterns(), makeID: ids.next)
        }
    }

    @Test func `the whole of a route is told as its clients read it`() throws {
        let data = JSONValue.string(try Self.compact)
        let quoted = String(decoding: data.serialized(), as: UTF8.self)
        let expected =
            #"{"id":"id-3","name":"support","gateway_id":"shop","created_at":"2026-05-22T12:00:00.000Z","#
            + #""modified_at":"2026-05-22T12:00:00.000Z","elements":\#(try Self.compact),"#
            + #""deployment":{"deployment_id":"id-2","version_id":"id-1","created_at":"2026-05-22T12:00:00.000Z"},"#
            + #""version":{"version_id":"id-1","active":"true","created_at":"2026-05-22T12:00:00.000Z","#
            + #""data":\#(quoted),"is_valid":true}}"#
        #expect(Self.text(try Self.made().full()) == expected)
        let listed = try Self.made().full(accountTag: "acc_1")
        #expect(listed["account_tag"] == "acc_1")
    }

    @Test func `versions, deployments and routes are told in lists, the newest first`() throws {
        let ids = Ids()
        var route = try Self.made(ids)
        let draft = try route.addVersion(parsed("[]"), at: .noon, patterns: SwiftPatterns(), makeID: ids.next)
        let versions = route.versionList(RoutePage())
        #expect(versions["order_by"] == "created_at")
        #expect(versions["order_by_direction"] == "desc")
        #expect(versions["page"] == 1)
        #expect(versions["per_page"] == 20)
        let shown = try #require(versions["versions"]?.arrayValue)
        #expect(shown.map { $0["version_id"] } == ["id-4", "id-1"])
        #expect(shown.map { $0["active"] } == ["false", "true"])
        #expect(shown.map { $0["is_valid"] } == [false, true])
        #expect(shown[0]["data"] == "[]")
        #expect(shown[0].objectValue?.keys == ["version_id", "active", "created_at", "data", "is_valid"])
        #expect(route.versionList(RoutePage(page: 2, perPage: 1))["versions"]?[0]?["version_id"] == "id-1")
        #expect(route.versionList(RoutePage(page: 3, perPage: 1))["versions"] == [])
        #expect(route.versionList(RoutePage(page: .max, perPage: .max))["versions"] == [])

        let detailed = route.detailed(draft)
        #expect(
            detailed.keys == [
                "id", "name", "gateway_id", "created_at", "modified_at", "elements", "version_id", "active", "data",
                "is_valid",
            ])
        #expect(detailed["elements"] == [])
        #expect(route.brief()["elements"] == (try parsed(simple)))
        #expect(route.brief(draft)["elements"] == [])

        let deployments = route.deploymentList(RoutePage())
        #expect(deployments["deployments"]?[0]?["deployment_id"] == "id-2")

        let later = try DynamicRoute.create(
            name: "later", elements: parsed(simple), gatewayID: GatewayID("shop"), at: .noon.adding(seconds: 1),
            patterns: SwiftPatterns(), makeID: ids.next)
        let routes = DynamicRoute.routeList([route, later], RoutePage(), accountTag: "acc_1")
        let names = routes["routes"]?.arrayValue?.map { $0["name"] }
        #expect(names == ["later", "support"])
        #expect(routes.keys == ["routes", "order_by", "order_by_direction", "page", "per_page"])
    }

    @Test func `a document holds everything`() throws {
        let ids = Ids()
        var route = try Self.made(ids)
        let draft = try route.addVersion(
            parsed(#"[{"n":1.50,"a":1,"a":2}]"#), at: .noon.adding(seconds: 1), patterns: SwiftPatterns(),
            makeID: ids.next)
        #expect(!draft.isValid)
        try route.rename("other", at: .noon.adding(seconds: 2))
        let stored = route.document.serialized()
        let read = try #require(try JSONValue(parsing: stored).objectValue)
        #expect(try DynamicRoute(document: read) == route)
    }

    @Test func `a document that is none is refused`() throws {
        let whole = try Self.made().document
        for key in whole.keys {
            var less = whole
            less[key] = nil
            #expect(throws: RouteDocumentError.self) { try DynamicRoute(document: less) }
        }
        var routes = RandomRoutes(seed: 3)
        for _ in 0..<2_000 {
            guard let broken = routes.broken(.object(whole), 5).objectValue else { continue }
            _ = try? DynamicRoute(document: broken)
        }
        var lost = whole
        lost["deployments"] = [["id": "d", "version_id": "none", "created_at": 1]]
        #expect(throws: RouteDocumentError.self) { try DynamicRoute(document: lost) }
    }
}
