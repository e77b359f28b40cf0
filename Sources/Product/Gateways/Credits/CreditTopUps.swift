public import Domain

/// How accounts pay. Called off the loops.
public protocol CreditTopUps: Sendable {
    /// What an account can be charged with while nobody is there; nil for nothing.
    func savedMethod(of account: Account) -> SavedMethod?
    func automatic(of account: Account) -> AutomaticTopUp
    /// Switches automatic top-ups on.
    func setAutomatic(_ account: Account, amountCents: Int64, thresholdCents: Int64) throws(GatewayError)
    func removeAutomatic(_ account: Account) throws(GatewayError)
    /// Begins one payment.
    ///
    /// - Parameter method: What to charge, where it is another than the saved one.
    func begin(_ account: Account, cents: Int64, method: String?) async throws(GatewayError) -> BegunTopUp
    /// Whether a payment was made by itself.
    func isAutomatic(_ payment: StoredPosting) -> Bool
}

/// What people know a payment method by.
public struct SavedMethod: Hashable, Sendable {
    public var brand: String?
    public var lastDigits: String?

    public init(brand: String? = nil, lastDigits: String? = nil) {
        self.brand = brand
        self.lastDigits = lastDigits
    }
}

/// An account's wish to be topped up by itself, and how that goes.
public struct AutomaticTopUp: Hashable, Sendable {
    /// Nil until they were set.
    public var amountCents: Int64?
    public var thresholdCents: Int64?
    /// Why nothing is done, when nothing is.
    public var disabledReason: String?
    public var error: String?
    public var lastFailedAt: Timestamp?

    public init(
        amountCents: Int64? = nil, thresholdCents: Int64? = nil, disabledReason: String? = nil,
        error: String? = nil, lastFailedAt: Timestamp? = nil
    ) {
        self.amountCents = amountCents
        self.thresholdCents = thresholdCents
        self.disabledReason = disabledReason
        self.error = error
        self.lastFailedAt = lastFailedAt
    }
}

/// A payment that the payer has yet to confirm.
public struct BegunTopUp: Hashable, Sendable {
    public var paymentIntent: String
    public var clientSecret: String?
    /// Whether the payer was known before.
    public var isOnboarded: Bool
    public var method: SavedMethod?

    public init(
        paymentIntent: String, clientSecret: String? = nil, isOnboarded: Bool = true, method: SavedMethod? = nil
    ) {
        self.paymentIntent = paymentIntent
        self.clientSecret = clientSecret
        self.isOnboarded = isOnboarded
        self.method = method
    }
}

/// Nothing can be paid through Cloudflare's routes.
public struct NoTopUps: CreditTopUps {
    private let checkout: String?

    /// - Parameter checkout: Where payments can be made instead, such as `POST /v1/top-ups/checkout`.
    public init(checkout: String? = nil) {
        self.checkout = checkout
    }

    public func savedMethod(of account: Account) -> SavedMethod? { nil }
    public func automatic(of account: Account) -> AutomaticTopUp { AutomaticTopUp(disabledReason: "not offered") }
    public func isAutomatic(_ payment: StoredPosting) -> Bool { false }
    public func removeAutomatic(_ account: Account) throws(GatewayError) {}

    public func setAutomatic(_ account: Account, amountCents: Int64, thresholdCents: Int64) throws(GatewayError) {
        throw GatewayError(.invalidValue, "Automatic top-ups are not offered here. Ask the gateway's operator.")
    }

    public func begin(_ account: Account, cents: Int64, method: String?) async throws(GatewayError) -> BegunTopUp {
        guard let checkout else {
            throw GatewayError(
                .invalidValue, "This gateway takes no payments. Ask its operator to top the account up.")
        }
        throw GatewayError(
            .invalidValue, "Payments are made on a page of their own: `\(checkout)` answers with its address.")
    }
}
