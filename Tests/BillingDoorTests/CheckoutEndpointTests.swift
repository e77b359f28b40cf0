import Domain
import HTTPCore
import HTTPServer
import JSON
import Routing
import Testing

@testable import BillingDoor

@Suite("Checkout endpoint")
struct CheckoutEndpointTests {
    private static let path = "/v1/top-ups/checkout"
    private static let body = Array(#"{"amount_cents":10000}"#.utf8)
    private static let admin = ("Authorization", "admin")

    @Test func `a page of Stripe's is made for the caller's account`() async throws {
        try await withHouse { house in
            house.stripe.answers(FakeStripe.session)
            let answer = try await house.post(Self.path, Self.body, [Self.admin])
            #expect(answer.status == 200)
            #expect(
                answer.body == [
                    "object": "checkout_session", "id": "cs_test_1",
                    "url": "https://checkout.stripe.com/c/pay/cs_test_1", "amount_cents": 10_000, "fee_cents": 500,
                    "credited_cents": 9_500,
                ])
            let asked = try #require(house.stripe.asked.first)
            #expect(asked.path == "/v1/checkout/sessions")
            #expect(asked.headers.first("authorization") == "Bearer sk_test_secret")
            #expect(asked.headers.first("content-type") == "application/x-www-form-urlencoded")
            #expect(
                asked.body.split(separator: "&") == [
                    "mode=payment", "line_items%5B0%5D%5Bquantity%5D=1",
                    "line_items%5B0%5D%5Bprice_data%5D%5Bcurrency%5D=usd",
                    "line_items%5B0%5D%5Bprice_data%5D%5Bunit_amount%5D=10000",
                    "line_items%5B0%5D%5Bprice_data%5D%5Bproduct_data%5D%5Bname%5D=AI%20gateway%20credit",
                    "client_reference_id=acc_1", "metadata%5Baigateway_account%5D=acc_1",
                    "payment_intent_data%5Bmetadata%5D%5Baigateway_account%5D=acc_1",
                    "success_url=https%3A%2F%2Fexample.com%2Fok%3Fa%3Db%26c%3D%7BID%7D",
                    "cancel_url=https%3A%2F%2Fexample.com%2Fno",
                ])
        }
    }

    @Test func `what is paid with is kept when the caller wishes it`() async throws {
        try await withHouse { house in
            house.stripe.answers(FakeStripe.session)
            let body = Array(#"{"amount_cents":10000,"save_payment_method":true}"#.utf8)
            #expect(try await house.post(Self.path, body, [Self.admin]).status == 200)
            let asked = try #require(house.stripe.asked.first)
            #expect(
                asked.body.split(separator: "&").suffix(3) == [
                    "customer_creation=always", "payment_intent_data%5Bsetup_future_usage%5D=off_session",
                    "payment_intent_data%5Bmetadata%5D%5Baigateway_save_payment_method%5D=true",
                ])
            let not = Array(#"{"amount_cents":10000,"save_payment_method":false}"#.utf8)
            #expect(try await house.post(Self.path, not, [Self.admin]).status == 200)
            #expect(house.stripe.asked.last?.body.contains("customer_creation") == false)
            let wrong = Array(#"{"amount_cents":10000,"save_payment_method":1}"#.utf8)
            #expect(try await house.post(Self.path, wrong, [Self.admin]).body["reason"] == "invalid_type")
        }
        try await withHouse(savesMethods: false) { house in
            house.stripe.answers(FakeStripe.session)
            let body = Array(#"{"amount_cents":10000,"save_payment_method":true}"#.utf8)
            let answer = try await house.post(Self.path, body, [Self.admin])
            #expect(answer.body["param"] == "save_payment_method")
            #expect(house.stripe.asked.isEmpty)
        }
    }

    @Test func `the caller's own idempotency key counts for its account; without one each asking is another`()
        async throws
    {
        try await withHouse { house in
            house.stripe.answers(FakeStripe.session)
            _ = try await house.post(Self.path, Self.body, [Self.admin, ("Idempotency-Key", "order-7")])
            for _ in 0..<2 { _ = try await house.post(Self.path, Self.body, [Self.admin]) }
            let keys = house.stripe.asked.map { $0.headers.first("idempotency-key") ?? "" }
            #expect(keys[0] == "aigateway:acc_1:order-7")
            #expect(Set(keys).count == 3)
            #expect(keys[1].utf8.count > 40)
            let long = ("Idempotency-Key", String(repeating: "k", count: 201))
            let answer = try await house.post(Self.path, Self.body, [Self.admin, long])
            #expect(answer.body["param"]?.stringValue == "Idempotency-Key")
            #expect(house.stripe.asked.count == 3)
        }
    }

    @Test(
        "Topping up takes an administrator of an account that pays",
        arguments: [
            ("admin", 200, nil), ("root", 200, nil), ("member", 403, "role_not_allowed"),
            ("key-only", 403, "role_not_allowed"), ("sub", 403, "role_not_allowed"), ("nobody", 401, "invalid_key"),
        ] as [(String, Int, String?)])
    func roles(key: String, status: Int, reason: String?) async throws {
        try await withHouse { house in
            house.stripe.answers(FakeStripe.session)
            let answer = try await house.post(Self.path, Self.body, [("Authorization", key)])
            #expect(answer.status == status)
            #expect(answer.body["reason"]?.stringValue == reason)
            #expect(house.stripe.asked.count == (status == 200 ? 1 : 0))
        }
    }

    @Test(
        "An amount that cannot be paid is refused before Stripe is asked",
        arguments: [
            ("", "invalid_body"), ("[]", "invalid_body"), ("{", "invalid_body"), ("{}", "missing_field"),
            (#"{"amount_cents":null}"#, "missing_field"), (#"{"amount_cents":"10000"}"#, "invalid_type"),
            (#"{"amount_cents":true}"#, "invalid_type"), (#"{"amount_cents":500.5}"#, "invalid_value"),
            (#"{"amount_cents":499}"#, "invalid_value"), (#"{"amount_cents":0}"#, "invalid_value"),
            (#"{"amount_cents":-10000}"#, "invalid_value"), (#"{"amount_cents":100000000}"#, "invalid_value"),
            (#"{"amount_cents":99999999999999999999}"#, "invalid_value"), (#"{"amount_cents":1e400}"#, "invalid_"),
            (#"{"amount_cents":500,"amount_cents":600}"#, "duplicate_field"),
            (#"{"amount_cents":500,"x":""# + String(repeating: "x", count: 20_000) + #""}"#, "payload_too_large"),
        ])
    func amounts(body: String, reason: String) async throws {
        try await withHouse { house in
            house.stripe.answers(FakeStripe.session)
            let answer = try await house.post(Self.path, Array(body.utf8), [Self.admin])
            #expect(answer.body["reason"]?.stringValue?.hasPrefix(reason) == true, "\(answer.text)")
            #expect(house.stripe.asked.isEmpty)
        }
    }

    @Test(arguments: [500, 99_999_999]) func `the least and the most can be paid`(cents: Int64) async throws {
        try await withHouse { house in
            house.stripe.answers(FakeStripe.session)
            let answer = try await house.post(Self.path, Array(#"{"amount_cents":\#(cents)}"#.utf8), [Self.admin])
            #expect(answer.status == 200)
        }
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let status: Int
        let body: String
        let answer: Int
        let reason: String
        var testDescription: String { "\(status) \(body.prefix(60))" }
    }

    private static let leak = #"{"error":{"type":"x","code":"y Z","message":"Invalid API Key: sk_test_secret"}}"#

    static let failures = [
        Failure(status: 401, body: leak, answer: 503, reason: "provider_not_configured"),
        Failure(status: 403, body: leak, answer: 503, reason: "provider_not_configured"),
        Failure(status: 400, body: leak, answer: 400, reason: "upstream_rejected"),
        Failure(
            status: 400, body: #"{"error":{"code":"amount_too_large","message":"sk_test_secret"}}"#, answer: 400,
            reason: "upstream_rejected"),
        Failure(
            status: 400, body: #"{"error":{"type":"idempotency_error","message":"sk_test_secret"}}"#, answer: 409,
            reason: "conflict"),
        Failure(status: 409, body: leak, answer: 409, reason: "conflict"),
        Failure(status: 429, body: leak, answer: 503, reason: "upstream_saturated"),
        Failure(status: 500, body: "sk_test_secret", answer: 500, reason: "provider_error"),
        Failure(status: 302, body: "", answer: 500, reason: "provider_error"),
        Failure(status: 400, body: "<html>sk_test_secret", answer: 400, reason: "upstream_rejected"),
        Failure(status: 200, body: "", answer: 500, reason: "provider_error"),
        Failure(status: 200, body: "sk_test_secret", answer: 500, reason: "provider_error"),
        Failure(status: 200, body: #"{"id":"cs_1"}"#, answer: 500, reason: "provider_error"),
        Failure(
            status: 200, body: #"{"id":"cs_1","url":"javascript:alert(1)"}"#, answer: 500, reason: "provider_error"),
        Failure(
            status: 200, body: String(repeating: " ", count: 300_000), answer: 500, reason: "provider_error"),
    ]

    @Test(arguments: failures)
    func `what Stripe refuses or fails at is told in our words`(failure: Failure) async throws {
        try await withHouse { house in
            house.stripe.answers(HTTPResponse(status: failure.status, body: Array(failure.body.utf8)))
            let answer = try await house.post(Self.path, Self.body, [Self.admin])
            #expect(answer.status == failure.answer)
            #expect(answer.body["reason"]?.stringValue == failure.reason)
            #expect(!answer.text.contains("sk_test"))
            #expect(!answer.text.contains("y Z"))
        }
    }
}
