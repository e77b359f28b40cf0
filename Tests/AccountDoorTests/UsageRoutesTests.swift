import Domain
import HTTPCore
import JSON
import MemoryStores
import Testing

@testable import AccountDoor

@Suite("Usage over the API", .timeLimit(.minutes(1)))
struct UsageRoutesTests {
    private let house: House
    private let member: House.Caller
    private let keyOnly: House.Caller
    private let tenant: House.Caller

    init() throws {
        house = try House()
        member = try house.key(.member)
        keyOnly = try house.key(.keyOnly)
        tenant = try house.key(.member, of: House.tenant)
        _ = try house.store.update(try named(House.tenant, "Tenant, Inc."))
        try house.call("r1", by: member.id, cents: 1, tag: "blue", day: "2026-05-01")
        try house.call("r2", by: keyOnly.id, cents: 2, model: "openai/gpt-4.1", day: "2026-05-19")
        try house.call("r3", by: tenant.id, of: House.tenant, cents: 4, tag: "red")
        try house.call("r4", by: member.id, cents: 8, tag: "blue", ownKey: true)
        try house.call("r5", by: member.id, cents: 16, day: "2026-04-30")
        try house.call("r6", by: "key_other", of: House.other, cents: 1000)
    }

    private func named(_ id: AccountID, _ name: String) throws -> Account {
        var account = try #require(try house.store.account(id))
        account.name = name
        account.externalReference = "crm"
        return account
    }

    private func cents(_ answer: House.Answer) -> [String] {
        answer.data.map { "\($0["label"]?.stringValue ?? "-") \($0["cost_cents"]?.number ?? "-")" }
    }

    @Test func `usage of this month is summed by day unless said otherwise`() async throws {
        let answer = try await house.ask("GET /v1/usage", as: member.secret)
        #expect(answer.status == 200)
        #expect(answer["from"] == "2026-05-01" && answer["to"] == "2026-05-20" && answer["group_by"] == "day")
        #expect(cents(answer) == ["2026-05-01 1", "2026-05-19 2", "2026-05-20 4"])
        #expect(answer.data.last?["byok_cost_cents"] == 8)
        #expect(
            answer["total"] == [
                "requests": 4, "prompt_tokens": 40, "completion_tokens": 20, "cost_cents": 7, "byok_cost_cents": 8,
            ])
    }

    @Test(
        "Usage is summed by what is asked for",
        arguments: [
            ("model", "model_id", ["openai/gpt-4.1 2", "openai/o4-mini 5"]),
            ("tag", "tag", ["untagged 2", "blue 1", "red 4"]),
            ("sub_account", "sub_account_id", ["acc_acme 3", "sa_tenant 4"]),
        ])
    func groupings(group: String, name: String, rows: [String]) async throws {
        let answer = try await house.ask("GET /v1/usage?group_by=\(group)", as: member.secret)
        #expect(cents(answer) == rows)
        for row in answer.data where row["label"] != "untagged" { #expect(row[name] == row["label"]) }
        #expect(answer.data.first { $0["label"] == "untagged" }?[name] ?? .null == .null)
    }

    @Test func `a key that may do no more sees its own calls, a sub-account its own`() async throws {
        #expect(cents(try await house.ask("GET /v1/usage?group_by=key", as: keyOnly.secret)) == ["\(keyOnly.id) 2"])
        #expect(cents(try await house.ask("GET /v1/usage?group_by=key", as: tenant.secret)) == ["\(tenant.id) 4"])
        #expect(cents(try await house.ask("GET /v1/usage/by-tag", as: keyOnly.secret)) == ["untagged 2"])
        #expect(cents(try await house.ask("GET /v1/usage/by-tag", as: tenant.secret)) == ["red 4"])
        let recent = try await house.ask("GET /v1/usage/recent", as: tenant.secret)
        #expect(recent.data.map { $0["request_id"] } == ["r3"])
        #expect(try await house.ask("GET /v1/usage/recent", as: keyOnly.secret).data.map { $0["request_id"] } == ["r2"])
        #expect(try await house.ask("GET /v1/usage?account_id=acc_acme", as: tenant.secret).status == 404)
        let root = try house.key(.root, of: Account.root).secret
        #expect(cents(try await house.ask("GET /v1/usage?account_id=acc_other", as: root)) == ["2026-05-20 1000"])
    }

    @Test(
        "Days are bounded and in order",
        arguments: [
            ("from=2026-04-30&to=2026-05-01", 200, ""), ("from=2026-05-20&to=2026-05-20", 200, ""),
            ("to=2026-04-30", 200, ""), ("from=2025-05-20&to=2026-05-20", 200, ""),
            ("from=2025-05-19&to=2026-05-20", 400, "from"), ("from=2026-05-21", 400, "from"),
            ("from=2026-05-02&to=2026-05-01", 400, "from"), ("from=yesterday", 400, "from"),
            ("to=2026-02-30", 400, "to"), ("group_by=none", 400, "group_by"), ("group_by=colour", 400, "group_by"),
            ("format=xml", 400, "format"),
        ])
    func days(query: String, status: Int, param: String) async throws {
        let answer = try await house.ask("GET /v1/usage?\(query)", as: member.secret)
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.param ?? "" == param)
    }

    @Test func `tags of a month are listed, the dearest first`() async throws {
        let answer = try await house.ask("GET /v1/usage/by-tag", as: member.secret)
        #expect(cents(answer) == ["red 4", "untagged 2", "blue 1"])
        #expect(answer.data.map { $0["requests"] } == [1, 1, 2])
        #expect(answer.data.map { $0["tag"] } == ["red", .null, "blue"])
        let april = try await house.ask("GET /v1/usage/by-tag?month=2026-04", as: member.secret)
        #expect(cents(april) == ["untagged 16"])
        #expect(april["from"] == "2026-04-01" && april["to"] == "2026-04-30")
        #expect(try await house.ask("GET /v1/usage/by-tag?month=2026-13", as: member.secret).param == "month")
    }

    @Test func `sub-accounts are listed by name, with the account itself`() async throws {
        let answer = try await house.ask("GET /v1/usage/by-sub-account", as: member.secret)
        #expect(cents(answer) == ["Tenant, Inc. 4", "acc_acme 3"])
        #expect(answer.data.map { $0["sub_account_id"] } == ["sa_tenant", .null])
        #expect(answer.data.map { $0["external_ref"] } == ["crm", .null])
    }

    @Test func `the latest calls are listed, the newest first`() async throws {
        let answer = try await house.ask("GET /v1/usage/recent?limit=2", as: member.secret)
        #expect(answer.data.map { $0["request_id"] } == ["r5", "r4"])
        #expect(
            answer.data.last == [
                "request_id": "r4", "model": "openai/o4-mini", "provider": "openai", "status": 200,
                "outcome": "complete", "error_reason": nil, "latency_ms": 1234, "streamed": false, "prompt_tokens": 10,
                "completion_tokens": 5, "cost_cents": 0, "upstream_cost_cents": 8, "byok": true, "tag": "blue",
                "key_id": .string(member.id), "account_id": "acc_acme", "created_at": "2026-05-20T00:01:00.000Z",
            ])
        #expect(try await house.ask("GET /v1/usage/recent?limit=1001", as: member.secret).param == "limit")
    }

    // MARK: CSV

    @Test(arguments: [
        ("?month=2026-05&format=csv", ""), ("?month=2026-05", "text/csv"),
        ("?month=2026-05&format=csv", "application/json"),
    ])
    func `a report comes as CSV when asked for`(query: String, accept: String) async throws {
        let answer = try await house.ask(
            "GET /v1/usage/by-sub-account\(query)", as: member.secret, headers: [("Accept", accept)])
        #expect(answer.headers.first("content-type")?.hasPrefix("text/csv") == true)
        #expect(
            answer.headers.first("content-disposition")
                == "attachment; filename=\"usage-2026-05-01-2026-05-31.csv\"")
        #expect(
            answer.text == """
                label,sub_account_id,external_ref,requests,prompt_tokens,completion_tokens,cost_cents,byok_cost_cents\r
                "Tenant, Inc.",sa_tenant,crm,1,10,5,4,0\r
                acc_acme,,,3,30,15,3,8\r

                """)
    }

    @Test func `JSON wins when the query says so`() async throws {
        let answer = try await house.ask(
            "GET /v1/usage?format=json", as: member.secret, headers: [("Accept", "text/csv")])
        #expect(answer["object"] == "list")
        let browser = try await house.ask(
            "GET /v1/usage", as: member.secret, headers: [("Accept", "text/html, text/csv;q=0.5")])
        #expect(browser["object"] == "list")
    }

    @Test(
        "A cell is never a formula, and quotes are doubled",
        arguments: [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("=1+1", "'=1+1"),
            ("@x", "'@x"), ("-5", "'-5"), ("+5", "'+5"),
            ("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\""),
            ("a\r\nb", "\"a\r\nb\""), ("", ""),
        ])
    func cells(text: String, cell: String) {
        let table = Table(columns: ["a"], rows: [[.text(text)]])
        #expect(String(decoding: table.csv, as: UTF8.self) == "a\r\n\(cell)\r\n")
        #expect(table.json == [["a": .string(text)]])
    }

    @Test func `numbers stay numbers`() {
        let row: [Table.Cell] = [.cents(Nanodollars(-15_000_000)), .int(3), .none, .bool(true)]
        let table = Table(columns: ["a", "b", "c", "d"], rows: [row])
        #expect(String(decoding: table.csv, as: UTF8.self) == "a,b,c,d\r\n-1.5,3,,true\r\n")
        #expect(table.json == [["a": -1.5, "b": 3, "c": nil, "d": true]])
    }

    // MARK: Statements

    @Test func `a statement lists what came and what went`() async throws {
        let admin = try house.key(.admin).secret
        let root = try house.key(.root, of: Account.root).secret
        try await house.ask(
            "POST /v1/accounts/acc_acme/top-ups", as: root, ["paid_cents": 1000, "reference": "=inv"])
        let answer = try await house.ask("GET /v1/statements/2026-04", as: admin)
        #expect(answer["object"] == "statement" && answer["month"] == "2026-04")
        #expect(answer["opening_balance_cents"] == 0)
        #expect(answer["closing_balance_cents"] == 927)
        #expect(answer["postings"]?.arrayValue?.map { $0["credited_cents"] } == [950])
        #expect(answer["charges"]?.arrayValue?.map { $0["cost_cents"] } == [16])
        let csv = try await house.ask("GET /v1/statements/2026-04?format=csv", as: admin)
        #expect(
            csv.text == """
                type,date,description,requests,amount_cents\r
                opening,2026-04-01,,,0\r
                top_up,1970-01-01,api:=inv,,950\r
                usage,,openai/o4-mini,1,-16\r
                closing,2026-04-30,,,927\r

                """)
        #expect(csv.headers.first("content-disposition") == "attachment; filename=\"statement-2026-04.csv\"")
    }

    @Test(
        "There is a statement of a month that is over",
        arguments: [("2026-05", 404), ("2027-01", 404), ("2026-4", 400), ("april", 400), ("2026-04-01", 400)])
    func months(month: String, status: Int) async throws {
        let answer = try await house.ask("GET /v1/statements/\(month)", as: house.key(.admin).secret)
        #expect(answer.status == status)
    }
}
