import Billing
import Domain
import JSON
import Telemetry
import Testing

@Suite("Stripe's webhook")
struct StripeWebhookTests {
    private let webhook: StripeWebhook

    init() throws { webhook = try StripeWebhook(secrets: [StripeEvents.secret], terms: TopUpTerms()) }

    private func outcome(_ type: String, _ object: JSONObject) throws -> StripeOutcome {
        let body = StripeEvents.event(type, object)
        return try webhook.outcome(body: body, signature: StripeEvents.signature(body), now: StripeEvents.now)
    }

    private func refusal(_ type: String, _ object: JSONObject) -> GatewayError? {
        #expect(throws: GatewayError.self) { try outcome(type, object) }
    }

    // MARK: Who speaks

    @Test(arguments: [[], [""], [" \n"], ["whsec_test_1", ""]]) func `an empty secret is no secret`(secrets: [String]) {
        #expect(throws: BillingSetupError.emptyWebhookSecret) {
            try StripeWebhook(secrets: secrets.map { Secret($0) }, terms: TopUpTerms())
        }
    }

    @Test(
        "A signature is good for five minutes either way",
        arguments: [(-301, false), (-300, true), (-1, true), (0, true), (300, true), (301, false), (86_400, false)])
    func age(seconds: Int64, isGood: Bool) throws {
        let body = StripeEvents.event("checkout.session.completed", StripeEvents.session())
        let signature = StripeEvents.signature(body, at: StripeEvents.now.seconds - seconds)
        let error = Result { try webhook.outcome(body: body, signature: signature, now: StripeEvents.now) }.error
        #expect((error as? GatewayError)?.reason == (isGood ? nil : .badSignature))
    }

    @Test func `without a signature, or with a wrong one, the answer is the same`() {
        let body = StripeEvents.event("checkout.session.completed", StripeEvents.session())
        let other = Secret("whsec_other")
        let signatures = [
            nil, "", "garbage", StripeEvents.signature(body, other), StripeEvents.signature(body + [0x20]),
            // Nobody learns from the answer whether an old signature would have been a good one.
            StripeEvents.signature(body, other, at: 1),
        ]
        let errors = signatures.map { signature in
            Result { try webhook.outcome(body: body, signature: signature, now: StripeEvents.now) }.error
                as? GatewayError
        }
        #expect(errors.allSatisfy { $0?.reason == .badSignature })
        #expect(Set(errors).count == 1)
    }

    @Test func `each byte of the body is signed`() {
        let body = StripeEvents.event("checkout.session.completed", StripeEvents.session())
        let signature = StripeEvents.signature(body)
        for position in body.indices {
            var changed = body
            changed[position] ^= 1
            #expect(throws: GatewayError.self) {
                try webhook.outcome(body: changed, signature: signature, now: StripeEvents.now)
            }
        }
    }

    @Test func `while a secret is changed, both are good`() throws {
        let webhook = try StripeWebhook(
            secrets: [Secret("whsec_new"), Secret("whsec_old")], terms: TopUpTerms())
        let body = StripeEvents.event("checkout.session.completed", StripeEvents.session())
        for name in ["whsec_new", "whsec_old"] {
            let signature = StripeEvents.signature(body, Secret(name))
            #expect(throws: Never.self) {
                try webhook.outcome(body: body, signature: signature, now: StripeEvents.now)
            }
        }
    }

    @Test func `a body that is too long is not even looked at`() {
        let body = [UInt8](repeating: 0x20, count: StripeWebhook.mostBodyBytes + 1)
        let error = #expect(throws: GatewayError.self) {
            try webhook.outcome(body: body, signature: StripeEvents.signature(body), now: StripeEvents.now)
        }
        #expect(error?.reason == .payloadTooLarge)
    }

    @Test(arguments: [
        "", "null", "[]", "{", "{}", #"{"id":"evt_1"}"#, #"{"id":"evt_1","type":"a"}"#,
        #"{"id":"evt_1","type":"a","data":{}}"#, #"{"id":"evt_1","type":"a","data":{"object":[]}}"#,
        #"{"id":1,"type":"a","data":{"object":{}}}"#, #"{"id":"","type":"a","data":{"object":{}}}"#,
        #"{"id":"evt 1","type":"a","data":{"object":{}}}"#, #"{"id":"evt_1","type":"","data":{"object":{}}}"#,
        String(repeating: "[", count: 10_000),
    ])
    func `a signed body that is no event is refused`(text: String) {
        let body = Array(text.utf8)
        #expect(throws: GatewayError.self) {
            try webhook.outcome(body: body, signature: StripeEvents.signature(body), now: StripeEvents.now)
        }
    }

    // MARK: Payments

    @Test(arguments: ["checkout.session.completed", "checkout.session.async_payment_succeeded"])
    func `a paid session is a top-up`(type: String) throws {
        let account = AccountID("acc_1")
        let expected = try #require(
            TopUpTerms().posting(
                paid: Nanodollars(100 * Nanodollars.perDollar), of: account, reference: "stripe:pi_1",
                note: "Stripe evt_1"))
        #expect(try outcome(type, StripeEvents.session()) == .topUp(expected))
        #expect(expected.transfers.map(\.amount.dollarsText) == ["95.00", "5.00"])
    }

    @Test(
        "What was paid is credited less the fee",
        arguments: [
            (500, "4.75", "0.25"), (1_999, "18.99", "1.00"), (1, "0.01", nil), (99_999_999, "949999.99", "50000.00"),
        ] as [(Int64, String, String?)])
    func amounts(cents: Int64, credit: String, fee: String?) throws {
        let session = StripeEvents.session(cents: .int(cents))
        guard case .topUp(let posting) = try outcome("checkout.session.completed", session) else {
            Issue.record("no top-up")
            return
        }
        #expect(posting.transfers.map(\.amount.dollarsText) == [credit, fee].compactMap(\.self))
    }

    @Test(
        "A session that credits nobody is ignored",
        arguments: [
            [("payment_status", "unpaid")], [("payment_status", "no_payment_required")], [("payment_status", nil)],
            [("payment_status", true)], [("mode", "subscription")], [("mode", "setup")],
            [("client_reference_id", nil), ("metadata", [:])], [("client_reference_id", ""), ("metadata", nil)],
        ] as [[(String, JSONValue?)]])
    func ignored(changes: [(String, JSONValue?)]) throws {
        let type = "checkout.session.completed"
        #expect(try outcome(type, StripeEvents.session(changes)) == .ignored(type: type))
    }

    @Test(
        "A session that cannot be meant is refused",
        arguments: [
            ("currency", "eur"), ("currency", "USD"), ("currency", nil), ("currency", 1), ("amount_total", 0),
            ("amount_total", -1), ("amount_total", nil), ("amount_total", "10000"), ("amount_total", .double(0.5)),
            ("amount_total", 100_000_000), ("amount_total", .int(Int64.max)), ("amount_total", .int(UInt64.max)),
            ("amount_total", .double(1e300)), ("amount_total", true), ("payment_intent", nil),
            ("payment_intent", ""), ("payment_intent", "pi_"), ("payment_intent", "ch_1"),
            ("payment_intent", "pi_1:refunded:1"), ("payment_intent", "pi_1\n"),
            ("payment_intent", .string("pi_" + String(repeating: "1", count: 255))),
            ("client_reference_id", "acc_2"), ("metadata", ["aigateway_account": "acc_2"]),
            ("client_reference_id", .string(String(repeating: "a", count: 256))),
        ] as [(String, JSONValue?)])
    func refused(name: String, value: JSONValue?) {
        let session = StripeEvents.session([(name, value)])
        #expect(refusal("checkout.session.completed", session)?.reason == .invalidValue)
    }

    @Test(
        "Either mark names the account when the other is missing",
        arguments: [
            [("client_reference_id", nil)], [("metadata", nil)], [("metadata", [:])], [("metadata", .null)],
            [("client_reference_id", .null)], [("mode", nil)],
        ] as [[(String, JSONValue?)]])
    func oneMark(changes: [(String, JSONValue?)]) throws {
        guard
            case .topUp(let posting) = try outcome("checkout.session.completed", StripeEvents.session(changes))
        else {
            Issue.record("no top-up")
            return
        }
        #expect(posting.accountID == AccountID("acc_1"))
    }

    @Test(arguments: ["payment_intent.succeeded", "checkout.session.expired", "charge.succeeded", "x"])
    func `other events are ignored`(type: String) throws {
        #expect(try outcome(type, StripeEvents.session()) == .ignored(type: type))
    }

    // MARK: Refunds

    @Test func `a refund is told as a sum or by itself`() throws {
        #expect(
            try outcome("charge.refunded", StripeEvents.charge(refunded: 500))
                == .refund(StripeRefund(paymentIntent: "pi_1", extent: .soFar(cents: 500), isMarkedOurs: true)))
        #expect(
            try outcome("refund.created", StripeEvents.refund("re_1", 500))
                == .refund(
                    StripeRefund(paymentIntent: "pi_1", extent: .one(id: "re_1", cents: 500), isMarkedOurs: false)))
    }

    @Test(
        "A refund that is none of ours, or came to nothing, is ignored",
        arguments: [
            ("charge.refunded", [("payment_intent", nil)]),
            ("charge.refunded", [("currency", "eur"), ("metadata", [:])]),
            ("refund.created", [("payment_intent", .null)]), ("refund.created", [("currency", "eur")]),
            ("refund.created", [("status", "failed")]), ("refund.created", [("status", "canceled")]),
        ] as [(String, [(String, JSONValue?)])])
    func ignoredRefund(type: String, changes: [(String, JSONValue?)]) throws {
        let object =
            type == "charge.refunded"
            ? StripeEvents.charge(refunded: 500, changes) : StripeEvents.refund("re_1", 500, changes)
        #expect(try outcome(type, object) == .ignored(type: type))
    }

    @Test(
        "A refund that cannot be meant is refused",
        arguments: [
            ("charge.refunded", [("currency", "eur")]), ("charge.refunded", [("amount_refunded", 0)]),
            ("charge.refunded", [("amount_refunded", -5)]), ("charge.refunded", [("amount_refunded", .int(Int64.max))]),
            ("charge.refunded", [("payment_intent", "pi_1:x")]), ("refund.created", [("amount", 0)]),
            ("refund.created", [("amount", "500")]), ("refund.created", [("id", "re:1")]),
            ("refund.created", [("id", nil)]),
        ] as [(String, [(String, JSONValue?)])])
    func refusedRefund(type: String, changes: [(String, JSONValue?)]) {
        let object =
            type == "charge.refunded"
            ? StripeEvents.charge(refunded: 500, changes) : StripeEvents.refund("re_1", 500, changes)
        #expect(refusal(type, object)?.reason == .invalidValue)
    }

    @Test func `a webhook shows no secret when it is printed`() {
        var text = ""
        dump(webhook, to: &text)
        #expect(!text.contains("whsec"))
    }
}

extension Result {
    fileprivate var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
