import Crypto
public import Domain
public import HTTPClient
import JSON
import Telemetry

/// A page of Stripe's where somebody pays.
public struct CheckoutSession: Hashable, Sendable {
    /// `cs_…`
    public let id: String
    /// Where the payer's browser goes.
    public let url: String
}

/// Begins payments. What comes of them is told by the webhook.
public struct StripeCheckout: Sendable {
    public let minimumCents: Int64
    private let terms: CheckoutTerms
    private let api: StripeAPI

    public static let maximumCents = StripeEventReader.mostCents
    /// With what is put before it, it stays within the 255 that Stripe takes.
    public static let longestIdempotencyKey = 200

    public init(_ terms: CheckoutTerms) throws(BillingSetupError) {
        api = try StripeAPI(terms.secretKey, base: terms.apiBase, path: "/v1/checkout/sessions")
        for (name, address) in [("success_url", terms.successURL), ("cancel_url", terms.cancelURL)]
        where !StripeAPI.isAddress(address) {
            throw .unusableAddress(name)
        }
        self.terms = terms
        minimumCents = min(max(1, terms.minimumCents), Self.maximumCents)
    }

    /// Makes a page where that account's payment can be made. Runs on the client's loop.
    ///
    /// - Parameters:
    ///   - savesMethod: Whether Stripe keeps what was paid with, so that the account can be charged again without
    ///     anybody there. The page says so to the payer.
    ///   - idempotencyKey: Asked for again with the same one, Stripe answers with the same page. It counts for this
    ///     account only; without one, each asking makes a page.
    public func session(
        for account: AccountID, amountCents: Int64, savesMethod: Bool = false, idempotencyKey: String? = nil,
        on client: HTTPClient
    ) async throws(GatewayError) -> CheckoutSession {
        guard (minimumCents...Self.maximumCents).contains(amountCents) else {
            throw GatewayError(
                .invalidValue,
                "`amount_cents` must be a whole number of cents from \(minimumCents) to \(Self.maximumCents).",
                param: "amount_cents")
        }
        let key = try Self.idempotencyKey(idempotencyKey, account)
        let answer: StripeAPI.Answer
        do throws(HTTPClientError) {
            answer = try await api.post(fields(account, amountCents, savesMethod), idempotencyKey: key, on: client)
        } catch {
            throw StripeFailure.error(error)
        }
        guard answer.status == 200 else { throw StripeFailure.error(status: answer.status, answer.body) }
        guard let value = answer.json, let id = value["id"]?.stringValue, let url = value["url"]?.stringValue,
            !id.isEmpty, StripeAPI.isAddress(url)
        else { throw StripeFailure.unreadable }
        return CheckoutSession(id: id, url: url)
    }

    /// The account stands in the session twice, and in the payment, whose refunds tell of it.
    private func fields(_ account: AccountID, _ cents: Int64, _ savesMethod: Bool) -> [(String, String)] {
        let mark = "metadata[\(StripeEventReader.accountKey)]"
        let fields = [
            ("mode", "payment"),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", "usd"),
            ("line_items[0][price_data][unit_amount]", String(cents)),
            ("line_items[0][price_data][product_data][name]", terms.productName),
            ("client_reference_id", account.rawValue),
            (mark, account.rawValue),
            ("payment_intent_data[metadata][\(StripeEventReader.accountKey)]", account.rawValue),
            ("success_url", terms.successURL),
            ("cancel_url", terms.cancelURL),
        ]
        guard savesMethod else { return fields }
        return fields + [
            ("customer_creation", "always"),
            ("payment_intent_data[setup_future_usage]", "off_session"),
            ("payment_intent_data[metadata][\(StripeEventReader.savingKey)]", "true"),
        ]
    }

    private static func idempotencyKey(_ wanted: String?, _ account: AccountID) throws(GatewayError) -> String {
        guard let wanted else { return "aigateway:" + SecureRandom.base62(length: 32) }
        guard !wanted.isEmpty, wanted.utf8.count <= longestIdempotencyKey,
            wanted.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw GatewayError(
                .invalidValue, "`Idempotency-Key` must be 1 to \(longestIdempotencyKey) visible ASCII characters.",
                param: "Idempotency-Key")
        }
        return "aigateway:\(account):\(wanted)"
    }
}
