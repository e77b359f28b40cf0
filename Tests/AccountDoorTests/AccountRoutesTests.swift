import Domain
import JSON
import MemoryStores
import Synchronization
import Testing

@testable import AccountDoor

@Suite("Accounts and their money over the API", .timeLimit(.minutes(1)))
struct AccountRoutesTests {
    private let house: House
    private let root: String

    init() throws {
        house = try House()
        root = try house.key(.root, of: Account.root).secret
    }

    private func balance(_ id: AccountID = House.acme) throws -> Int64 {
        try house.store.balances().of[.wallet(id)]?.rawValue ?? 0
    }

    // MARK: Accounts

    @Test func `an account comes with the key of its admin`() async throws {
        let made = try await house.ask(
            "POST /v1/accounts", as: root,
            ["name": "Customer", "plan": "postpaid", "spend_cap_cents": 100_000, "external_ref": "crm-1"])
        #expect(made.status == 201, "\(made.text)")
        #expect(made.id.hasPrefix("acc_"))
        let principal = try house.principal(made.key)
        #expect(principal.role == .admin && principal.account.plan == .postpaid)
        #expect(principal.account.limits.monthly == Nanodollars(cents: 100_000))
        let shown = try await house.ask("GET /v1/accounts/\(made.id)", as: root)
        #expect(!shown.text.contains(made.key))
        for (name, value) in made.json.objectValue ?? [:] where !["key", "key_id"].contains(name) {
            #expect(shown[name] == value)
        }
        #expect(made["balance_cents"] == 0 && made["status"] == "active")
        #expect(try await house.ask("GET /v1/keys", as: made.key).data.count == 1)
    }

    @Test func `it is prepaid unless said otherwise`() async throws {
        #expect(try await house.ask("POST /v1/accounts", as: root, ["name": "a"])["plan"] == "payg")
        #expect(try await house.ask("POST /v1/accounts", as: root, ["name": "a", "plan": "free"]).param == "plan")
        #expect(try await house.ask("POST /v1/accounts", as: root, ["name": "a", "plan": nil]).param == "plan")
        #expect(try await house.ask("POST /v1/accounts", as: root, ["plan": "payg"]).param == "name")
    }

    @Test func `sub-accounts are no accounts`() async throws {
        let list = try await house.ask("GET /v1/accounts", as: root)
        #expect(list.data.map { $0["id"] } == ["acc_root", "acc_acme", "acc_other"])
        #expect(try await house.ask("GET /v1/accounts/sa_tenant", as: root).status == 404)
        #expect(try await house.ask("PATCH /v1/accounts/sa_tenant", as: root, ["name": "x"]).status == 404)
        #expect(try await house.ask("DELETE /v1/accounts/sa_tenant", as: root).status == 404)
        #expect(try await house.ask("GET /v1/keys?account_id=sa_tenant", as: root).status == 404)
        let payment: JSONValue = ["paid_cents": 500, "reference": "a"]
        #expect(try await house.ask("POST /v1/accounts/sa_tenant/top-ups", as: root, payment).status == 404)
        #expect(try await house.ask("POST /v1/accounts/acc_nobody/top-ups", as: root, payment).status == 404)
    }

    @Test func `a closed account is listed no more, and its keys are dead`() async throws {
        let admin = try house.key(.admin).secret
        #expect(try await house.ask("DELETE /v1/accounts/acc_acme", as: root)["deleted"] == true)
        #expect(throws: (any Error).self) { try house.principal(admin) }
        #expect(try await house.ask("GET /v1/accounts", as: root).data.count == 2)
        #expect(try await house.ask("GET /v1/accounts?status=all", as: root).data.count == 3)
        #expect(try await house.ask("GET /v1/accounts/acc_acme", as: root)["status"] == "closed")
        #expect(try await house.ask("PATCH /v1/accounts/acc_acme", as: root, ["name": "x"]).status == 409)
        #expect(try await house.ask("POST /v1/keys?account_id=acc_acme", as: root, ["name": "x"]).status == 409)
        #expect(
            try await house.ask("POST /v1/sub-accounts?account_id=acc_acme", as: root, ["name": "x"]).status == 409)
    }

    @Test func `the root account stays open and keeps its plan`() async throws {
        #expect(try await house.ask("DELETE /v1/accounts/acc_root", as: root).status == 409)
        #expect(try await house.ask("PATCH /v1/accounts/acc_root", as: root, ["plan": "payg"]).status == 409)
        let changed = try await house.ask(
            "PATCH /v1/accounts/acc_root", as: root, ["plan": "postpaid", "daily_cap_cents": 10])
        #expect(changed["daily_cap_cents"] == 10)
    }

    // MARK: Postings

    @Test func `a payment is entered once, and its fee is kept`() async throws {
        let path = "POST /v1/accounts/acc_acme/top-ups"
        let body: JSONValue = ["paid_cents": 1999, "reference": "invoice-1", "note": "by wire"]
        let first = try await house.ask(path, as: root, body)
        #expect(first.status == 201)
        #expect(first["paid_cents"] == 1999 && first["fee_cents"] == 100 && first["credited_cents"] == 1899)
        #expect(first["reference"] == "api:invoice-1" && first["note"] == "by wire" && first["kind"] == "top_up")
        #expect(try balance() == 18_990_000_000)
        let again = try await house.ask(path, as: root, body)
        #expect(again.status == 200)
        #expect(again.json == first.json)
        #expect(try balance() == 18_990_000_000)
        let other: JSONValue = ["paid_cents": 2000, "reference": "invoice-1"]
        #expect(try await house.ask(path, as: root, other).reason == "conflict")
        #expect(
            try await house.ask("POST /v1/accounts/acc_other/top-ups", as: root, body).reason == "conflict")
        #expect(
            try await house.ask(
                "POST /v1/accounts/acc_acme/adjustments", as: root, ["amount_cents": 1999, "reference": "invoice-1"]
            ).reason == "conflict")
        #expect(try balance() == 18_990_000_000)
        #expect(try balance(House.other) == 0)
    }

    @Test(
        "What a posting must hold",
        arguments: [
            (#"{"reference":"a"}"#, "paid_cents"), (#"{"paid_cents":1}"#, "reference"),
            (#"{"paid_cents":0,"reference":"a"}"#, "paid_cents"),
            (#"{"paid_cents":-5,"reference":"a"}"#, "paid_cents"),
            (#"{"paid_cents":100000000001,"reference":"a"}"#, "paid_cents"),
            (#"{"paid_cents":5,"reference":""}"#, "reference"), (#"{"paid_cents":5,"reference":"a\nb"}"#, "reference"),
            (#"{"paid_cents":5,"reference":"a","amount_cents":5}"#, "amount_cents"),
        ])
    func badPayments(body: String, param: String) async throws {
        let answer = try await house.ask("POST /v1/accounts/acc_acme/top-ups", as: root, bytes: Array(body.utf8))
        #expect(answer.status == 400 && answer.param == param, "\(answer.text)")
        #expect(try balance() == 0)
    }

    @Test func `corrections go both ways and may leave a debt`() async throws {
        let path = "POST /v1/accounts/acc_acme/adjustments"
        let credit = try await house.ask(path, as: root, ["amount_cents": "0.5", "reference": "a", "note": "hello"])
        #expect(credit.status == 201)
        #expect(credit["amount_cents"]?.number == "0.5")
        #expect(credit["transfers"] == [["from": "adjustments", "to": "wallet:acc_acme", "amount_cents": 0.5]])
        let debit = try await house.ask(path, as: root, ["amount_cents": -2, "reference": "b"])
        #expect(debit["amount_cents"] == -2)
        #expect(try balance() == -15_000_000)
        #expect(try await house.ask(path, as: root, ["amount_cents": 0, "reference": "c"]).param == "amount_cents")
        #expect(try await house.ask("GET /v1/accounts/acc_acme", as: root)["balance_cents"]?.number == "-1.5")
    }

    @Test func `no more is given back than is there and not promised`() async throws {
        try await house.ask(
            "POST /v1/accounts/acc_acme/adjustments", as: root, ["amount_cents": 1000, "reference": "a"])
        house.money.held.withLock { $0 = Nanodollars(2_000_000_000) }
        let path = "POST /v1/accounts/acc_acme/refunds"
        let refused = try await house.ask(path, as: root, ["amount_cents": 801, "reference": "r"])
        #expect(refused.reason == "conflict" && refused.param == "amount_cents")
        #expect(refused.text.contains("$8.00"))
        let given = try await house.ask(path, as: root, ["amount_cents": 800, "reference": "r"])
        #expect(given.status == 201)
        #expect(given["amount_cents"] == -800)
        #expect(given["transfers"] == [["from": "wallet:acc_acme", "to": "cash", "amount_cents": 800]])
        // Repeated, it is answered as before, though there is not enough left for a second one.
        #expect(try await house.ask(path, as: root, ["amount_cents": 800, "reference": "r"]).json == given.json)
        #expect(try balance() == 2_000_000_000)
        #expect(try await house.ask(path, as: root, ["amount_cents": -1, "reference": "s"]).param == "amount_cents")
    }

    @Test func `out of a closed account money can be taken, and into it no more than it owes`() async throws {
        func post(_ kind: String, _ body: JSONValue) async throws -> House.Answer {
            try await house.ask("POST /v1/accounts/acc_acme/\(kind)", as: root, body)
        }
        let payment: JSONValue = ["paid_cents": 1000, "reference": "p"]
        #expect(try await post("top-ups", payment).status == 201)
        try await house.ask("DELETE /v1/accounts/acc_acme", as: root)
        // Asked again, it is answered as before.
        #expect(try await post("top-ups", payment).status == 200)
        let more = try await post("top-ups", ["paid_cents": 100, "reference": "q"])
        #expect(more.status == 409 && more.text.contains("closed and owes $0.00"))
        #expect(try await post("adjustments", ["amount_cents": 1, "reference": "a"]).status == 409)
        #expect(try await post("adjustments", ["amount_cents": -50, "reference": "b"]).status == 201)
        #expect(try await post("refunds", ["amount_cents": 901, "reference": "r"]).status == 409)
        #expect(try await post("refunds", ["amount_cents": 900, "reference": "s"]).status == 201)
        #expect(try balance() == 0)
        // What it owes can be paid or let go.
        #expect(try await post("adjustments", ["amount_cents": -300, "reference": "c"]).status == 201)
        let tooMuch = try await post("adjustments", ["amount_cents": 301, "reference": "d"])
        #expect(tooMuch.status == 409 && tooMuch.text.contains("$3.00"))
        #expect(try await post("top-ups", ["paid_cents": 200, "reference": "t"]).status == 201)
        #expect(try await post("adjustments", ["amount_cents": 110, "reference": "e"]).status == 201)
        #expect(try balance() == 0)
        #expect(try await post("adjustments", ["amount_cents": "0.0000001", "reference": "f"]).status == 409)
    }

    @Test func `the journal comes in pages`() async throws {
        for number in 1...3 {
            try await house.ask(
                "POST /v1/accounts/acc_acme/top-ups", as: root, ["paid_cents": 100, "reference": .string("r\(number)")])
        }
        let first = try await house.ask("GET /v1/ledger?limit=2", as: root)
        #expect(first.data.map { $0["reference"] } == ["api:r1", "api:r2"])
        #expect(first["has_more"] == true)
        let rest = try await house.ask("GET /v1/ledger?limit=2&after=2", as: root)
        #expect(rest.data.map { $0["id"] } == [3])
        #expect(rest["has_more"] == false)
        for query in ["limit=0", "limit=1001", "after=x", "after=-1"] {
            #expect(try await house.ask("GET /v1/ledger?\(query)", as: root).status == 400)
        }
    }

    @Test func `the balance is told with what was spent`() async throws {
        try await house.ask(
            "POST /v1/accounts/acc_acme/adjustments", as: root, ["amount_cents": 1000, "reference": "a"])
        try house.call("r1", by: "k", cents: 3)
        try house.call("r2", by: "k", of: House.tenant, cents: 4, day: "2026-05-02")
        let member = try house.key(.member).secret
        let answer = try await house.ask("GET /v1/balance", as: member)
        #expect(
            answer.json == [
                "object": "balance", "currency": "usd", "account_id": "acc_acme", "plan": "payg", "balance_cents": 993,
                "held_cents": 0, "spend_today_cents": 3, "spend_month_cents": 7,
            ])
        #expect(try await house.ask("GET /v1/balance?account_id=acc_acme", as: root)["balance_cents"] == 993)
        #expect(try await house.ask("GET /v1/balance?account_id=acc_other", as: member).status == 404)
    }
}
