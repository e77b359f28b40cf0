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
    private let template: RequestTemplate

    public static let maximumCents = StripeEventReader.mostCents
    /// With what is put before it, it stays within the 255 that Stripe takes.
    public static let longestIdempotencyKey = 200
    private static let mostAnswerBytes = 256 << 10
    private static let deadlines = RequestDeadlines(
        connectMilliseconds: 5_000, firstByteMilliseconds: 20_000, idleMilliseconds: 20_000, totalMilliseconds: 30_000)

    public init(_ terms: CheckoutTerms) throws(BillingSetupError) {
        let key = terms.secretKey.reveal()
        guard !key.isEmpty, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .unusableSecretKey }
        let addresses = [
            ("api_base", terms.apiBase), ("success_url", terms.successURL), ("cancel_url", terms.cancelURL),
        ]
        for (name, address) in addresses where !Self.isAddress(address) { throw .unusableAddress(name) }
        self.terms = terms
        minimumCents = min(max(1, terms.minimumCents), Self.maximumCents)
        let base = terms.apiBase.hasSuffix("/") ? String(terms.apiBase.dropLast()) : terms.apiBase
        template = RequestTemplate(
            .post, url: base + "/v1/checkout/sessions",
            headers: [
                ("Authorization", "Bearer \(key)"), ("Content-Type", "application/x-www-form-urlencoded"),
                ("Accept", "application/json"),
            ])
    }

    /// Makes a page where that account's payment can be made. Runs on the client's loop.
    ///
    /// - Parameter idempotencyKey: Asked for again with the same one, Stripe answers with the same page. It counts
    ///   for this account only; without one, each asking makes a page.
    public func session(
        for account: AccountID, amountCents: Int64, idempotencyKey: String? = nil, on client: HTTPClient
    ) async throws(GatewayError) -> CheckoutSession {
        guard (minimumCents...Self.maximumCents).contains(amountCents) else {
            throw GatewayError(
                .invalidValue,
                "`amount_cents` must be a whole number of cents from \(minimumCents) to \(Self.maximumCents).",
                param: "amount_cents")
        }
        let key = try Self.idempotencyKey(idempotencyKey, account)
        let body = FormBody.encode(fields(account, amountCents))
        let (status, answer) = try await ask(body, key, on: client)
        guard status == 200 else { throw StripeFailure.error(status: status, answer) }
        guard let value = try? JSONScanner(maximumBytes: Self.mostAnswerBytes).value(answer),
            let id = value["id"]?.stringValue, let url = value["url"]?.stringValue, !id.isEmpty, Self.isAddress(url)
        else { throw StripeFailure.unreadable }
        return CheckoutSession(id: id, url: url)
    }

    private func ask(
        _ body: [UInt8], _ key: String, on client: HTTPClient
    ) async throws(GatewayError) -> (status: Int, body: [UInt8]) {
        do throws(HTTPClientError) {
            let response = try await client.send(
                template, body: body, headers: [("Idempotency-Key", key)], deadlines: Self.deadlines)
            return (response.status, try await response.collect(limit: Self.mostAnswerBytes))
        } catch {
            throw StripeFailure.error(error)
        }
    }

    /// The account stands in the session twice, and in the payment, whose refunds tell of it.
    private func fields(_ account: AccountID, _ cents: Int64) -> [(String, String)] {
        let mark = "metadata[\(StripeEventReader.accountKey)]"
        return [
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

    private static func isAddress(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= 2_048
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}
