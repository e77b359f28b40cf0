import Domain
import HTTPClient
import JSON
import Telemetry

/// One address of Stripe's API, with the key that opens it.
struct StripeAPI: Sendable {
    private let template: RequestTemplate

    static let mostAnswerBytes = 256 << 10
    private static let deadlines = RequestDeadlines(
        connectMilliseconds: 5_000, firstByteMilliseconds: 20_000, idleMilliseconds: 20_000, totalMilliseconds: 30_000)

    /// - Parameter path: Such as `/v1/checkout/sessions`.
    init(_ secretKey: Secret, base: String, path: String) throws(BillingSetupError) {
        let key = secretKey.reveal()
        guard !key.isEmpty, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .unusableSecretKey }
        guard Self.isAddress(base) else { throw .unusableAddress("api_base") }
        template = RequestTemplate(
            .post, url: (base.hasSuffix("/") ? String(base.dropLast()) : base) + path,
            headers: [
                ("Authorization", "Bearer \(key)"), ("Content-Type", "application/x-www-form-urlencoded"),
                ("Accept", "application/json"),
            ])
    }

    struct Answer {
        let status: Int
        let body: [UInt8]

        /// Nil for what is no JSON.
        var json: JSONValue? { try? JSONScanner(maximumBytes: max(1, body.count)).value(body) }
    }

    /// Runs on the client's loop.
    func post(
        _ fields: [(String, String)], idempotencyKey: String, on client: HTTPClient
    ) async throws(HTTPClientError) -> Answer {
        let response = try await client.send(
            template, body: FormBody.encode(fields), headers: [("Idempotency-Key", idempotencyKey)],
            deadlines: Self.deadlines)
        return Answer(status: response.status, body: try await response.collect(limit: Self.mostAnswerBytes))
    }

    static func isAddress(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= 2_048
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}
