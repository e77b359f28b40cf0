import Accounts
import Domain
import JSON
import Synchronization
import Testing

@testable import AccountDoor

/// Automatic top-ups that never happen.
final class MemoryReloads: AutoReloadBook {
    let rows = Mutex<[AccountID: AutoReload]>([:])
    let isRefusing = Mutex(false)

    var isOffered: Bool { true }
    var leastThresholdCents: Int64 { 500 }
    var leastAmountCents: Int64 { 1_000 }
    var mostCents: Int64 { 99_999_999 }

    func standing(of account: Account) -> AutoReload { rows.withLock { $0[account.id] } ?? AutoReload(account.id) }

    func set(
        _ account: Account, isEnabled: Bool, thresholdCents: Int64, amountCents: Int64
    ) throws(GatewayError) -> AutoReload {
        if isRefusing.withLock({ $0 }) { throw GatewayError(.conflict, "No payment method is saved.") }
        var row = standing(of: account)
        (row.isEnabled, row.thresholdCents, row.amountCents) = (isEnabled, thresholdCents, amountCents)
        rows.withLock { [row] in $0[account.id] = row }
        return row
    }

    func remove(_ account: Account) throws(GatewayError) { rows.withLock { $0[account.id] = nil } }
}

@Suite("/v1/balance/auto-reload", .timeLimit(.minutes(1)))
struct AutoReloadRoutesTests {
    private let house: House
    private let admin: String
    private static let path = "/v1/balance/auto-reload"

    init() throws {
        house = try House()
        admin = try house.key(.admin).secret
    }

    @Test func `it is off at first, set, shown and taken away`() async throws {
        let before = try await house.ask("GET \(Self.path)", as: admin)
        #expect(
            before.json == [
                "object": "auto_reload", "account_id": "acc_acme", "available": true, "enabled": false,
                "threshold_cents": nil, "amount_cents": nil, "payment_method": nil, "last_attempt_at": nil,
                "last_error": nil,
            ])
        let set = try await house.ask("PUT \(Self.path)", as: admin, ["threshold_cents": 500, "amount_cents": 1_000])
        #expect(set.status == 200)
        #expect(set["enabled"] == true)
        #expect(try await house.ask("GET \(Self.path)", as: admin).body == set.body)
        let off = try await house.ask(
            "PUT \(Self.path)", as: admin, ["enabled": false, "threshold_cents": 500, "amount_cents": 1_000])
        #expect(off["enabled"] == false)
        let gone = try await house.ask("DELETE \(Self.path)", as: admin)
        #expect(gone.json == ["id": "acc_acme", "object": "auto_reload", "deleted": true, "status": "ok"])
        #expect(try await house.ask("GET \(Self.path)", as: admin).body == before.body)
    }

    @Test func `of a payment method only what its owner knows it by is shown`() async throws {
        var row = AutoReload(House.acme)
        row.method = SavedPaymentMethod(customer: "cus_1", id: "pm_1", brand: "visa", last4: "4242")
        row.lastAttemptAt = Timestamp(seconds: 7)
        row.lastError = "The payment was refused."
        house.reloads.rows.withLock { [row] in $0[House.acme] = row }
        let shown = try await house.ask("GET \(Self.path)", as: admin)
        #expect(shown["payment_method"] == ["brand": "visa", "last4": "4242"])
        #expect(shown["last_attempt_at"] == 7)
        #expect(shown["last_error"] == "The payment was refused.")
        #expect(!shown.text.contains("cus_1") && !shown.text.contains("pm_1"))
    }

    @Test(
        arguments: [
            ([:], "threshold_cents", "missing_field"), (["threshold_cents": 500], "amount_cents", "missing_field"),
            (["threshold_cents": 499, "amount_cents": 1_000], "threshold_cents", "invalid_value"),
            (["threshold_cents": 500, "amount_cents": 999], "amount_cents", "invalid_value"),
            (["threshold_cents": 500, "amount_cents": 100_000_000], "amount_cents", "invalid_value"),
            (["threshold_cents": 500.5, "amount_cents": 1_000], "threshold_cents", "invalid_value"),
            (["threshold_cents": "500", "amount_cents": 1_000], "threshold_cents", "invalid_type"),
            (["threshold_cents": 500, "amount_cents": 1_000, "enabled": 1], "enabled", "invalid_type"),
            (
                ["threshold_cents": 500, "amount_cents": 1_000, "payment_method": "pm_1"], "payment_method",
                "invalid_value"
            ),
        ] as [(JSONValue, String, String)])
    func `what cannot be meant is refused`(body: JSONValue, param: String, reason: String) async throws {
        let answer = try await house.ask("PUT \(Self.path)", as: admin, body)
        #expect(answer.status == 400)
        #expect(answer.param == param)
        #expect(answer.reason == reason)
        #expect(house.reloads.rows.withLock { $0.isEmpty })
    }

    @Test func `what cannot be switched on is a conflict`() async throws {
        house.reloads.isRefusing.withLock { $0 = true }
        let answer = try await house.ask(
            "PUT \(Self.path)", as: admin, ["threshold_cents": 500, "amount_cents": 1_000])
        #expect(answer.status == 409)
    }
}
