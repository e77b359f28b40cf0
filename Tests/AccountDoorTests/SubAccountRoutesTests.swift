import Domain
import JSON
import MemoryStores
import Testing

@testable import AccountDoor

@Suite("Sub-accounts over the API", .timeLimit(.minutes(1)))
struct SubAccountRoutesTests {
    private let house: House
    private let admin: String

    init() throws {
        house = try House()
        admin = try house.key(.admin).secret
    }

    @Test func `a sub-account comes with its key, under both names`() async throws {
        let made = try await house.ask(
            "POST /v1/sub-accounts", as: admin,
            [
                "name": "team", "external_ref": "crm-7", "spend_cap_cents": 5000, "rate_limit_rpm": 60,
                "default_tag": "team", "allowed_models": ["openai/*"],
            ])
        #expect(made.status == 201, "\(made.text)")
        #expect(made.id.hasPrefix("sa_"))
        #expect(made["scoped_key"] == made["key"])
        let principal = try house.principal(made.key)
        #expect(principal.accountID.rawValue == made.id)
        #expect(principal.payer.id == House.acme)
        #expect(principal.role == .member)
        #expect(principal.account.limits == Limits(requestsPerMinute: 60, monthly: Nanodollars(cents: 5000)))
        let shown = try await house.ask("GET /v1/sub-accounts/\(made.id)", as: admin)
        #expect(
            shown.json == [
                "id": .string(made.id), "object": "sub_account", "name": "team", "external_ref": "crm-7",
                "spend_cap_cents": 5000, "daily_cap_cents": 0, "rate_limit_rpm": 60, "rate_limit_tpm": 0,
                "max_concurrency": 0, "default_tag": "team", "allowed_models": ["openai/*"], "spent_today_cents": 0,
                "spent_month_cents": 0, "status": "active", "created_at": .int(House.now.seconds),
            ])
        let list = try await house.ask("GET /v1/sub-accounts", as: admin)
        #expect(list["object"] == "list")
        #expect(list.data.map { $0["id"] } == ["sa_tenant", .string(made.id)])
        #expect(!list.text.contains(made.key))
    }

    @Test func `zero and null are no limit, and a change touches what it names`() async throws {
        let made = try await house.ask(
            "POST /v1/sub-accounts", as: admin, ["name": "a", "spend_cap_cents": 0, "rate_limit_rpm": 5])
        let path = "/v1/sub-accounts/\(made.id)"
        #expect(try house.store.account(AccountID(made.id))?.limits == Limits(requestsPerMinute: 5))
        let raised = try await house.ask("PATCH \(path)", as: admin, ["spend_cap_cents": 900])
        #expect(raised["spend_cap_cents"] == 900 && raised["rate_limit_rpm"] == 5)
        let freed = try await house.ask("PATCH \(path)", as: admin, ["spend_cap_cents": 0, "rate_limit_rpm": nil])
        #expect(freed["spend_cap_cents"] == 0)
        #expect(try house.store.account(AccountID(made.id))?.limits == Limits.none)
        #expect(try await house.ask("PATCH \(path)", as: admin, ["plan": "postpaid"]).param == "plan")
    }

    @Test func `a closed one is listed no more, its key is dead, its usage stays`() async throws {
        let made = try await house.ask("POST /v1/sub-accounts", as: admin, ["name": "a"])
        try house.call("r", by: "key_t", of: AccountID(made.id), cents: 3)
        let path = "/v1/sub-accounts/\(made.id)"
        let gone = try await house.ask("DELETE \(path)", as: admin)
        #expect(gone.status == 200 && gone["status"] == "ok")
        #expect(throws: (any Error).self) { try house.principal(made.key) }
        #expect(try await house.ask("DELETE \(path)", as: admin).status == 200)
        #expect(try await house.ask("PATCH \(path)", as: admin, ["name": "b"]).status == 409)
        #expect(try await house.ask("GET \(path)", as: admin)["status"] == "closed")
        #expect(try await house.ask("GET /v1/sub-accounts", as: admin).data.count == 1)
        #expect(try await house.ask("GET /v1/sub-accounts?status=all", as: admin).data.count == 2)
        let usage = try await house.ask("GET \(path)/usage", as: admin)
        #expect(usage["summary"]?["cost_cents"] == 3)
        let key = try await house.ask("POST /v1/keys", as: admin, ["name": "k", "sub_account_id": .string(made.id)])
        #expect(key.status == 409)
    }

    @Test func `those of another account, and accounts that are none, are not there`() async throws {
        let other = try house.key(.admin, of: House.other).secret
        for id in ["sa_tenant", "acc_acme", "acc_other", "acc_root", "sa_unknown"] {
            for target in ["GET /v1/sub-accounts/\(id)", "GET /v1/sub-accounts/\(id)/usage"] {
                #expect(try await house.ask(target, as: other).status == 404)
            }
            #expect(try await house.ask("PATCH /v1/sub-accounts/\(id)", as: other, ["name": "x"]).status == 404)
            #expect(try await house.ask("DELETE /v1/sub-accounts/\(id)", as: other).status == 404)
        }
        #expect(try house.store.account(House.tenant)?.closedAt == nil)
        #expect(try await house.ask("GET /v1/sub-accounts", as: other).data.isEmpty)
    }

    @Test func `usage of a window is summed by model and by day`() async throws {
        let tenant = House.tenant
        try house.call("r1", by: "k", of: tenant, cents: 3, day: "2026-05-20")
        try house.call("r2", by: "k", of: tenant, cents: 4, model: "openai/gpt-4.1", day: "2026-05-14")
        try house.call("r3", by: "k", of: tenant, cents: 5, day: "2026-05-13")
        try house.call("r4", by: "k", of: tenant, cents: 6, day: "2026-04-21")
        try house.call("r5", by: "k", of: tenant, cents: 7, day: "2026-04-20")
        try house.call("r6", by: "k", of: House.acme, cents: 100)
        let week = try await house.ask("GET /v1/sub-accounts/sa_tenant/usage?window=7d", as: admin)
        #expect(
            week["summary"] == [
                "requests": 2, "prompt_tokens": 20, "completion_tokens": 10, "cost_cents": 7, "byok_cost_cents": 0,
            ])
        #expect(week["by_day"]?.arrayValue?.map { $0["date"] } == ["2026-05-14", "2026-05-20"])
        #expect(week["by_model"]?.arrayValue?.map { $0["model_id"] } == ["openai/gpt-4.1", "openai/o4-mini"])
        #expect(week["from"] == "2026-05-14" && week["to"] == "2026-05-20")
        for (window, cents) in [("1d", 3), ("30d", 18), ("90d", 25)] as [(String, JSONValue)] {
            let answer = try await house.ask("GET /v1/sub-accounts/sa_tenant/usage?window=\(window)", as: admin)
            #expect(answer["summary"]?["cost_cents"] == cents)
        }
        let usual = try await house.ask("GET /v1/sub-accounts/sa_tenant/usage", as: admin)
        #expect(usual["window"] == "30d")
        #expect(try await house.ask("GET /v1/sub-accounts/sa_tenant/usage?window=2d", as: admin).param == "window")
        let csv = try await house.ask("GET /v1/sub-accounts/sa_tenant/usage?window=1d&format=csv", as: admin)
        #expect(
            csv.text == """
                label,model_id,requests,prompt_tokens,completion_tokens,cost_cents,byok_cost_cents\r
                openai/o4-mini,openai/o4-mini,1,10,5,3,0\r

                """)
    }
}
