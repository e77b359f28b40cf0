import Domain
import HTTPCore
import JSON
import MemoryStores
import Testing

@testable import CloudflareDoor

@Suite("Cloudflare's surface: billing", .timeLimit(.minutes(1)))
struct BillingRoutesTests {
    private let house: ManagementHouse
    private let admin: String
    private let member: String

    init() throws {
        house = try ManagementHouse()
        admin = try house.key(.admin)
        member = try house.key(.member)
    }

    private func pay(_ reference: String, cents: Int64) throws {
        let posting = TopUpTerms().posting(
            paid: Nanodollars(cents * Nanodollars.perCent), of: ManagementHouse.acme, reference: reference,
            note: "Stripe evt_1")
        _ = try house.store.post(try #require(posting))
    }

    private func call(cents: Int64, at seconds: Int64 = 1_779_278_000) {
        house.store.add(
            CallRecord(
                requestID: RequestID("r"), accountID: ManagementHouse.acme, keyID: KeyID("k"),
                model: ModelID("openai/o4-mini"), provider: ProviderID("openai"), upstreamModel: "m",
                startedAt: Timestamp(seconds: seconds), durationMicroseconds: 1, firstByteMicroseconds: nil,
                streamed: false, outcome: .complete, status: 200, errorReason: nil,
                usage: TokenUsage(promptTokens: 1, completionTokens: 1, totalTokens: 2), usageSource: .reported,
                charge: Charge(payer: ManagementHouse.acme, cost: Nanodollars(cents * Nanodollars.perCent / 2))))
    }

    @Test func `the balance is told in cents`() async throws {
        let empty = try await house.ask("GET /billing/credit-balance", as: member)
        #expect(
            empty.text == """
                {"result":{"balance":0,"has_default_payment_method":false,"payment_method":null,\
                "topup_config":{"amount":null,"threshold":null,"disabledReason":"not offered","error":null,\
                "lastFailedAt":null},"first_topup_success":false},"success":true,"errors":[],"messages":[]}
                """)
        try pay("stripe:pi_1", cents: 2_000)
        call(cents: 5)
        let paid = try await house.ask("GET /billing/credit-balance", as: member)
        #expect(paid["balance"]?.numberValue?.spelling == "1897.5" && paid["first_topup_success"] == true)
    }

    @Test func `payments are invoices`() async throws {
        try pay("stripe:pi_1", cents: 2_000)
        try pay("stripe:pi_2", cents: 3_000)
        let all = try await house.ask("GET /billing/invoice-history?type=all&per_page=1", as: member)
        #expect(
            all["pagination"] == ["has_more": true, "page": 1, "per_page": 1, "total_count": 2])
        let invoice = try #require(all["invoices"]?[0]?.objectValue)
        #expect(
            invoice.keys == [
                "id", "amount_due", "amount_paid", "amount_remaining", "currency", "attempt_count", "attempted",
                "auto_advance", "created", "created_by", "description", "invoice_origin", "invoice_pdf", "status",
            ])
        #expect(invoice["id"] == "stripe:pi_2" && invoice["amount_paid"] == 3_000 && invoice["status"] == "paid")
        #expect(
            try await house.ask("GET /billing/invoice-history?type=auto", as: member)["invoices"] == [])
        #expect(
            try await house.ask("GET /billing/invoice-history", as: member)["invoices"]?.arrayValue?.count == 2)
        #expect(try await house.ask("GET /billing/invoice-history?type=some", as: member).status == 400)
        let other = try house.key(.member, of: ManagementHouse.other)
        let path = "GET /client/v4/accounts/x/ai-gateway/billing/invoice-history"
        #expect(try await house.ask(path, as: other)["invoices"] == [])
    }

    @Test func `the invoice to come is what this month has cost`() async throws {
        call(cents: 5)
        call(cents: 6)
        let preview = try await house.ask("GET /billing/invoice-preview", as: member)
        #expect(preview["amount_due"]?.numberValue?.spelling == "5.5" && preview["amount_remaining"] == 0)
        #expect(preview["status"] == "draft" && preview["period_start"] == 1_777_593_600)
        #expect(preview["id"] == "acc_acme_2026-05" && preview["period_end"] == 1_780_272_000)
        let line = try #require(preview["invoice_lines"]?[0]?.objectValue)
        #expect(
            line.keys == [
                "amount", "currency", "description", "period", "pricing", "quantity", "pretax_credit_amounts",
            ])
        #expect(line["description"] == "openai/o4-mini" && line["quantity"] == 2)
    }

    @Test func `usage comes in windows, their times in milliseconds`() async throws {
        call(cents: 5)
        let path = "GET /billing/usage-history?value_grouping_window="
        let hours = try await house.ask(
            "\(path)hour&start_time=1779271200000.25&end_time=1779278400000", as: member)
        #expect(
            hours["history"]?.arrayValue?.map { $0["aggregated_value"]?.numberValue?.spelling } == ["0", "2.5", "0"])
        #expect(
            hours["history"]?[1]?.objectValue?.keys == ["id", "aggregated_value", "start_time", "end_time"])
        #expect(hours["history"]?[1]?["start_time"] == 1_779_274_800_000)
        #expect(hours["history"]?[1]?["end_time"] == 1_779_278_400_000)
        let days = try await house.ask("\(path)day", as: member)
        #expect(days["history"]?.arrayValue?.count == 30)
        for query in ["", "week", "day&start_time=x", "day&start_time=-1", "day&start_time=1"] {
            #expect(try await house.ask(path + query, as: member).status == 400, "\(query)")
        }
    }

    @Test func `what cannot be paid here is refused clearly`() async throws {
        let topUp = try await house.ask("POST /billing/topup", as: admin, ["amount": 1_000])
        #expect(topUp.status == 400 && topUp.code == 7001 && topUp.text.contains("POST /v1/top-ups/checkout"))
        let low = try await house.ask("POST /billing/topup", as: admin, ["amount": 999])
        #expect(low.pointer == "/amount")
        let config = try await house.ask(
            "POST /billing/topup/config", as: admin, ["amount": 1_000, "threshold": 500])
        #expect(config.status == 400)
        #expect(
            try await house.ask("GET /billing/topup/config", as: member).result?.objectValue?.keys == [
                "amount", "threshold", "disabledReason", "error", "lastFailedAt",
            ])
        #expect(try await house.ask("DELETE /billing/topup/config", as: admin).status == 200)
        try pay("stripe:pi_1", cents: 1_000)
        for (id, status) in [("pi_1", "completed"), ("pi_2", "pending")] {
            let answer = try await house.ask(
                "POST /billing/topup/status", as: member, ["payment_intent_id": .string(id)])
            #expect(answer.result == ["payment_intent_id": .string(id), "status": .string(status)])
        }
    }

    @Test func `a limit is set by who stands above the account`() async throws {
        let path = "/billing/spending-limit"
        let none: JSONValue = ["config": ["amount": nil, "duration": nil, "strategy": nil], "enabled": false]
        #expect(try await house.ask("GET \(path)", as: member).result == none)
        let sent: JSONValue = ["amount": 500, "duration": "daily", "strategy": "fixed"]
        #expect(try await house.ask("POST \(path)", as: admin, sent).status == 403)
        let root = try house.key(.root, of: Account.root)
        let set = try await house.ask("POST \(path)", as: root, sent)
        let shown: JSONValue = [
            "config": ["amount": 500, "duration": "daily", "strategy": "fixed"], "enabled": true,
        ]
        #expect(set.result == shown)
        #expect(try await house.ask("GET \(path)", as: member).result == shown)
        let weekly = try await house.ask(
            "POST \(path)", as: root, ["amount": 500, "duration": "weekly", "strategy": "fixed"])
        #expect(weekly.status == 400 && weekly.pointer == "/duration")
        #expect(try await house.ask("DELETE \(path)", as: root).result == none)
        #expect(try await house.ask("GET \(path)", as: member).result == none)
    }

    @Test func `keys that only call see nothing, and members pay nothing`() async throws {
        let keyOnly = try house.key(.keyOnly)
        for target in [
            "GET /billing/credit-balance", "GET /billing/invoice-history", "GET /billing/invoice-preview",
            "GET /billing/usage-history", "GET /billing/topup/config", "GET /billing/spending-limit",
        ] {
            #expect(try await house.ask(target, as: keyOnly).status == 403)
        }
        for target in [
            "POST /billing/topup", "POST /billing/topup/config", "DELETE /billing/topup/config",
            "POST /billing/spending-limit", "DELETE /billing/spending-limit",
        ] {
            #expect(try await house.ask(target, as: member, [:]).status == 403)
        }
    }
}
