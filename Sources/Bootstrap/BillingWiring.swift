import Billing
import BillingDoor
import Domain
import HTTPClient
import HTTPCore
import HTTPServer
import OperatingSystem
import Pipeline
import Routing
import Settings
import Telemetry

/// Payments, as far as the settings offer them.
struct BillingWiring {
    private let settings: Settings
    private let cabinet: KeyCabinet
    private let standing: Standing
    private let lanes: Lanes
    private let baseURL: String
    private let log: Logger

    init(
        _ settings: Settings, _ cabinet: KeyCabinet, _ standing: Standing, _ lanes: Lanes, baseURL: String,
        _ log: Logger
    ) {
        self.settings = settings
        self.cabinet = cabinet
        self.standing = standing
        self.lanes = lanes
        self.baseURL = baseURL
        self.log = log
    }

    func door() throws(StartError) -> BillingDoor {
        do throws(BillingSetupError) {
            return BillingDoor(webhook: try webhook(), checkout: try checkout(), render: OpenAIError.response)
        } catch {
            throw .billing("stripe: \(error)")
        }
    }

    private func webhook() throws(BillingSetupError) -> StripeWebhookEndpoint? {
        guard let secret = settings.stripe.webhookSecret else { return nil }
        let secrets = [secret, settings.stripe.previousWebhookSecret].compactMap(\.self)
        let desk = TopUpDesk(
            webhook: try StripeWebhook(secrets: secrets, terms: settings.topUpTerms), ledger: cabinet.ledger,
            accounts: cabinet.keys, reloads: standing.reloads, now: SystemWallClock().now,
            changed: { [refresher = standing.refresher] in Task { await refresher.look() } })
        return StripeWebhookEndpoint(desk: desk, log: log, render: OpenAIError.response)
    }

    private func checkout() throws(BillingSetupError) -> CheckoutEndpoint? {
        guard let key = settings.stripe.secretKey else { return nil }
        let checkout = try StripeCheckout(
            CheckoutTerms(
                secretKey: key, apiBase: apiBase,
                successURL: settings.stripe.successURL?.text ?? baseURL,
                cancelURL: settings.stripe.cancelURL?.text ?? baseURL,
                minimumCents: Int64(settings.billing.minimumTopUpCents)))
        return CheckoutEndpoint(
            checkout: checkout, terms: settings.topUpTerms, savesMethods: settings.autoReloadTerms.isOffered,
            client: { [lanes] in lanes.lane(of: $0).client }, authenticate: standing.authenticate,
            render: OpenAIError.response)
    }

    private var apiBase: String { settings.stripe.apiBase?.text ?? CheckoutTerms.defaultAPIBase }

    /// Nil where no payments can be asked for.
    func reloader() throws(StartError) -> AutoReloader? {
        guard standing.reloads.terms.isOffered, let key = settings.stripe.secretKey else { return nil }
        do throws(BillingSetupError) {
            let stripe = try StripeReloads(secretKey: key, apiBase: apiBase, desk: standing.reloads)
            return AutoReloader(standing.reloads, stripe, standing, lanes, log)
        } catch {
            throw .billing("stripe: \(error)")
        }
    }
}

extension Standing {
    /// Who sent a request.
    func authenticate(_ request: HTTPRequest) throws(GatewayError) -> Principal {
        try authenticator.principal(
            BearerKey.read(request.headers), from: request.clientAddress,
            forwardedFor: request.headers.all("x-forwarded-for"))
    }
}
