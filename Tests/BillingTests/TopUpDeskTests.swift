import Billing
import Domain
import JSON
import MemoryStores
import Synchronization
import Telemetry
import Testing

@Suite("Top-up desk")
struct TopUpDeskTests {
    private let store = MemoryStore()
    private let changes = Counter()
    private let desk: TopUpDesk

    final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func increase() { count.withLock { $0 += 1 } }
    }

    /// One account, another, and a sub-account of the first.
    private static let accounts = [
        Account(id: AccountID("acc_1"), name: "one", createdAt: StripeEvents.now),
        Account(id: AccountID("acc_2"), name: "two", createdAt: StripeEvents.now),
        Account(id: AccountID("sa_1"), name: "sub", createdAt: StripeEvents.now, parentID: AccountID("acc_1")),
    ]

    init() throws {
        for account in Self.accounts { try store.insert(account) }
        desk = try Self.desk(store, changes)
    }

    private static func desk(_ store: MemoryStore, _ changes: Counter) throws -> TopUpDesk {
        let webhook = try StripeWebhook(secrets: [StripeEvents.secret], terms: TopUpTerms())
        return TopUpDesk(
            webhook: webhook, ledger: store, accounts: store, reloads: try StripeEvents.reloads(store),
            now: { StripeEvents.now }, changed: { changes.increase() })
    }

    @discardableResult
    private func take(
        _ type: String, _ object: JSONObject, id: String = "evt_1", at desk: TopUpDesk? = nil
    ) throws -> TopUpDesk.Effect {
        let body = StripeEvents.event(type, object, id: id)
        return try (desk ?? self.desk).take(body: body, signature: StripeEvents.signature(body))
    }

    private func pay(_ paymentIntent: String = "pi_1", cents: JSONValue = 10_000) throws {
        try take(
            "checkout.session.completed", StripeEvents.session(cents: cents, paymentIntent: paymentIntent),
            id: "evt_\(paymentIntent)")
    }

    private var postings: [StoredPosting] { store.contents.postings }
    private func balance(_ place: LedgerAccount) -> Nanodollars { store.contents.balances[place] ?? .zero }
    private var wallet: String { balance(.wallet(AccountID("acc_1"))).exactDollarsText }
    private var fee: String { balance(.platformFee).exactDollarsText }
    private var cash: String { balance(.cash).exactDollarsText }

    // MARK: Payments

    @Test func `a payment is credited once, whatever tells of it`() throws {
        try pay()
        #expect(wallet == "95")
        #expect(changes.value == 1)
        let session = StripeEvents.session()
        // The same event, the same payment by other events, and both after a restart.
        let restarted = try Self.desk(store, changes)
        for (type, id, desk) in [
            ("checkout.session.completed", "evt_pi_1", desk), ("checkout.session.completed", "evt_2", desk),
            ("checkout.session.async_payment_succeeded", "evt_3", desk),
            ("checkout.session.completed", "evt_pi_1", restarted),
            ("checkout.session.async_payment_succeeded", "evt_4", restarted),
        ] {
            #expect(try take(type, session, id: id, at: desk) == .knownAlready)
        }
        #expect(wallet == "95")
        #expect(changes.value == 1)
        try pay("pi_2")
        #expect(wallet == "190")
        #expect(cash == "-200")
    }

    @Test func `one event is dealt with once, whatever it says the second time`() throws {
        try take("checkout.session.completed", StripeEvents.session(paymentIntent: "pi_1"), id: "evt_1")
        let again = StripeEvents.session(paymentIntent: "pi_2")
        #expect(try take("checkout.session.completed", again, id: "evt_1") == .knownAlready)
        #expect(wallet == "95")
    }

    @Test(
        "A payment for nobody who has a wallet is refused, and credited to nobody",
        arguments: [("acc_9", ErrorReason.objectNotFound), ("sa_1", .invalidValue), ("ACC_1", .objectNotFound)])
    func otherAccounts(account: String, reason: ErrorReason) {
        let error = #expect(throws: GatewayError.self) {
            try take("checkout.session.completed", StripeEvents.session(account: account))
        }
        #expect(error?.reason == reason)
        #expect(postings.isEmpty)
        #expect(changes.value == 0)
    }

    @Test func `what could not be written can be sent again`() throws {
        store.allow(writes: 0)
        let error = #expect(throws: GatewayError.self) { try pay() }
        #expect(error?.reason == .recordFailed)
        #expect(error?.message.contains("disk") == false)
        store.allow(writes: .max)
        try pay()
        #expect(wallet == "95")
    }

    @Test func `the same payment told many times at once is credited once`() async throws {
        let desk = desk
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<32 {
                group.addTask {
                    let body = StripeEvents.event(
                        "checkout.session.completed", StripeEvents.session(), id: "evt_\(number % 8)")
                    _ = try? desk.take(body: body, signature: StripeEvents.signature(body))
                }
            }
        }
        #expect(wallet == "95")
        #expect(changes.value == 1)
    }

    // MARK: Refunds

    enum Step: Sendable, CustomStringConvertible {
        case soFar(Int64)
        case one(String, Int64)

        var description: String {
            switch self {
            case .soFar(let cents): "so far \(cents)"
            case .one(let id, let cents): "\(id) \(cents)"
            }
        }
    }

    @Test(
        "What was given back is taken from the wallet to its share, once",
        arguments: [
            ([.soFar(10_000)], "0", "0"), ([.one("re_1", 10_000)], "0", "0"), ([.soFar(5_000)], "47.5", "2.5"),
            ([.soFar(5_000), .soFar(5_000)], "47.5", "2.5"), ([.soFar(2_500), .soFar(5_000)], "47.5", "2.5"),
            // An older sum that comes late.
            ([.soFar(5_000), .soFar(2_500)], "47.5", "2.5"),
            ([.one("re_1", 2_500), .one("re_2", 2_500)], "47.5", "2.5"),
            ([.one("re_1", 2_500), .one("re_1", 2_500)], "71.25", "3.75"),
            // One refund counts once, with the most that was told of it.
            ([.one("re_1", 2_500), .one("re_1", 5_000)], "47.5", "2.5"),
            // Both kinds of events for the same refunds, in any order.
            ([.soFar(2_500), .one("re_1", 2_500)], "71.25", "3.75"),
            ([.one("re_1", 2_500), .soFar(2_500)], "71.25", "3.75"),
            ([.one("re_1", 2_500), .soFar(2_500), .one("re_2", 2_500), .soFar(5_000)], "47.5", "2.5"),
            ([.soFar(2_500), .one("re_1", 2_500), .soFar(5_000), .one("re_2", 2_500)], "47.5", "2.5"),
            ([.one("re_2", 2_500), .soFar(5_000), .one("re_1", 2_500)], "47.5", "2.5"),
            ([.soFar(5_000), .one("re_2", 2_500), .one("re_1", 2_500)], "47.5", "2.5"),
            // Never more than was paid.
            ([.soFar(99_999_999)], "0", "0"), ([.one("re_1", 9_000), .one("re_2", 9_000)], "0", "0"),
            ([.soFar(10_000), .one("re_1", 99_999_999)], "0", "0"), ([.soFar(1)], "94.9905", "4.9995"),
        ] as [([Step], String, String)])
    func refunds(steps: [Step], wallet: String, fee: String) throws {
        try pay()
        try pay("pi_2")
        for (number, step) in steps.enumerated() {
            switch step {
            case .soFar(let cents):
                try take("charge.refunded", StripeEvents.charge(refunded: .int(cents)), id: "evt_a\(number)")
            case .one(let id, let cents):
                try take("refund.created", StripeEvents.refund(id, .int(cents)), id: "evt_a\(number)")
            }
        }
        let other = Nanodollars(95 * Nanodollars.perDollar)
        #expect((balance(.wallet(AccountID("acc_1"))) - other).exactDollarsText == wallet)
        let otherFee = Nanodollars(5 * Nanodollars.perDollar)
        #expect((balance(.platformFee) - otherFee).exactDollarsText == fee)
        #expect(postings.filter { $0.posting.kind == .refund }.allSatisfy { !$0.posting.transfers.isEmpty })
    }

    @Test func `a hundred odd refunds come to exactly what was credited`() throws {
        try pay(cents: 1_999)
        #expect(wallet == "18.99")
        for step in 1...100 {
            let cents = min(1_999, Int64(step) * 20)
            try take("charge.refunded", StripeEvents.charge(refunded: .int(cents)), id: "evt_r\(step)")
            #expect(balance(.wallet(AccountID("acc_1"))) >= .zero)
        }
        #expect(wallet == "0")
        #expect(fee == "0")
        #expect(cash == "0")
    }

    @Test func `a refund of a payment whose name only begins alike touches nothing`() throws {
        try pay("pi_12")
        let effect = try take("refund.created", StripeEvents.refund("re_1", 100, paymentIntent: "pi_1"))
        #expect(effect == .ignored(type: "refund.created"))
        #expect(wallet == "95")
    }

    @Test func `refunds of two payments whose names begin alike are kept apart`() throws {
        try pay("pi_1")
        try pay("pi_12")
        try take("charge.refunded", StripeEvents.charge(refunded: 10_000, paymentIntent: "pi_12"), id: "evt_a")
        #expect(wallet == "95")
        try take("charge.refunded", StripeEvents.charge(refunded: 10_000, paymentIntent: "pi_1"), id: "evt_b")
        #expect(wallet == "0")
    }

    @Test func `a refund that comes before its payment is asked for again`() throws {
        let refund = StripeEvents.charge(refunded: 10_000)
        let error = #expect(throws: GatewayError.self) { try take("charge.refunded", refund, id: "evt_r") }
        #expect(error?.reason == .conflict)
        try pay()
        try take("charge.refunded", refund, id: "evt_r")
        #expect(wallet == "0")
    }

    @Test func `a refund of a payment that was none of ours is ignored`() throws {
        let foreign = StripeEvents.charge(refunded: 500, [("metadata", [:])])
        #expect(try take("charge.refunded", foreign) == .ignored(type: "charge.refunded"))
        #expect(postings.isEmpty)
    }

    @Test func `a payment is found behind many postings`() throws {
        for number in 0..<1_200 { try pay("pi_x\(number)") }
        try pay()
        try take("charge.refunded", StripeEvents.charge(refunded: 10_000))
        #expect(balance(.wallet(AccountID("acc_1"))) == Nanodollars(1_200 * 95 * Nanodollars.perDollar))
    }

    @Test func `earlier refunds are found behind many postings`() throws {
        try pay()
        try take("refund.created", StripeEvents.refund("re_1", 2_500), id: "evt_a")
        for number in 0..<600 { try pay("pi_x\(number)") }
        try take("refund.created", StripeEvents.refund("re_2", 2_500), id: "evt_b")
        for number in 600..<1_200 { try pay("pi_x\(number)") }
        // Two were given back: half of the payment, which the sum so far goes no further than.
        #expect(try take("charge.refunded", StripeEvents.charge(refunded: 5_000), id: "evt_c") == .knownAlready)
        #expect(try take("refund.created", StripeEvents.refund("re_2", 2_500), id: "evt_d") == .knownAlready)
        try take("charge.refunded", StripeEvents.charge(refunded: 10_000), id: "evt_e")
        #expect(balance(.wallet(AccountID("acc_1"))) == Nanodollars(1_200 * 95 * Nanodollars.perDollar))
    }

    @Test func `refunds told in both ways at once are taken once`() async throws {
        try pay()
        let desk = desk
        let bodies = (0..<8).flatMap { number in
            [
                StripeEvents.event("charge.refunded", StripeEvents.charge(refunded: 5_000), id: "evt_a\(number)"),
                StripeEvents.event("refund.created", StripeEvents.refund("re_1", 5_000), id: "evt_b\(number)"),
            ]
        }
        await withTaskGroup(of: Void.self) { group in
            for body in bodies {
                group.addTask { _ = try? desk.take(body: body, signature: StripeEvents.signature(body)) }
            }
        }
        #expect(wallet == "47.5")
        #expect(changes.value == 2)
    }
}
