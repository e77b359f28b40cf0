import Domain
import JSON
import MemoryStores
import Synchronization
import Telemetry
import Testing

@testable import AccountDoor

@Suite("Budgets and vendor keys over the API", .timeLimit(.minutes(1)))
struct BudgetRoutesTests {
    private let house: House
    private let admin: String

    init() throws {
        house = try House()
        admin = try house.key(.admin).secret
    }

    @Test func `a budget is made, shown, changed and removed`() async throws {
        try house.call("r1", by: "k", of: House.tenant, cents: 30, tag: "blue", day: "2026-05-03")
        let made = try await house.ask("POST /v1/budgets", as: admin, ["tag": "blue", "limit_cents": 1000])
        #expect(made.status == 201, "\(made.text)")
        #expect(made.id.hasPrefix("bud_"))
        #expect(
            made.json == [
                "id": .string(made.id), "object": "budget", "tag": "blue", "limit_cents": 1000, "period": "month",
                "daily_limit_cents": nil, "rate_limit_rpm": nil, "rate_limit_tpm": nil, "max_concurrency": nil,
                "action": "block", "thresholds": [50, 80, 100], "spent_today_cents": 0, "spent_cents": 30,
                "resets_at": .int(try #require(CalendarDay("2026-06-01")).unixSeconds),
                "created_at": .int(House.now.seconds),
            ])
        let path = "/v1/budgets/\(made.id)"
        let changed = try await house.ask(
            "PATCH \(path)", as: admin, ["action": "alert", "thresholds": [90], "daily_limit_cents": 5])
        #expect(changed["action"] == "alert" && changed["thresholds"] == [90])
        #expect(changed["limit_cents"] == 1000 && changed["daily_limit_cents"] == 5)
        #expect(try await house.ask("GET \(path)", as: admin).json == changed.json)
        #expect(try await house.ask("GET /v1/budgets", as: admin).data == [changed.json])
        #expect(try await house.ask("DELETE \(path)", as: admin)["deleted"] == true)
        #expect(try await house.ask("GET \(path)", as: admin).status == 404)
        #expect(try await house.ask("DELETE \(path)", as: admin).status == 404)
        #expect(house.changes.load(ordering: .relaxed) == 3)
    }

    @Test func `a tag has one budget in an account`() async throws {
        let body: JSONValue = ["tag": "blue", "limit_cents": 1]
        #expect(try await house.ask("POST /v1/budgets", as: admin, body).status == 201)
        #expect(try await house.ask("POST /v1/budgets", as: admin, body).reason == "conflict")
        let other = try house.key(.admin, of: House.other).secret
        #expect(try await house.ask("POST /v1/budgets", as: other, body).status == 201)
    }

    @Test func `those of another account are not there`() async throws {
        let made = try await house.ask("POST /v1/budgets", as: admin, ["tag": "a", "limit_cents": 1])
        let other = try house.key(.admin, of: House.other).secret
        let path = "/v1/budgets/\(made.id)"
        #expect(try await house.ask("GET \(path)", as: other).status == 404)
        #expect(try await house.ask("PATCH \(path)", as: other, ["limit_cents": 2]).status == 404)
        #expect(try await house.ask("DELETE \(path)", as: other).status == 404)
        #expect(try await house.ask("GET /v1/budgets", as: other).data.isEmpty)
        #expect(try house.store.budgets().map(\.limits.monthly) == [Nanodollars(10_000_000)])
    }

    @Test(
        "What a budget must not hold",
        arguments: [
            (#"{"limit_cents":1}"#, "tag"), (#"{"tag":"a"}"#, "limit_cents"),
            (#"{"tag":"a","limit_cents":null}"#, "limit_cents"), (#"{"tag":"a","limit_cents":0}"#, "limit_cents"),
            (#"{"tag":"a","limit_cents":1,"period":"week"}"#, "period"),
            (#"{"tag":"a","limit_cents":1,"action":"stop"}"#, "action"),
            (#"{"tag":"a","limit_cents":1,"thresholds":[100,50]}"#, "thresholds"),
            (#"{"tag":"a","limit_cents":1,"thresholds":[0]}"#, "thresholds"),
            (#"{"tag":"a","limit_cents":1,"thresholds":[50,50]}"#, "thresholds"),
            (#"{"tag":"a","limit_cents":1,"thresholds":["50"]}"#, "thresholds"),
            (#"{"tag":"a","limit_cents":1,"thresholds":[1,2,3,4,5,6,7,8,9,10,11]}"#, "thresholds"),
            (#"{"tag":"a","limit_cents":1,"thresholds":50}"#, "thresholds"),
            (#"{"tag":"","limit_cents":1}"#, "tag"), (#"{"tag":"a","limit":1}"#, "limit"),
            (#"{"tag":"a","limit_cents":1,"spend_cap_cents":1}"#, "spend_cap_cents"),
        ])
    func badBudgets(body: String, param: String) async throws {
        let answer = try await house.ask("POST /v1/budgets", as: admin, bytes: Array(body.utf8))
        #expect(answer.status == 400 && answer.param == param, "\(answer.text)")
        #expect(try house.store.budgets().isEmpty)
    }

    @Test func `a tag has at most 64 characters, whatever they are`() async throws {
        let longest = String(repeating: "ü", count: 64)
        #expect(
            try await house.ask("POST /v1/budgets", as: admin, ["tag": .string(longest), "limit_cents": 1]).status
                == 201)
        let tooLong = JSONValue.string(longest + "ü")
        #expect(try await house.ask("POST /v1/budgets", as: admin, ["tag": tooLong, "limit_cents": 1]).param == "tag")
    }

    // MARK: Vendor keys

    @Test func `a vendor's key goes in and never comes out`() async throws {
        let secret = "sk-vendor-0123456789abcdef"
        let made = try await house.ask(
            "POST /v1/vendor-keys", as: admin,
            ["provider": "openai", "key": .string(secret), "alias": "prod", "weight": 3])
        #expect(made.status == 201)
        #expect(
            made.json == [
                "id": "vk_0", "object": "vendor_key", "provider": "openai", "alias": "prod", "weight": 3,
                "hint": "cdef", "created_at": .int(House.now.seconds),
            ])
        let turned = try await house.ask(
            "PATCH /v1/vendor-keys/vk_0", as: admin, ["key": "sk-vendor-new-zyxw", "weight": 0])
        #expect(turned["hint"] == "zyxw" && turned["weight"] == 0 && turned["alias"] == "prod")
        #expect(house.vault.secrets.withLock { $0[VendorKeyID("vk_0")] } == "sk-vendor-new-zyxw")
        let list = try await house.ask("GET /v1/vendor-keys", as: admin)
        #expect(list.data == [turned.json])
        #expect(!(made.text + turned.text + list.text).contains("sk-vendor"))
        #expect(!house.collector.lines.contains { $0.contains("sk-vendor") })
        #expect(try await house.ask("DELETE /v1/vendor-keys/vk_0", as: admin)["deleted"] == true)
        #expect(try await house.ask("GET /v1/vendor-keys", as: admin).data.isEmpty)
    }

    @Test func `alias and weight have their usual values`() async throws {
        let made = try await house.ask("POST /v1/vendor-keys", as: admin, ["provider": "openai", "key": "sk"])
        #expect(made["alias"] == "default" && made["weight"] == 1)
    }

    @Test func `vendor keys of another account are not there`() async throws {
        _ = try await house.ask("POST /v1/vendor-keys", as: admin, ["provider": "openai", "key": "sk"])
        let other = try house.key(.admin, of: House.other).secret
        #expect(try await house.ask("GET /v1/vendor-keys", as: other).data.isEmpty)
        #expect(try await house.ask("PATCH /v1/vendor-keys/vk_0", as: other, ["key": "sk-mine"]).status == 404)
        #expect(try await house.ask("DELETE /v1/vendor-keys/vk_0", as: other).status == 404)
        #expect(house.vault.secrets.withLock { $0[VendorKeyID("vk_0")] } == "sk")
    }

    @Test(
        "What a vendor key must hold",
        arguments: [
            (#"{"key":"sk"}"#, "provider", ""), (#"{"provider":"openai"}"#, "key", ""),
            (#"{"provider":"opneai","key":"sk"}"#, "provider", "`openai`"),
            (#"{"provider":"openai","key":""}"#, "key", ""), (#"{"provider":"openai","key":"a\r\nb"}"#, "key", ""),
            (#"{"provider":"openai","key":5}"#, "key", ""), (#"{"provider":"openai","key":null}"#, "key", ""),
            (#"{"provider":"openai","key":"sk","weight":-1}"#, "weight", ""),
            (#"{"provider":"openai","key":"sk","weight":1001}"#, "weight", ""),
            (#"{"provider":"openai","key":"sk","alias":""}"#, "alias", ""),
            (#"{"provider":"openai","api_key":"sk"}"#, "api_key", "`key`"),
        ])
    func badVendorKeys(body: String, param: String, hint: String) async throws {
        let answer = try await house.ask("POST /v1/vendor-keys", as: admin, bytes: Array(body.utf8))
        #expect(answer.status == 400 && answer.param == param, "\(answer.text)")
        #expect(answer.text.contains(hint))
        #expect(house.vault.rows.withLock { $0.isEmpty })
    }
}
