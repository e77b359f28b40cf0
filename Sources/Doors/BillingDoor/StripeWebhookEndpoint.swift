public import Billing
public import Domain
import HTTPCore
public import HTTPServer
import JSON
public import Routing
public import Telemetry

/// `POST /v1/stripe/webhook`: no key; the signature says that it is Stripe.
public struct StripeWebhookEndpoint: Endpoint {
    public static let path = "/v1/stripe/webhook"

    private let desk: TopUpDesk
    private let log: Logger
    private let render: ErrorRendering

    public init(desk: TopUpDesk, log: Logger, render: @escaping ErrorRendering) {
        self.desk = desk
        self.log = log
        self.render = render
    }

    public func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        let signatures = request.headers.all("stripe-signature")
        let body = request.body
        // The journal lies on a disk: the loop must not wait for it.
        let result = await withTaskExecutorPreference(globalConcurrentExecutor) { [desk] in
            Result { () throws(GatewayError) in
                try desk.take(body: body, signature: signatures.count == 1 ? signatures[0] : nil)
            }
        }
        switch result {
        case .success(let effect):
            note(effect, requestID)
            let received: JSONValue = ["received": true]
            responder.send(.json(received, requestID: requestID))
        case .failure(let error):
            log.with(requestID: requestID.rawValue).warning(
                "payment event refused", ["reason": .string(error.reason.rawValue)])
            responder.send(render(error, requestID))
        }
    }

    private func note(_ effect: TopUpDesk.Effect, _ requestID: RequestID) {
        let log = log.with(requestID: requestID.rawValue)
        switch effect {
        case .posted(let stored):
            let posting = stored.posting
            log.notice(
                "payment posted",
                [
                    "kind": .string(posting.kind.rawValue), "account": .string(posting.accountID.rawValue),
                    "reference": .string(posting.reference),
                ])
        case .noted(let account):
            log.info("payment event noted", ["account": .string(account.rawValue)])
        case .knownAlready: log.debug("payment event known already")
        case .ignored(let type): log.debug("payment event ignored", ["type": .string(type)])
        }
    }
}

extension HTTPResponse {
    static func json(_ value: JSONValue, requestID: RequestID) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": "application/json", "X-Request-Id": requestID.rawValue, "Cache-Control": "no-store",
            ],
            body: value.serialized())
    }
}
