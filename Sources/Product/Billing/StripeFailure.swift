import Domain
import HTTPClient
import JSON

/// What is said of Stripe's refusals. Stripe's own words stay out: they can hold parts of keys.
enum StripeFailure {
    private static let longestCode = 64
    private static let retryAfterSeconds = 2

    static var unreadable: GatewayError {
        GatewayError(.providerError, "The payment service gave an answer that cannot be read. Try again.")
    }

    static func error(status: Int, _ body: [UInt8]) -> GatewayError {
        switch status {
        case 401, 403:
            GatewayError(
                .providerNotConfigured, "The payment service refused the gateway's own key. Tell its operator.")
        case 409:
            GatewayError(.conflict, "The same payment is being begun already. Try again shortly.")
        case 429:
            GatewayError(
                .upstreamSaturated, "The payment service is busy. Try again shortly.",
                retryAfterSeconds: retryAfterSeconds)
        case 400..<500: refusal(body)
        default: GatewayError(.providerError, "The payment service failed. Try again.")
        }
    }

    private static func refusal(_ body: [UInt8]) -> GatewayError {
        let error = (try? JSONScanner(maximumBytes: max(1, body.count)).value(body))?["error"]
        if error?["type"]?.stringValue == "idempotency_error" {
            return GatewayError(.conflict, "The same `Idempotency-Key` was used with another body. Use a new one.")
        }
        guard let code = error?["code"]?.stringValue, isWord(code) else {
            return GatewayError(.upstreamRejected, "The payment service did not accept the payment.")
        }
        return GatewayError(.upstreamRejected, "The payment service did not accept the payment: `\(code)`.")
    }

    /// Stripe's machine words, such as `amount_too_large`, are safe to repeat.
    static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= longestCode
            && text.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "_") }
    }

    static func error(_ error: HTTPClientError) -> GatewayError {
        switch error {
        case .timedOut: GatewayError(.upstreamTimeout, "The payment service did not answer in time. Try again.")
        case .cannotConnect, .notTrusted:
            GatewayError(.providerError, "The payment service cannot be reached. Try again.")
        case .brokenOff, .tooLarge: unreadable
        case .cancelled: GatewayError(.clientClosed, "The request was given up.")
        }
    }
}
