import Domain
import HTTPCore
import JSON
import MemoryStores
import Synchronization
import Telemetry
import Testing

@testable import CloudflareDoor

@Suite("Cloudflare's surface: gateways", .timeLimit(.minutes(1)))
struct GatewayRoutesTests {
    private let house: ManagementHouse
    private let admin: String
    private let member: String

    init() throws {
        house = try ManagementHouse()
        admin = try house.key(.admin)
        member = try house.key(.member)
    }

    @Test func `a gateway is made, read, changed and deleted, each time in the envelope`() async throws {
        let made = try await house.ask("POST /gateways", as: admin, ["id": "g", "cache_ttl": 60])
        #expect(made.status == 200 && made.headers.first("content-type") == "application/json")
        #expect(made.json.objectValue?.keys == ["result", "success", "errors", "messages"])
        #expect(made.json["success"] == true && made.json["errors"] == [] && made.json["messages"] == [])
        #expect(made["id"] == "g" && made["cache_ttl"] == 60 && made["is_default"] == false)
        let read = try await house.ask("GET /gateways/g", as: member)
        #expect(read.json == made.json)
        let changed = try await house.ask("PUT /gateways/g", as: admin, ["byok_only": true])
        #expect(changed["byok_only"] == true && changed["cache_ttl"] == 60)
        let gone = try await house.ask("DELETE /gateways/g", as: admin)
        #expect(gone.status == 200 && gone.json == changed.json)
        let missing = try await house.ask("GET /gateways/g", as: member)
        #expect(missing.status == 404 && missing.code == 7002)
        #expect(missing.json["success"] == false && missing.json["result"] == .null)
        #expect(try await house.ask("DELETE /gateways/g", as: admin).status == 404)
        #expect(try await house.ask("PUT /gateways/g", as: admin, [:]).status == 404)
        #expect(house.changes.load(ordering: .relaxed) == 3)
    }

    @Test func `problems are told all at once with the place of the first`() async throws {
        let wrong = try await house.ask("POST /gateways", as: admin, ["id": "g", "cache_ttl": -59, "zdr": 1])
        #expect(wrong.status == 400 && wrong.code == 7001 && wrong.pointer == "/cache_ttl")
        #expect(wrong.text.contains("/zdr: must be true or false"))
        _ = try await house.ask("POST /gateways", as: admin, ["id": "g"])
        let twice = try await house.ask("POST /gateways", as: admin, ["id": "g"])
        #expect(twice.status == 409 && twice.code == 7001)
        let noJSON = try await house.ask("POST /gateways", as: admin, bytes: Array("{".utf8))
        #expect(noJSON.status == 400 && noJSON.code == 7000)
        let noObject = try await house.ask("POST /gateways", as: admin, bytes: Array("[]".utf8))
        #expect(noObject.status == 400 && noObject.code == 7001)
        let deep = try await house.ask(
            "POST /gateways", as: admin,
            bytes: [UInt8](repeating: UInt8(ascii: "["), count: 65) + [UInt8](repeating: UInt8(ascii: "]"), count: 65)
        )
        #expect(deep.status == 400)
        #expect(house.changes.load(ordering: .relaxed) == 1)
    }

    @Test func `a list is turned page by page until an empty one`() async throws {
        for number in 1...5 { try await house.ask("POST /gateways", as: admin, ["id": .string("g\(number)")]) }
        var seen: [String] = []
        var pages = 0
        while true {
            pages += 1
            let page = try await house.ask("GET /gateways?page=\(pages)&per_page=2", as: member)
            #expect(page.status == 200)
            let ids = page.result?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
            let info = page.json["result_info"]
            #expect(info?["page"]?.intValue == pages && info?["per_page"] == 2)
            #expect(info?["count"]?.intValue == ids.count && info?["total_count"] == 5 && info?["total_pages"] == 3)
            if ids.isEmpty { break }
            seen += ids
        }
        #expect(seen == ["g1", "g2", "g3", "g4", "g5"] && pages == 4)
        let found = try await house.ask("GET /gateways?search=G3", as: member)
        #expect(found.result?.arrayValue?.count == 1 && found.json["result_info"]?["total_count"] == 1)
        for query in ["page=0", "per_page=101", "page=x"] {
            let wrong = try await house.ask("GET /gateways?\(query)", as: member)
            #expect(wrong.status == 400 && wrong.code == 7001)
        }
    }

    @Test func `the default gateway need not be made`() async throws {
        #expect(try await house.ask("GET /gateways", as: member).result == [])
        let read = try await house.ask("GET /gateways/default", as: member)
        #expect(read["is_default"] == true && read["authentication"] == true && read["collect_logs"] == true)
        #expect(try await house.ask("GET /gateways", as: member).result?.arrayValue?.count == 1)
        #expect(try await house.ask("DELETE /gateways/default", as: admin).status == 200)
        #expect(try await house.ask("DELETE /gateways/default", as: admin).status == 404)
        let changed = try await house.ask("PUT /gateways/default", as: admin, ["cache_ttl": 60])
        #expect(changed["cache_ttl"] == 60)
    }

    @Test(arguments: [
        ("openai", #""https://gate.example/gateway/v1/acc_acme/g/openai""#),
        ("universal", #""https://gate.example/gateway/v1/acc_acme/g/""#),
        ("compat", #""https://gate.example/gateway/v1/acc_acme/g/compat""#),
        ("custom-mine", #""https://gate.example/gateway/v1/acc_acme/g/custom-mine""#), ("nonsense", nil),
        ("..%2F..", nil),
    ])
    func `the address of a gateway is a text`(provider: String, url: String?) async throws {
        try await house.ask("POST /gateways", as: admin, ["id": "g"])
        let answer = try await house.ask("GET /gateways/g/url/\(provider)", as: member)
        if let url {
            #expect(answer.text == #"{"result":\#(url),"success":true,"errors":[],"messages":[]}"#)
        } else {
            #expect(answer.status == 400 && answer.code == 7001)
        }
        #expect(try await house.ask("GET /gateways/h/url/openai", as: member).status == 404)
        #expect(try await house.ask("GET /gateways/default/url/openai", as: member).status == 200)
    }

    // MARK: Who may

    private static let reading = [
        "GET /gateways", "GET /gateways/g", "GET /gateways/g/url/openai", "GET /gateways/g/provider_configs",
        "GET /gateways/g/provider_configs/x", "GET /custom-providers", "GET /custom-providers/x",
        "GET /gateways/g/routes", "GET /gateways/g/routes/x", "GET /gateways/g/routes/x/versions",
        "GET /gateways/g/routes/x/versions/y", "GET /gateways/g/routes/x/deployments", "GET /gateways/g/datasets",
        "GET /gateways/g/datasets/x", "GET /gateways/g/evaluations", "GET /gateways/g/evaluations/x",
        "GET /evaluation-types", "GET /gateways/g/analytics", "GET /billing/credit-balance",
        "GET /billing/invoice-history", "GET /billing/invoice-preview",
        "GET /billing/usage-history?value_grouping_window=day", "GET /billing/topup/config",
        "GET /billing/spending-limit",
    ]
    private static let changing = [
        "POST /gateways", "PUT /gateways/g", "DELETE /gateways/g", "POST /gateways/g/provider_configs",
        "PUT /gateways/g/provider_configs/x", "DELETE /gateways/g/provider_configs/x", "POST /custom-providers",
        "PATCH /custom-providers/x", "DELETE /custom-providers/x", "POST /gateways/g/routes",
        "PATCH /gateways/g/routes/x", "DELETE /gateways/g/routes/x", "POST /gateways/g/routes/x/versions",
        "DELETE /gateways/g/routes/x/versions/y", "POST /gateways/g/routes/x/deployments",
        "POST /gateways/g/datasets", "PUT /gateways/g/datasets/x", "DELETE /gateways/g/datasets/x",
        "POST /gateways/g/evaluations", "DELETE /gateways/g/evaluations/x", "POST /billing/topup",
        "POST /billing/topup/config", "DELETE /billing/topup/config", "POST /billing/spending-limit",
        "DELETE /billing/spending-limit",
    ]
    /// Asked with a body, but nothing is changed by them.
    private static let asking = [
        "POST /billing/topup/status", "POST /client/v4/accounts/acc_acme/ai/finetunes",
        "POST /client/v4/accounts/acc_acme/ai/finetunes/x/finetune-assets",
    ]

    @Test func `reading needs a member, changing an admin, and both a key`() async throws {
        let keyOnly = try house.key(.keyOnly)
        for target in Self.reading + Self.changing + Self.asking {
            let nobody = try await house.ask(target, [:])
            #expect(nobody.status == 401 && nobody.code == 10000, "\(target)")
            let stranger = try await house.ask(target, as: "sk-aig-wrong", [:])
            #expect(stranger.status == 401, "\(target)")
            let least = try await house.ask(target, as: keyOnly, [:])
            #expect(least.status == 403 && least.code == 10000, "\(target)")
        }
        for target in Self.changing {
            #expect(try await house.ask(target, as: member, [:]).status == 403, "\(target)")
        }
        for target in Self.reading {
            #expect([200, 404].contains(try await house.ask(target, as: member).status), "\(target)")
        }
        #expect(house.changes.load(ordering: .relaxed) == 0)
        let guarded = house.door.table.filter { $0.least == .member || $0.least == .admin }
        #expect(Self.reading.count + Self.changing.count + Self.asking.count == guarded.count)
    }

    @Test func `an account has its gateways for itself`() async throws {
        let other = try house.key(.admin, of: ManagementHouse.other)
        let tenant = try house.key(.member, of: ManagementHouse.tenant)
        let root = try house.key(.root, of: Account.root)
        try await house.ask("POST /gateways", as: admin, ["id": "g"])
        // Root may act for any account, a parent for its sub-account, nobody else for another.
        #expect(try await house.ask("GET /gateways/g", as: root).status == 200)
        #expect(try await house.ask("GET /gateways/g", as: other).status == 403)
        #expect(try await house.ask("GET /gateways/g", as: tenant).status == 403)
        let elsewhere = "/client/v4/accounts/sa_tenant/ai-gateway"
        let made = try await house.ask("POST \(elsewhere)/gateways", as: admin, ["id": "of-tenant"])
        #expect(made.status == 200)
        #expect(try await house.ask("GET \(elsewhere)/gateways/of-tenant", as: tenant).status == 200)
        #expect(try await house.ask("GET /gateways/of-tenant", as: admin).status == 404)
        // What is no account of ours, such as the id a client was set up with, means the caller's own.
        let foreign = "/client/v4/accounts/0123456789abcdef0123456789abcdef/ai-gateway"
        #expect(try await house.ask("GET \(foreign)/gateways/g", as: admin).status == 200)
        #expect(try await house.ask("GET \(foreign)/gateways/g", as: other).status == 404)
        let url = try await house.ask("GET \(foreign)/gateways/g/url/openai", as: admin)
        #expect(url.result == "https://gate.example/gateway/v1/acc_acme/g/openai")
    }

    @Test func `other methods are told which there are`() async throws {
        let answer = try await house.ask("DELETE /gateways", as: admin)
        #expect(answer.status == 405)
        #expect(answer.headers.first("allow") == "GET, HEAD, POST")
    }

    @Test func `changes are logged with their path and key, and stores that fail without their words`() async throws {
        try await house.ask("POST /gateways", as: admin, ["id": "g", "stripe": nil])
        try await house.ask("DELETE /gateways/g", as: admin)
        let lines = house.collector.lines.filter { $0.contains("\"managed\"") }
        #expect(lines.count == 2 && lines.last?.contains("/ai-gateway/gateways/g\"") == true)
        house.store.fail(.unusable("/var/secret"))
        let answer = try await house.ask("GET /gateways", as: member)
        #expect(answer.status == 503 && answer.headers.first("retry-after") == "1")
        #expect(!answer.text.contains("secret"))
    }
}
