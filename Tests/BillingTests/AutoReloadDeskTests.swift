import Domain
import JSON
import MemoryStores
import Synchronization
import Testing

@testable import Billing

/// The desk of automatic top-ups with the webhook's beside it, over a store in memory.
@Suite("Automatic top-ups")
struct AutoReloadDeskTests {
    private let store = MemoryStore()
    private let clock = HandClock()
    private let reloads: AutoReloadDesk
    private let topUps: TopUpDesk

    private final class HandClock: Sendable {
        private let moment = Mutex(StripeEvents.now)
        var now: Timestamp { moment.withLock { $0 } }
        func advance(_ seconds: Int64) { moment.withLock { $0 = Timestamp(seconds: $0.seconds + seconds) } }
    }

    private static let one = Account(id: AccountID("acc_1"), name: "one", createdAt: StripeEvents.now)
    private static let two = Account(id: AccountID("acc_2"), name: "two", createdAt: StripeEvents.now)

    init() throws {
        for account in [Self.one, Self.two] { try store.insert(account) }
        reloads = try StripeEvents.reloads(store) { [clock] in clock.now }
        topUps = TopUpDesk(
            webhook: try StripeWebhook(secrets: [StripeEvents.secret], terms: TopUpTerms()), ledger: store,
            accounts: store, reloads: reloads, now: { StripeEvents.now }, changed: {})
    }

    @discardableResult
    private func tell(
        _ type: String, _ object: JSONObject, id: String, created: Int64 = StripeEvents.now.seconds
    ) throws -> TopUpDesk.Effect {
        let body = StripeEvents.event(type, object, id: id, created: created)
        return try topUps.take(body: body, signature: StripeEvents.signature(body))
    }

    private func switchOn() throws {
        try tell("payment_intent.succeeded", StripeEvents.savingPayment(), id: "evt_saved")
        _ = try reloads.set(Self.one, isEnabled: true, thresholdCents: 500, amountCents: 2_000)
    }

    private func look(_ cents: Int64 = 0, latestPosting: Int64 = .max) throws -> AutoReloadDesk.Look {
        try reloads.look(
            at: Self.one.id, balance: #require(Nanodollars(cents: cents)), latestPosting: latestPosting)
    }

    private func begin() throws -> ReloadAttempt {
        guard case .ask(let attempt) = try look() else { throw StoreError.closed }
        return attempt
    }

    private var standing: AutoReload { reloads.standing(of: Self.one.id) }
    private var wallet: String { (store.contents.balances[.wallet(Self.one.id)] ?? .zero).exactDollarsText }

    @Test func `it begins once there is something to pay with, and only where it was switched on`() throws {
        let error = #expect(throws: GatewayError.self) {
            try reloads.set(Self.one, isEnabled: true, thresholdCents: 500, amountCents: 2_000)
        }
        #expect(error?.reason == .conflict)
        #expect(try look() == .nothing)
        try switchOn()
        #expect(reloads.watched == [Self.one.id])
        #expect(try look(500) == .nothing)
        let attempt = try begin()
        #expect(attempt.amountCents == 2_000 && attempt.customer == "cus_1" && attempt.paymentMethod == "pm_1")
        #expect(store.contents.attempts == [attempt])
        #expect(standing.lastAttemptAt == clock.now)
        #expect(try reloads.look(at: Self.two.id, balance: .zero, latestPosting: .max) == .nothing)
    }

    @Test func `who pays afterwards, or is closed, or whose operator does not offer it, cannot switch it on`() throws {
        try switchOn()
        var postpaid = Self.one
        postpaid.plan = .postpaid
        var closed = Self.one
        closed.closedAt = clock.now
        for account in [postpaid, closed] {
            #expect(throws: GatewayError.self) {
                try reloads.set(account, isEnabled: true, thresholdCents: 500, amountCents: 2_000)
            }
        }
        let terms = AutoReloadTerms(isOffered: false, minimumTopUpCents: 500, mostPerMonth: 3)
        let other = try StripeEvents.reloads(store, terms: terms)
        #expect(throws: GatewayError.self) {
            try other.set(Self.one, isEnabled: true, thresholdCents: 500, amountCents: 2_000)
        }
        // What was switched on before is neither tried nor forgotten, and may be switched off.
        #expect(other.watched.isEmpty)
        #expect(other.standing(of: Self.one.id).isEnabled)
        #expect(try !other.set(Self.one, isEnabled: false, thresholdCents: 500, amountCents: 2_000).isEnabled)
    }

    @Test func `a payment is credited by the webhook alone, once, less the fee`() throws {
        try switchOn()
        let attempt = try begin()
        #expect(try reloads.answered(.taken(paymentIntent: "pi_9"), to: attempt) == nil)
        #expect(wallet == "0")
        #expect(try look() == .nothing)
        let payment = StripeEvents.payment(attempt.id)
        guard case .posted(let stored) = try tell("payment_intent.succeeded", payment, id: "evt_a") else {
            Issue.record("nothing was posted")
            return
        }
        #expect(stored.posting.reference == "stripe:pi_9")
        #expect(wallet == "19")
        #expect(try tell("payment_intent.succeeded", payment, id: "evt_b") == .knownAlready)
        #expect(wallet == "19")
        #expect(store.contents.attempts.map(\.state) == [.credited])
    }

    @Test func `a balance from before the credit begins no second payment`() throws {
        try switchOn()
        let attempt = try begin()
        try tell("payment_intent.succeeded", StripeEvents.payment(attempt.id), id: "evt_a")
        #expect(try look(0, latestPosting: 0) == .nothing)
        #expect(try look(1_900, latestPosting: 1) == .nothing)
        #expect(try look(0, latestPosting: 1) != .nothing)
    }

    @Test func `told before the answer came, it is credited and done`() throws {
        try switchOn()
        let attempt = try begin()
        try tell("payment_intent.succeeded", StripeEvents.payment(attempt.id), id: "evt_a")
        #expect(try reloads.answered(.taken(paymentIntent: "pi_9"), to: attempt) == nil)
        #expect(store.contents.attempts.map(\.state) == [.credited])
        #expect(wallet == "19")
    }

    @Test(
        "What was not asked for is not credited",
        arguments: [
            ("another attempt", "rel_other", "acc_1", 2_000, "pi_9", ErrorReason.objectNotFound),
            ("another account", nil, "acc_2", 2_000, "pi_9", .invalidValue),
            ("an account that is none", nil, "acc_3", 2_000, "pi_9", .invalidValue),
            ("more", nil, "acc_1", 2_001, "pi_9", .invalidValue),
            ("less", nil, "acc_1", 1_999, "pi_9", .invalidValue),
            ("another payment", nil, "acc_1", 2_000, "pi_8", .invalidValue),
        ] as [(String, String?, String, Int64, String, ErrorReason)])
    func foreign(_: String, attempt: String?, account: String, cents: Int64, id: String, reason: ErrorReason) throws {
        try switchOn()
        let asked = try begin()
        _ = try reloads.answered(.taken(paymentIntent: "pi_9"), to: asked)
        let payment = StripeEvents.payment(attempt ?? asked.id, account: account, cents: .int(cents), id: id)
        let error = #expect(throws: GatewayError.self) { try tell("payment_intent.succeeded", payment, id: "evt_a") }
        #expect(error?.reason == reason)
        #expect(store.contents.postings.isEmpty)
    }

    @Test func `one attempt is one payment`() throws {
        try switchOn()
        let attempt = try begin()
        try tell("payment_intent.succeeded", StripeEvents.payment(attempt.id, id: "pi_1"), id: "evt_a")
        #expect(throws: GatewayError.self) {
            try tell("payment_intent.succeeded", StripeEvents.payment(attempt.id, id: "pi_2"), id: "evt_b")
        }
        #expect(wallet == "19")
    }

    @Test func `in another currency nothing is credited`() throws {
        try switchOn()
        let payment = StripeEvents.payment(try begin().id, [("currency", "eur")])
        #expect(throws: GatewayError.self) { try tell("payment_intent.succeeded", payment, id: "evt_a") }
        #expect(store.contents.postings.isEmpty)
    }

    @Test func `three failures in a row switch it off`() throws {
        try switchOn()
        for (number, pause) in [(1, Int64(3_600)), (2, 7_200)] {
            let attempt = try begin()
            let failed = try reloads.answered(.refused("no", paymentIntent: nil), to: attempt)
            #expect(failed?.failures == number && failed?.isEnabled == true)
            clock.advance(pause - 1)
            #expect(try look() == .nothing)
            clock.advance(1)
        }
        let failed = try reloads.answered(.refused("no", paymentIntent: nil), to: try begin())
        #expect(failed?.isEnabled == false && failed?.lastError == "no")
        clock.advance(1_000_000)
        #expect(try look() == .nothing)
        #expect(Set(store.contents.attempts.map(\.id)).count == 3)
        _ = try reloads.set(Self.one, isEnabled: true, thresholdCents: 500, amountCents: 2_000)
        _ = try begin()
    }

    @Test func `a refusal that the webhook tells counts, and nothing is credited`() throws {
        try switchOn()
        let attempt = try begin()
        _ = try reloads.answered(.processing(paymentIntent: "pi_9"), to: attempt)
        let error: JSONValue = ["code": "card_declined", "decline_code": "expired_card", "message": "of sk_test"]
        let payment = StripeEvents.payment(attempt.id, [("last_payment_error", error)])
        #expect(try tell("payment_intent.payment_failed", payment, id: "evt_a") == .noted(Self.one.id))
        #expect(standing.lastError == "The payment was refused: `card_declined`, `expired_card`.")
        #expect(standing.failures == 1)
        #expect(store.contents.postings.isEmpty)
    }

    @Test func `where no answer came, the same attempt is asked for again, also after a restart`() throws {
        try switchOn()
        let attempt = try begin()
        let again = try StripeEvents.reloads(store)
        #expect(try again.look(at: Self.one.id, balance: .zero, latestPosting: 0) == .ask(attempt))
        _ = try reloads.answered(.unknown("no answer"), to: attempt)
        #expect(try look() == .nothing)
        clock.advance(3_600)
        #expect(try look() == .ask(attempt))
        #expect(store.contents.attempts.count == 1)
    }

    @Test func `a month has its bound, and the next month its own`() throws {
        try switchOn()
        for number in 1...3 {
            let attempt = try begin()
            let payment = StripeEvents.payment(attempt.id, id: "pi_m\(number)")
            try tell("payment_intent.succeeded", payment, id: "evt_\(number)")
        }
        guard case .told(let why) = try look() else {
            Issue.record("a fourth was not refused")
            return
        }
        #expect(standing.lastError == why && why.hasPrefix("3 automatic top-ups"))
        #expect(standing.isEnabled)
        #expect(try look() == .nothing)
        // Who switches it on once more is told once more.
        _ = try reloads.set(Self.one, isEnabled: true, thresholdCents: 500, amountCents: 2_000)
        #expect(standing.lastError == nil)
        #expect(try look() == .told(why))
        clock.advance(31 * 86_400)
        _ = try begin()
        #expect(standing.lastError == nil)
    }

    @Test func `failed attempts do not count against the month`() throws {
        try switchOn()
        for _ in 0..<5 {
            _ = try reloads.answered(.refused("no", paymentIntent: nil), to: try begin())
            _ = try reloads.set(Self.one, isEnabled: true, thresholdCents: 500, amountCents: 2_000)
        }
        _ = try begin()
    }

    @Test func `what could not be written was not begun`() throws {
        try switchOn()
        store.allow(writes: 0)
        #expect(throws: StoreError.self) { try look() }
        store.allow(writes: .max)
        #expect(store.contents.attempts.isEmpty)
        let attempt = try begin()
        store.allow(writes: 0)
        #expect(throws: GatewayError.self) { try reloads.answered(.taken(paymentIntent: "pi_9"), to: attempt) }
        store.allow(writes: .max)
        #expect(try look() == .ask(attempt))
    }

    @Test func `a credit whose attempt could not be written is told again and credited once`() throws {
        try switchOn()
        let payment = StripeEvents.payment(try begin().id)
        store.allow(writes: 1)
        let error = #expect(throws: GatewayError.self) { try tell("payment_intent.succeeded", payment, id: "evt_a") }
        #expect(error?.reason == .recordFailed)
        store.allow(writes: .max)
        #expect(try look() != .nothing, "asked again under the same name")
        #expect(try tell("payment_intent.succeeded", payment, id: "evt_a") == .knownAlready)
        #expect(store.contents.attempts.map(\.state) == [.credited])
        #expect(wallet == "19")
    }

    @Test func `after it was taken away, a late payment is credited still`() throws {
        try switchOn()
        let attempt = try begin()
        try reloads.remove(Self.one.id)
        #expect(standing.method == nil && !standing.isEnabled)
        try tell("payment_intent.succeeded", StripeEvents.payment(attempt.id), id: "evt_a")
        #expect(wallet == "19")
        // Told once more of what was forgotten, nothing comes back.
        try tell("charge.succeeded", StripeEvents.savingCharge(details: StripeEvents.visa), id: "evt_b")
        #expect(standing.method == nil)
    }

    @Test(
        "What somebody paid with is kept as far as the events tell",
        arguments: [
            (StripeEvents.visa, "visa", "4242"),
            (["type": "us_bank_account", "us_bank_account": ["last4": "6789"]], "us_bank_account", "6789"),
            (["type": "link", "link": [:]], "link", nil),
            (["type": "card", "card": ["brand": "V\n", "last4": "42"]], "card", nil),
            ([:], nil, nil), (nil, nil, nil),
        ] as [(JSONValue, String?, String?)])
    func faces(details: JSONValue, brand: String?, last4: String?) throws {
        try tell("charge.succeeded", StripeEvents.savingCharge(details: details), id: "evt_a")
        try tell("payment_intent.succeeded", StripeEvents.savingPayment(), id: "evt_b")
        #expect(standing.method == SavedPaymentMethod(customer: "cus_1", id: "pm_1", brand: brand, last4: last4))
        #expect(store.contents.postings.isEmpty)
        #expect(store.contents.reloads.count == 1)
    }

    @Test(
        arguments: [
            ("metadata", ["aigateway_account": "acc_1"]), ("customer", nil), ("payment_method", nil), ("metadata", [:]),
        ] as [(String, JSONValue?)]) func `what nobody wished to be kept is not`(field: String, value: JSONValue?)
        throws
    {
        var payment = StripeEvents.savingPayment()
        payment[field] = value
        let effect = try tell("payment_intent.succeeded", payment, id: "evt_a")
        #expect(effect == .ignored(type: "payment_intent.succeeded"))
        #expect(standing.method == nil)
    }

    @Test func `what is kept for an account that is none is refused`() throws {
        let payment = StripeEvents.savingPayment(account: "acc_9")
        #expect(throws: GatewayError.self) { try tell("payment_intent.succeeded", payment, id: "evt_a") }
        #expect(store.contents.reloads.isEmpty)
    }

    @Test(
        "Stripe's answers are read as they are meant",
        arguments: [
            (200, #"{"id":"pi_1","status":"succeeded"}"#, ReloadAnswer.taken(paymentIntent: "pi_1")),
            (200, #"{"id":"pi_1","status":"processing"}"#, .processing(paymentIntent: "pi_1")),
            (
                200, #"{"id":"pi_1","status":"requires_action"}"#,
                .refused("The payment was refused: `requires_action`.", paymentIntent: "pi_1")
            ),
            (
                402,
                #"{"error":{"code":"card_declined","decline_code":"insufficient_funds","message":"x sk_test","payment_intent":{"id":"pi_1"}}}"#,
                .refused("The payment was refused: `card_declined`, `insufficient_funds`.", paymentIntent: "pi_1")
            ),
            (402, "garbage sk_test", .refused("The payment was refused.", paymentIntent: nil)),
            (402, #"{"error":{"code":"a b"}}"#, .refused("The payment was refused.", paymentIntent: nil)),
            (
                400, #"{"error":{"code":"resource_missing"}}"#,
                .refused("The payment service did not accept the payment: `resource_missing`.", paymentIntent: nil)
            ),
            (
                401, "",
                .refused(
                    "The payment service refused the gateway's own key. Tell its operator.", paymentIntent: nil)
            ),
            (
                429, "",
                .refused("The payment service is busy. Try again shortly.", paymentIntent: nil)
            ),
        ])
    func answers(status: Int, body: String, answer: ReloadAnswer) {
        #expect(StripeReloads.read(StripeAPI.Answer(status: status, body: Array(body.utf8))) == answer)
    }

    @Test(
        "Where it may have been paid, it is not taken for refused",
        arguments: [
            (500, ""), (503, "sk_test"), (409, ""), (200, ""), (200, #"{"id":"pi_1"}"#), (302, ""),
            (200, #"{"id":"ch_1","status":"succeeded"}"#), (400, #"{"error":{"type":"idempotency_error"}}"#),
        ])
    func unknown(status: Int, body: String) {
        guard case .unknown(let why) = StripeReloads.read(StripeAPI.Answer(status: status, body: Array(body.utf8)))
        else {
            Issue.record("it was read as known")
            return
        }
        #expect(!why.contains("sk_test"))
    }
}
