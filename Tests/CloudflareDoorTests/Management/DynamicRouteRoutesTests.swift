import Domain
import HTTPCore
import JSON
import Testing

@testable import CloudflareDoor

@Suite("Cloudflare's surface: dynamic routes", .timeLimit(.minutes(1)))
struct DynamicRouteRoutesTests {
    private let house: ManagementHouse
    private let admin: String
    private let member: String

    init() throws {
        house = try ManagementHouse()
        admin = try house.key(.admin)
        member = try house.key(.member)
    }

    private static let path = "/gateways/default/routes"
    private static let brief = ["id", "name", "gateway_id", "created_at", "modified_at", "elements"]
    private static let full = brief + ["deployment", "version"]
    private static let now = "2026-05-20T12:00:00.000Z"

    private static func elements(_ model: String = "gpt-4o-mini") -> JSONValue {
        [
            ["id": "s", "type": "start", "outputs": ["next": ["elementId": "r"]]],
            [
                "id": "r", "type": "rate",
                "properties": ["limitType": "count", "key": "metadata.user", "limit": 10, "window": 60],
                "outputs": ["success": ["elementId": "m"], "fallback": ["elementId": "e"]],
            ],
            [
                "id": "m", "type": "model",
                "properties": ["provider": "openai", "model": .string(model), "timeout": 1_000, "retries": 0],
                "outputs": ["success": ["elementId": "e"], "fallback": ["elementId": "e"]],
            ],
            ["id": "e", "type": "end", "outputs": [:]],
        ]
    }

    private func create(_ name: String = "fast") async throws -> ManagementHouse.Answer {
        try await house.ask("POST \(Self.path)", as: admin, ["name": .string(name), "elements": Self.elements()])
    }

    private static func keys(_ value: JSONValue?) -> [String]? { value?.objectValue?.keys }

    @Test func `a route comes with its version and deployment, byte for byte`() async throws {
        let made = try await create()
        let id = try #require(made["id"]?.stringValue)
        let version = try #require(made["version"]?["version_id"]?.stringValue)
        let deployment = try #require(made["deployment"]?["deployment_id"]?.stringValue)
        let elements = String(decoding: Self.elements().serialized(), as: UTF8.self)
        let data = String(decoding: JSONValue.string(elements).serialized(), as: UTF8.self)
        #expect(made.status == 200)
        #expect(
            made.text == """
                {"result":{"id":"\(id)","name":"fast","gateway_id":"default","created_at":"\(Self.now)",\
                "modified_at":"\(Self.now)","elements":\(elements),\
                "deployment":{"deployment_id":"\(deployment)","version_id":"\(version)","created_at":"\(Self.now)"},\
                "version":{"version_id":"\(version)","active":"true","created_at":"\(Self.now)","data":\(data),\
                "is_valid":true}},"success":true,"errors":[],"messages":[]}
                """)
        #expect(try await house.ask("GET \(Self.path)/\(id)", as: member).json == made.json)
    }

    @Test func `lists bear their own name and result alike`() async throws {
        let first = try await create("one")
        _ = try await create("two")
        let list = try await house.ask("GET \(Self.path)?page=1&per_page=1", as: member)
        #expect(Self.keys(list.json) == ["data", "result", "success", "errors", "messages"])
        #expect(list.json["data"] == list.json["result"] && list.json["success"] == true)
        #expect(
            Self.keys(list.json["data"]) == ["routes", "order_by", "order_by_direction", "page", "per_page"])
        #expect(list.json["data"]?["routes"]?.arrayValue?.count == 1 && list.json["data"]?["per_page"] == 1)
        let route = list.json["data"]?["routes"]?[0]
        #expect(Self.keys(route).map(Set.init) == Set(Self.full + ["account_tag"]))
        #expect(route?["account_tag"] == "acc_acme")
        #expect(try await house.ask("GET \(Self.path)?page=9", as: member).json["data"]?["routes"] == [])
        #expect(try await house.ask("GET \(Self.path)?per_page=101", as: member).status == 400)
        let id = try #require(first["id"]?.stringValue)
        for (name, keys) in [
            ("versions", ["version_id", "active", "created_at", "data", "is_valid"]),
            ("deployments", ["deployment_id", "version_id", "created_at"]),
        ] {
            let list = try await house.ask("GET \(Self.path)/\(id)/\(name)", as: member)
            #expect(list.json["data"] == list.json["result"] && list.json["success"] == true)
            #expect(Self.keys(list.json["data"]) == [name, "order_by", "order_by_direction", "page", "per_page"])
            #expect(Self.keys(list.json["data"]?[name]?[0]) == keys)
        }
    }

    @Test func `a route is renamed, drafted, deployed, cleared and deleted`() async throws {
        let made = try await create()
        let id = try #require(made["id"]?.stringValue)
        let path = "\(Self.path)/\(id)"
        let renamed = try await house.ask("PATCH \(path)", as: admin, ["name": "slow"])
        #expect(Self.keys(renamed.json) == ["route", "result", "success", "errors", "messages"])
        #expect(renamed.json["route"] == renamed.json["result"] && renamed["name"] == "slow")
        #expect(Set(try #require(Self.keys(renamed.json["route"]))) == Set(Self.full + ["account_tag"]))
        let drafted = try await house.ask(
            "POST \(path)/versions", as: admin, ["elements": Self.elements("gpt-4o")])
        #expect(Self.keys(drafted.result) == Self.brief && drafted["elements"] == Self.elements("gpt-4o"))
        let versions = try await house.ask("GET \(path)/versions", as: member).result?["versions"]
        #expect(versions?.arrayValue?.map { $0["active"] } == ["false", "true"])
        let draft = try #require(versions?[0]?["version_id"]?.stringValue)
        let shown = try await house.ask("GET \(path)/versions/\(draft)", as: member)
        #expect(Self.keys(shown.result) == Self.brief + ["version_id", "active", "data", "is_valid"])
        #expect(shown["active"] == "false" && shown["is_valid"] == true && shown["data"]?.stringValue != nil)
        let deployed = try await house.ask("POST \(path)/deployments", as: admin, ["version_id": .string(draft)])
        #expect(Self.keys(deployed.result) == Self.brief && deployed["elements"] == Self.elements("gpt-4o"))
        #expect(try await house.ask("GET \(path)", as: member)["version"]?["version_id"]?.stringValue == draft)
        #expect(try await house.ask("DELETE \(path)/versions/\(draft)", as: admin).status == 409)
        let old = try #require(made["version"]?["version_id"]?.stringValue)
        let gone = try await house.ask("DELETE \(path)/versions/\(old)", as: admin)
        #expect(gone.status == 200 && gone["version_id"]?.stringValue == old)
        #expect(try await house.ask("GET \(path)/versions/\(old)", as: member).status == 404)
        let deleted = try await house.ask("DELETE \(path)", as: admin)
        #expect(Self.keys(deleted.result) == Self.brief)
        #expect(try await house.ask("GET \(path)", as: member).code == 7002)
    }

    @Test func `a wrong graph is refused with everything that is wrong`() async throws {
        let wrong: JSONValue = [
            ["id": "s", "type": "start", "outputs": ["next": ["elementId": "x"]]],
            ["id": "c", "type": "conditional", "properties": ["condition": [:]], "outputs": [:]],
        ]
        let refused = try await house.ask("POST \(Self.path)", as: admin, ["name": "r", "elements": wrong])
        #expect(refused.status == 400 && refused.code == 7001)
        #expect(refused.pointer?.hasPrefix("/elements/") == true)
        for place in ["/elements/0/outputs/next", "/elements/1"] { #expect(refused.text.contains(place)) }
        let id = try #require(try await create()["id"]?.stringValue)
        let drafted = try await house.ask("POST \(Self.path)/\(id)/versions", as: admin, ["elements": wrong])
        #expect(drafted.status == 200)
        let version = try await house.ask("GET \(Self.path)/\(id)/versions", as: member).result?["versions"]?[0]
        #expect(version?["is_valid"] == false && version?["active"] == "false")
        let deployed = try await house.ask(
            "POST \(Self.path)/\(id)/deployments", as: admin, ["version_id": version?["version_id"] ?? .null])
        #expect(deployed.status == 400 && deployed.code == 7001)
    }

    @Test func `members look and admins change, each in their own account`() async throws {
        let id = try #require(try await create()["id"]?.stringValue)
        let path = "\(Self.path)/\(id)"
        let writes = [
            "POST \(Self.path)", "PATCH \(path)", "DELETE \(path)", "POST \(path)/versions",
            "DELETE \(path)/versions/x", "POST \(path)/deployments",
        ]
        for target in writes { #expect(try await house.ask(target, as: member, [:]).status == 403, "\(target)") }
        let keyOnly = try house.key(.keyOnly)
        for target in ["GET \(Self.path)", "GET \(path)", "GET \(path)/versions", "GET \(path)/deployments"] {
            #expect(try await house.ask(target, as: keyOnly).status == 403)
            #expect(try await house.ask(target).status == 401)
        }
        // The path's account is another's: the caller's own is meant, or it is refused.
        let other = try house.key(.admin, of: ManagementHouse.other)
        #expect(try await house.ask("GET \(path)", as: other).status == 403)
        let own = "/client/v4/accounts/0123456789abcdef/ai-gateway\(path)"
        #expect(try await house.ask("GET \(own)", as: other).status == 404)
        #expect(try await house.ask("GET \(own)", as: member).status == 200)
    }
}
