public import Domain
public import HTTPClient
import JSON
public import Telemetry

/// Asks Stripe for payments with nobody there.
public struct StripeReloads: Sendable {
    private let api: StripeAPI
    private let desk: AutoReloadDesk

    private static let longestWord = 64

    public init(secretKey: Secret, apiBase: String, desk: AutoReloadDesk) throws(BillingSetupError) {
        api = try StripeAPI(secretKey, base: apiBase, path: "/v1/payment_intents")
        self.desk = desk
    }

    /// Asks, on the client's loop. Nil when it was given up before there was an answer: then it is asked again.
    func ask(_ attempt: ReloadAttempt, on client: HTTPClient) async -> ReloadAnswer? {
        do throws(HTTPClientError) {
            let answer = try await api.post(
                Self.fields(attempt), idempotencyKey: "aigateway:reload:\(attempt.accountID):\(attempt.id)", on: client)
            return Self.read(answer)
        } catch {
            return error == .cancelled ? nil : .unknown(StripeFailure.error(error).message)
        }
    }

    /// Asks for a payment on the client's loop, and writes down what came of it off the loop.
    ///
    /// - Returns: How the account stands when it went wrong.
    public func make(_ attempt: ReloadAttempt, on client: HTTPClient) async throws(GatewayError) -> AutoReload? {
        // A task of its own, on the loop; it ends when whoever waits for it does.
        let asking = Task(executorPreference: client.loop) { await ask(attempt, on: client) }
        let answer = await withTaskCancellationHandler {
            await asking.value
        } onCancel: {
            asking.cancel()
        }
        guard let answer else { return nil }
        return try desk.answered(answer, to: attempt)
    }

    private static func fields(_ attempt: ReloadAttempt) -> [(String, String)] {
        [
            ("amount", String(attempt.amountCents)),
            ("currency", "usd"),
            ("customer", attempt.customer),
            ("payment_method", attempt.paymentMethod),
            ("off_session", "true"),
            ("confirm", "true"),
            // Nobody is there to be sent anywhere, so there is no address to come back to.
            ("automatic_payment_methods[enabled]", "true"),
            ("automatic_payment_methods[allow_redirects]", "never"),
            ("metadata[\(StripeEventReader.accountKey)]", attempt.accountID.rawValue),
            ("metadata[\(StripeEventReader.attemptKey)]", attempt.id),
        ]
    }

    static func read(_ answer: StripeAPI.Answer) -> ReloadAnswer {
        switch answer.status {
        case 200: read(payment: answer.json)
        case 402: read(refusal: answer.json?["error"])
        // A 409 is the same request under way.
        case 400..<500 where answer.status != 409 && !isMixedUp(answer):
            .refused(StripeFailure.error(status: answer.status, answer.body).message, paymentIntent: nil)
        default: .unknown(StripeFailure.error(status: answer.status, answer.body).message)
        }
    }

    private static func read(payment: JSONValue?) -> ReloadAnswer {
        guard let payment, let id = payment["id"]?.stringValue, id.hasPrefix("pi_"),
            let status = payment["status"]?.stringValue
        else { return .unknown(StripeFailure.unreadable.message) }
        return switch status {
        case "succeeded": .taken(paymentIntent: id)
        case "processing": .processing(paymentIntent: id)
        default: .refused(refusal([status]), paymentIntent: id)
        }
    }

    private static func read(refusal error: JSONValue?) -> ReloadAnswer {
        let id = error?["payment_intent"]?["id"]?.stringValue
        return .refused(
            refusal([error?["code"]?.stringValue, error?["decline_code"]?.stringValue]),
            paymentIntent: id.flatMap { $0.hasPrefix("pi_") ? $0 : nil })
    }

    /// Asked with other words under the same name: what was asked first may have been paid.
    private static func isMixedUp(_ answer: StripeAPI.Answer) -> Bool {
        answer.json?["error"]?["type"]?.stringValue == "idempotency_error"
    }

    /// Only machine words: Stripe's sentences may hold more than is anybody's business.
    static func refusal(_ words: [String?]) -> String {
        let words = words.compactMap(\.self).filter(StripeFailure.isWord).map { "`\($0)`" }
        guard !words.isEmpty else { return "The payment was refused." }
        return "The payment was refused: \(words.joined(separator: ", "))."
    }
}
