import Accounts
import Crypto
import Domain
import JSON
import MemoryStores
import Synchronization
import Testing

@testable import Gateways

@Suite("Gateways: credits")
struct CreditDeskTests {
    private static let now = Timestamp(seconds: 1_779_278_400)
    private let store = MemoryStore()
    private let acme = Account(id: AccountID("acc_acme"), name: "Acme", createdAt: Timestamp(seconds: 1))
    private let tenant = Account(
        id: AccountID("sa_tenant"), name: "T", createdAt: Timestamp(seconds: 2), parentID: AccountID("acc_acme"))
    private let caps: DeskCaps

    init() throws {
        try store.insert(acme)
        try store.insert(tenant)
        let hash = try KeyedHash(key: [UInt8](repeating: 7, count: KeyedHash.keyByteCount))
        let issuer = KeyIssuer(store: store, hash: hash) { Self.now }
        let turn = ManagementTurn()
        caps = DeskCaps(
            accounts: AccountDesk(store: store, issuer: issuer, turn: turn) { Self.now },
            subAccounts: SubAccountDesk(store: store, issuer: issuer, turn: turn) { Self.now })
    }

    private func desk(_ topUps: any CreditTopUps = NoTopUps(), history: (any AccountHistory)? = nil) -> CreditDesk {
        CreditDesk(
            money: WalletOfTheStore(store: store), usage: store, history: history ?? store, ledger: store, caps: caps,
            topUps: topUps, now: { Self.now })
    }

    private func principal(_ account: Account, _ role: Role) -> Principal {
        Principal(
            key: APIKey(
                id: KeyID("key_1"), accountID: account.id, name: "k", prefix: "p", hash: [1],
                createdAt: Timestamp(seconds: 1), role: role), account: account)
    }

    private func call(_ id: String, at seconds: Int64, cents: Int64, of account: AccountID? = nil) {
        store.add(
            CallRecord(
                requestID: RequestID(id), accountID: account ?? acme.id, keyID: KeyID("k"),
                model: ModelID("openai/\(id)"), provider: ProviderID("openai"), upstreamModel: "m",
                startedAt: Timestamp(seconds: seconds), durationMicroseconds: 1, firstByteMicroseconds: nil,
                streamed: false, outcome: .complete, status: 200, errorReason: nil,
                usage: TokenUsage(promptTokens: 1, completionTokens: 1, totalTokens: 2), usageSource: .reported,
                charge: Charge(payer: acme.id, cost: Nanodollars(cents * Nanodollars.perCent))))
    }

    private func pay(_ reference: String, cents: Int64) throws {
        let posting = TopUpTerms().posting(
            paid: Nanodollars(cents * Nanodollars.perCent), of: acme.id, reference: reference, note: "paid")
        _ = try store.post(try #require(posting))
    }

    @Test func `payments are told newest first`() throws {
        #expect(try !desk().hasPaid(acme))
        try pay("stripe:pi_1", cents: 1_000)
        try pay("stripe:pi_2", cents: 2_000)
        #expect(try desk().hasPaid(acme) && !desk().hasPaid(tenant))
        #expect(try desk().payments(of: acme).map(\.posting.posting.reference) == ["stripe:pi_2", "stripe:pi_1"])
        #expect(try desk().payments(of: tenant).isEmpty)
        #expect(desk().balance(of: tenant).centsText == "2850")
    }

    @Test func `a payment is done when it is in the journal, for whom it is`() async throws {
        try pay("stripe:pi_1", cents: 1_000)
        #expect(try desk().isPaid(["payment_intent_id": "pi_1"], by: acme).isPaid)
        #expect(try !desk().isPaid(["payment_intent_id": "pi_1"], by: tenant).isPaid)
        #expect(try !desk().isPaid(["payment_intent_id": "pi_2"], by: acme).isPaid)
        #expect(await refusal { _ = try desk().isPaid([:], by: acme) }?.param == "/payment_intent_id")
    }

    @Test func `this month is summed by model`() throws {
        call("a", at: 1_779_278_000, cents: 5)
        call("b", at: 1_779_278_100, cents: 7, of: tenant.id)
        call("old", at: 1_776_000_000, cents: 100)
        let (rows, period) = try desk().chargesThisMonth(of: acme)
        #expect(rows.map { "\($0.label ?? "") \($0.cost.centsText)" } == ["openai/a 5", "openai/b 7"])
        #expect(period.lowerBound.text == "2026-05-01" && period.upperBound.text == "2026-05-31")
        #expect(try desk().chargesThisMonth(of: tenant).rows.map(\.label) == ["openai/b"])
    }

    @Test func `windows without calls are told too`() throws {
        call("a", at: 1_779_278_400 - 3_600, cents: 5)
        call("b", at: 1_779_278_400 - 86_400, cents: 7)
        let hours = try desk().spending(of: acme, by: .hour, from: nil, to: nil)
        #expect(hours.count == 24 && hours.last?.start == Self.now)
        #expect(hours.map(\.cost.centsText).filter { $0 != "0" } == ["5"] && hours[22].cost.centsText == "5")
        let days = try desk().spending(
            of: acme, by: .day, from: Timestamp(seconds: 1_779_278_400 - 2 * 86_400), to: Self.now)
        #expect(days.map(\.cost.centsText) == ["0", "7", "5"])
        #expect(days.allSatisfy { $0.end.seconds - $0.start.seconds == 86_400 && $0.start.seconds % 86_400 == 0 })
        #expect(try desk().spending(of: tenant, by: .day, from: nil, to: nil).allSatisfy { $0.cost == .zero })
    }

    @Test func `windows are bounded, and what is not known is not guessed`() async throws {
        let year = Timestamp(seconds: Self.now.seconds - 367 * 86_400)
        for (window, start, end) in [
            (CreditDesk.Window.day, year, Self.now),
            (.hour, Timestamp(seconds: Self.now.seconds - 32 * 86_400), Self.now), (.day, Self.now, year),
        ] {
            let error = await refusal { _ = try desk().spending(of: acme, by: window, from: start, to: end) }
            #expect(error?.reason == .invalidValue && error?.param == "start_time")
        }
        let forgetful = ForgetfulHistory(since: Timestamp(seconds: Self.now.seconds - 7_200))
        let error = await refusal {
            _ = try desk(history: forgetful).spending(of: acme, by: .hour, from: nil, to: nil)
        }
        #expect(error?.reason == .invalidValue)
        _ = try desk(history: forgetful).spending(of: acme, by: .hour, from: Self.now, to: Self.now)
    }

    @Test func `without anything to pay with there is a clear refusal`() async throws {
        for (topUps, word) in [(NoTopUps(), "operator"), (NoTopUps(checkout: "POST /v1/x"), "`POST /v1/x`")] {
            let error = await refusal { _ = try await desk(topUps).topUp(acme, ["amount": 1_000]) }
            #expect(error?.reason.status == 400 && error?.message.contains(word) == true)
            let config = await refusal { _ = try desk(topUps).setAutomatic(acme, ["amount": 1_000, "threshold": 500]) }
            #expect(config?.reason.status == 400)
        }
        for amount in [999, -1, 100_000_001] as [JSONValue] {
            let error = await refusal { _ = try await desk().topUp(acme, ["amount": amount]) }
            #expect(error?.param == "/amount")
        }
        let low = await refusal { _ = try desk().setAutomatic(acme, ["amount": 999, "threshold": 499]) }
        #expect(low?.message.contains("/amount") == true && low?.message.contains("/threshold") == true)
        let sub = await refusal { _ = try await desk().topUp(tenant, ["amount": 1_000]) }
        #expect(sub?.reason == .roleNotAllowed)
    }

    @Test func `what there is to pay with is used`() async throws {
        let means = OwnTopUps()
        let desk = desk(means)
        let begun = try await desk.topUp(acme, ["amount": 1_500, "payment_method_id": "pm_1"])
        #expect(begun.paymentIntent == "pi_1500_pm_1")
        #expect(try desk.setAutomatic(acme, ["amount": 2_000, "threshold": 600]).amountCents == 2_000)
        #expect(desk.automatic(of: acme).thresholdCents == 600)
        try desk.removeAutomatic(acme)
        #expect(desk.automatic(of: acme).amountCents == nil)
    }

    // MARK: Limits

    private func limit(_ amount: Int = 500, _ duration: String = "daily", _ strategy: String = "fixed") -> JSONValue {
        ["amount": .int(amount), "duration": .string(duration), "strategy": .string(strategy)]
    }

    @Test func `who stands above an account sets its cap`() async throws {
        let root = principal(Account(id: Account.root, name: "r", createdAt: Timestamp(seconds: 1)), .root)
        _ = try desk().setLimit(acme, limit(), by: root)
        #expect(try store.account(acme.id)?.limits.daily?.centsText == "500")
        _ = try desk().setLimit(acme, limit(700, "monthly"), by: root)
        let limits = try #require(try store.account(acme.id)?.limits)
        #expect(limits.daily == nil && limits.monthly?.centsText == "700")
        #expect(SpendingLimit(limits)?.duration == .monthly)
        try desk().removeLimit(acme, by: root)
        #expect(try store.account(acme.id)?.limits == Limits.none)
        let admin = principal(acme, .admin)
        let own = await refusal { _ = try desk().setLimit(acme, limit(), by: admin) }
        #expect(own?.reason == .roleNotAllowed)
        #expect(await refusal { try desk().removeLimit(acme, by: admin) }?.reason == .roleNotAllowed)
        _ = try desk().setLimit(tenant, limit(100), by: admin)
        #expect(try store.account(tenant.id)?.limits.daily?.centsText == "100")
        _ = try desk().setLimit(tenant, limit(200), by: root)
        #expect(try store.account(tenant.id)?.limits.daily?.centsText == "200")
        let tenants = await refusal { _ = try desk().setLimit(tenant, limit(), by: principal(tenant, .admin)) }
        #expect(tenants?.reason == .roleNotAllowed)
    }

    @Test func `caps that cannot be kept are refused`() async throws {
        let root = principal(acme, .root)
        for (sent, place) in [
            (limit(500, "weekly"), "/duration"), (limit(500, "daily", "sliding"), "/strategy"),
            (limit(99), "/amount"), (limit(500, "hourly"), "/duration"), ([:], "/amount"),
        ] as [(JSONValue, String)] {
            let error = await refusal { _ = try desk().setLimit(acme, sent, by: root) }
            #expect(error?.reason.status == 400 && error?.param == place)
        }
        #expect(try store.account(acme.id)?.limits == Limits.none)
    }
}

private struct WalletOfTheStore: MoneyView {
    let store: MemoryStore

    func balance(of account: Account) -> Nanodollars {
        (try? store.balances().of[.wallet(account.payerID)]) ?? .zero
    }
    func held(of account: Account) -> Nanodollars { .zero }
    func spent(_ scope: LimitScope) -> (today: Nanodollars, month: Nanodollars) { (.zero, .zero) }
}

private struct ForgetfulHistory: AccountHistory {
    let since: Timestamp

    func postings(of account: AccountID, kind: PostingKind, limit: Int) throws(StoreError) -> [StoredPosting] { [] }
    func hourlySpending(
        payer: AccountID, accountID: AccountID?, from start: Timestamp, before end: Timestamp
    ) throws(StoreError) -> HourlySpending { HourlySpending(completeSince: since) }
}

/// Takes whatever it is told to.
private final class OwnTopUps: CreditTopUps {
    private let wish = Mutex(AutomaticTopUp())

    func savedMethod(of account: Account) -> SavedMethod? { SavedMethod(brand: "visa", lastDigits: "4242") }
    func automatic(of account: Account) -> AutomaticTopUp { wish.withLock { $0 } }
    func setAutomatic(_ account: Account, amountCents: Int64, thresholdCents: Int64) throws(GatewayError) {
        wish.withLock { $0 = AutomaticTopUp(amountCents: amountCents, thresholdCents: thresholdCents) }
    }
    func removeAutomatic(_ account: Account) throws(GatewayError) { wish.withLock { $0 = AutomaticTopUp() } }
    func begin(_ account: Account, cents: Int64, method: String?) async throws(GatewayError) -> BegunTopUp {
        BegunTopUp(paymentIntent: "pi_\(cents)_\(method ?? "")")
    }
    func isAutomatic(_ payment: StoredPosting) -> Bool { false }
}
