public import Telemetry

/// How payments are begun.
public struct CheckoutTerms: Sendable {
    public static let defaultAPIBase = "https://api.stripe.com"

    /// Stripe's secret key, `sk_…` or a restricted `rk_…` that may write checkout sessions.
    public var secretKey: Secret
    /// Where Stripe's API is, without `/v1`.
    public var apiBase: String
    /// Where payers are sent afterwards. `{CHECKOUT_SESSION_ID}` in it is filled in by Stripe.
    public var successURL: String
    public var cancelURL: String
    public var minimumCents: Int64
    /// What the payer reads on the page.
    public var productName: String

    public init(
        secretKey: Secret, apiBase: String = defaultAPIBase, successURL: String, cancelURL: String,
        minimumCents: Int64 = 500, productName: String = "AI gateway credit"
    ) {
        self.secretKey = secretKey
        self.apiBase = apiBase
        self.successURL = successURL
        self.cancelURL = cancelURL
        self.minimumCents = minimumCents
        self.productName = productName
    }
}
