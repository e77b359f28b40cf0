import Domain
import HTTPClient
import Telemetry
import Testing

@testable import Billing

@Suite("Stripe's checkout")
struct StripeCheckoutTests {
    @Test(
        "It is not made with settings that could not work",
        arguments: [
            ("", "https://a", "https://b", "https://c", BillingSetupError.unusableSecretKey),
            ("sk_test\r\nX: y", "https://a", "https://b", "https://c", .unusableSecretKey),
            ("sk_test_1", "ftp://a", "https://b", "https://c", .unusableAddress("api_base")),
            ("sk_test_1", "https://a", "", "https://c", .unusableAddress("success_url")),
            ("sk_test_1", "https://a", "https://b", "/c", .unusableAddress("cancel_url")),
        ])
    func setup(key: String, base: String, success: String, cancel: String, error: BillingSetupError) {
        let terms = CheckoutTerms(secretKey: Secret(key), apiBase: base, successURL: success, cancelURL: cancel)
        #expect(throws: error) { try StripeCheckout(terms) }
    }

    @Test(
        "A form's fields are escaped",
        arguments: [
            ([("a", "b")], "a=b"), ([("a", ""), ("b", "&=")], "a=&b=%26%3D"),
            ([("a[0]", "x y+z")], "a%5B0%5D=x%20y%2Bz"),
            ([("a", "ü\r\n")], "a=%C3%BC%0D%0A"), ([("A-._~9", "/")], "A-._~9=%2F"), ([], ""),
        ] as [([(String, String)], String)])
    func form(fields: [(String, String)], text: String) {
        #expect(String(decoding: FormBody.encode(fields), as: UTF8.self) == text)
    }

    @Test(
        "A connection that fails has its reason",
        arguments: [
            (HTTPClientError.timedOut(.firstByte), ErrorReason.upstreamTimeout),
            (.cannotConnect("10.0.0.1 refused"), .providerError), (.notTrusted("10.0.0.1"), .providerError),
            (.brokenOff("10.0.0.1"), .providerError), (.tooLarge(limit: 1), .providerError),
            (.cancelled, .clientClosed),
        ])
    func connection(error: HTTPClientError, reason: ErrorReason) {
        let told = StripeFailure.error(error)
        #expect(told.reason == reason)
        #expect(!told.message.contains("10.0.0.1"))
    }

    @Test func `settings show no key when they are printed`() {
        var text = ""
        dump(CheckoutTerms(secretKey: Secret("sk_live_1"), successURL: "https://b", cancelURL: "https://c"), to: &text)
        #expect(!text.contains("sk_live"))
    }
}
