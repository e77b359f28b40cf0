public import Domain
public import HTTPServer
public import Routing

/// Payments under `/v1`: beginning them, and hearing of them from Stripe.
public struct BillingDoor: Door {
    private let webhook: StripeWebhookEndpoint?
    private let checkout: CheckoutEndpoint?
    private let renderError: ErrorRendering

    /// An endpoint that is nil is not there: its settings are missing.
    public init(
        webhook: StripeWebhookEndpoint?, checkout: CheckoutEndpoint?, render: @escaping ErrorRendering
    ) {
        self.webhook = webhook
        self.checkout = checkout
        renderError = render
    }

    public func endpoint(method: String, path: String) -> EndpointMatch? {
        switch path {
        case StripeWebhookEndpoint.path: webhook.map { onlyPost(method, $0) }
        case CheckoutEndpoint.path: checkout.map { onlyPost(method, $0) }
        default: nil
        }
    }

    private func onlyPost(_ method: String, _ endpoint: some Endpoint) -> EndpointMatch {
        method == "POST" ? .found(endpoint) : .wrongMethod(allowed: ["POST"])
    }

    public func render(_ error: GatewayError, requestID: RequestID) -> HTTPResponse {
        renderError(error, requestID)
    }
}

/// How an error is worded in the dialect that is spoken under `/v1`.
public typealias ErrorRendering = @Sendable (GatewayError, RequestID) -> HTTPResponse
