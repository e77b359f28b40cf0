import Billing
import Crypto
import Domain
import JSON
import Telemetry

/// Events as Stripe makes them, for tests.
enum StripeEvents {
    static let secret = Secret("whsec_test_1")
    static let now = Timestamp(seconds: 1_700_000_000)

    static func signature(_ body: [UInt8], _ secret: Secret = secret, at seconds: Int64 = now.seconds) -> String {
        let message = Array("\(seconds).".utf8) + body
        return "t=\(seconds),v1=\(HMACSHA256.hex(message, key: Array(secret.reveal().utf8)))"
    }

    static func event(
        _ type: String, _ object: JSONObject, id: String = "evt_1", created: Int64 = now.seconds
    ) -> [UInt8] {
        let event: JSONValue = [
            "id": .string(id), "object": "event", "type": .string(type), "created": .int(created),
            "data": ["object": .object(object)],
        ]
        return event.serialized()
    }

    static func reloads(
        _ store: any ReloadStore, terms: AutoReloadTerms? = nil, now: @escaping @Sendable () -> Timestamp = { now }
    ) throws -> AutoReloadDesk {
        let usual = AutoReloadTerms(isOffered: true, minimumTopUpCents: 500, mostPerMonth: 3)
        return try AutoReloadDesk(store: store, terms: terms ?? usual, now: now)
    }

    /// A payment with nobody there.
    static func payment(
        _ attempt: String = "rel_1", account: String = "acc_1", cents: JSONValue = 2_000, id: String = "pi_9",
        _ changes: [(String, JSONValue?)] = []
    ) -> JSONObject {
        changed(
            [
                "id": .string(id), "object": "payment_intent", "status": "succeeded", "amount": cents,
                "amount_received": cents, "currency": "usd", "customer": "cus_1", "payment_method": "pm_1",
                "metadata": ["aigateway_account": .string(account), "aigateway_reload": .string(attempt)],
            ], changes)
    }

    /// A payment that somebody made, who wants what was paid with to be kept.
    static func savingPayment(method: String = "pm_1", account: String = "acc_1") -> JSONObject {
        payment(
            account: account, id: "pi_1",
            [
                ("payment_method", .string(method)), ("setup_future_usage", "off_session"),
                ("metadata", ["aigateway_account": .string(account), "aigateway_save_payment_method": "true"]),
            ])
    }

    /// The charge of that payment.
    static func savingCharge(method: String = "pm_1", details: JSONValue) -> JSONObject {
        changed(
            savingPayment(method: method),
            [("id", "ch_1"), ("object", "charge"), ("payment_method_details", details)])
    }

    static let visa: JSONValue = ["type": "card", "card": ["brand": "visa", "last4": "4242"]]

    static func session(
        account: String = "acc_1", cents: JSONValue = 10_000, paymentIntent: String = "pi_1",
        _ changes: [(String, JSONValue?)] = []
    ) -> JSONObject {
        changed(
            [
                "id": "cs_1", "object": "checkout.session", "mode": "payment", "payment_status": "paid",
                "amount_total": cents, "currency": "usd", "payment_intent": .string(paymentIntent),
                "client_reference_id": .string(account), "metadata": ["aigateway_account": .string(account)],
            ], changes)
    }

    static func charge(
        refunded cents: JSONValue, paymentIntent: String = "pi_1", _ changes: [(String, JSONValue?)] = []
    ) -> JSONObject {
        changed(
            [
                "id": "ch_1", "object": "charge", "amount": 10_000, "amount_refunded": cents, "currency": "usd",
                "payment_intent": .string(paymentIntent), "metadata": ["aigateway_account": "acc_1"],
            ], changes)
    }

    static func refund(
        _ id: String, _ cents: JSONValue, paymentIntent: String = "pi_1", _ changes: [(String, JSONValue?)] = []
    ) -> JSONObject {
        changed(
            [
                "id": .string(id), "object": "refund", "amount": cents, "currency": "usd", "status": "succeeded",
                "charge": "ch_1", "payment_intent": .string(paymentIntent), "metadata": [:],
            ], changes)
    }

    private static func changed(_ object: JSONObject, _ changes: [(String, JSONValue?)]) -> JSONObject {
        var object = object
        for (name, value) in changes { object[name] = value }
        return object
    }
}
