import BillingDoor
import Crypto
import Domain
import EventLoop
import HTTPCore
import JSON
import MemoryStores
import Routing
import Synchronization
import Telemetry
import Testing

@Suite("Webhook endpoint")
struct WebhookEndpointTests {
    private static let path = "/v1/stripe/webhook"

    private static func event(_ account: String = "acc_1") -> [UInt8] {
        let event: JSONValue = [
            "id": "evt_1", "type": "checkout.session.completed",
            "data": [
                "object": [
                    "id": "cs_1", "mode": "payment", "payment_status": "paid", "amount_total": 10_000,
                    "currency": "usd", "payment_intent": "pi_1", "client_reference_id": .string(account),
                    "metadata": ["aigateway_account": .string(account)],
                ]
            ],
        ]
        return event.serialized()
    }

    private static func signature(_ body: [UInt8], _ secret: Secret = House.secret) -> (String, String) {
        let seconds = House.now.seconds
        let code = HMACSHA256.hex(Array("\(seconds).".utf8) + body, key: Array(secret.reveal().utf8))
        return ("Stripe-Signature", "t=\(seconds),v1=\(code)")
    }

    @Test func `a payment is written off the loop and answered, and the second time just answered`() async throws {
        try await withHouse { house in
            let body = Self.event()
            let uses = Mutex((onLoop: 0, off: 0))
            house.store.onUse {
                uses.withLock { if house.loop.isCurrent { $0.onLoop += 1 } else { $0.off += 1 } }
            }
            for _ in 0..<2 {
                let answer = try await house.post(Self.path, body, [Self.signature(body)])
                #expect(answer.status == 200)
                #expect(answer.body == ["received": true])
                #expect(answer.headers.first("x-request-id") != nil)
            }
            #expect(house.references == ["stripe:pi_1"])
            #expect(uses.withLock { $0.onLoop } == 0)
            // The account is looked up, and the payment posted.
            #expect(uses.withLock { $0.off } >= 2)
        }
    }

    @Test func `without one good signature nothing is written`() async throws {
        try await withHouse { house in
            let body = Self.event()
            let good = Self.signature(body)
            let wrong = Self.signature(body, Secret("whsec_other"))
            // Two header fields could be read in two ways by those in between: neither counts.
            for headers in [[], [wrong], [good, good], [wrong, good], [("Stripe-Signature", "")]] {
                let answer = try await house.post(Self.path, body, headers)
                #expect(answer.status == 400)
                #expect(answer.body["reason"]?.stringValue == "bad_signature")
            }
            let altered = try await house.post(Self.path, Self.event("acc_2"), [good])
            #expect(altered.body["reason"]?.stringValue == "bad_signature")
            #expect(house.references.isEmpty)
        }
    }

    @Test func `what cannot be credited is an error, so that Stripe sends it again`() async throws {
        try await withHouse { house in
            let foreign = Self.event("acc_2")
            #expect(try await house.post(Self.path, foreign, [Self.signature(foreign)]).status == 404)
            house.store.allow(writes: 0, then: .notWritten("/var/lib/secret/place is full"))
            let body = Self.event()
            let answer = try await house.post(Self.path, body, [Self.signature(body)])
            #expect(answer.status == 503)
            #expect(!answer.text.contains("secret"))
        }
    }

    @Test func `an endpoint without its settings is not there`() {
        let door = BillingDoor(webhook: nil, checkout: nil, render: House.render)
        #expect(door.endpoint(method: "POST", path: Self.path) == nil)
        #expect(door.endpoint(method: "POST", path: "/v1/top-ups/checkout") == nil)
    }

    @Test(
        "Each path takes POST alone",
        arguments: [
            ("POST", "/v1/stripe/webhook", "found"), ("GET", "/v1/stripe/webhook", "POST"),
            ("HEAD", "/v1/stripe/webhook", "POST"), ("POST", "/v1/top-ups/checkout", "found"),
            ("DELETE", "/v1/top-ups/checkout", "POST"), ("POST", "/v1/stripe/webhook/", "none"),
            ("POST", "/v1/top-ups", "none"), ("POST", "/V1/stripe/webhook", "none"),
        ])
    func routes(method: String, path: String, expected: String) async throws {
        try await withHouse { house in
            let match =
                switch house.door.endpoint(method: method, path: path) {
                case nil: "none"
                case .found: "found"
                case .wrongMethod(let allowed): allowed.joined(separator: ", ")
                }
            #expect(match == expected)
        }
    }
}
