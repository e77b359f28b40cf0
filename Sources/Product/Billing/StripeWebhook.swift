public import Domain
public import Telemetry

/// Reads what Stripe tells: first whether it is Stripe that tells it, then what it means. Touches nothing.
public struct StripeWebhook: Sendable {
    /// Events are a few kilobytes; a longer body is refused before anything is computed of it.
    public static let mostBodyBytes = 1 << 20
    /// How far the time of a signature may be from ours, either way.
    public static let defaultToleranceSeconds: Int64 = 300

    private let secrets: [Secret]
    private let reader: StripeEventReader
    var terms: TopUpTerms { reader.terms }
    private let toleranceSeconds: Int64

    /// - Parameter secrets: Each is enough: two while one takes the place of the other.
    public init(
        secrets: [Secret], terms: TopUpTerms, toleranceSeconds: Int64 = defaultToleranceSeconds
    ) throws(BillingSetupError) {
        // A code made with an empty or a blank secret is one that anybody can make.
        guard !secrets.isEmpty, secrets.allSatisfy({ $0.reveal().utf8.contains { $0 > 0x20 } }) else {
            throw .emptyWebhookSecret
        }
        self.secrets = secrets
        self.toleranceSeconds = max(0, toleranceSeconds)
        reader = StripeEventReader(terms: terms)
    }

    public func outcome(body: [UInt8], signature: String?, now: Timestamp) throws(GatewayError) -> StripeOutcome {
        try event(body: body, signature: signature, now: now).outcome
    }

    public func event(body: [UInt8], signature: String?, now: Timestamp) throws(GatewayError) -> StripeEvent {
        guard body.count <= Self.mostBodyBytes else {
            throw GatewayError(.payloadTooLarge, "The event is longer than the \(Self.mostBodyBytes) bytes allowed.")
        }
        // One answer for everything that is wrong with a signature.
        guard let signature = signature.flatMap({ StripeSignature($0) }), signature.isOf(body, under: secrets) else {
            throw GatewayError(.badSignature, "The event does not bear a signature made with the webhook's secret.")
        }
        guard abs(now.seconds - signature.seconds) <= toleranceSeconds else {
            throw GatewayError(
                .badSignature, "The event was signed more than \(toleranceSeconds) seconds away from the time it is.")
        }
        return try reader.read(body)
    }
}

/// Why payments cannot be offered.
public enum BillingSetupError: Error, Hashable, Sendable, CustomStringConvertible {
    case emptyWebhookSecret
    case unusableSecretKey
    case unusableAddress(String)

    public var description: String {
        switch self {
        case .emptyWebhookSecret: "the secret of the Stripe webhook is empty"
        case .unusableSecretKey: "the secret key of Stripe is empty or has more than one line"
        case .unusableAddress(let setting): "the \(setting) of Stripe must be an http or https address"
        }
    }
}
