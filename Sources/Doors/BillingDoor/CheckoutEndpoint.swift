public import Billing
public import Domain
public import EventLoop
public import HTTPClient
import HTTPCore
public import HTTPServer
import JSON
public import Routing

/// `POST /v1/top-ups/checkout`: answers with the address of a page where the caller's account can be topped up.
public struct CheckoutEndpoint: Endpoint {
    public static let path = "/v1/top-ups/checkout"

    private let checkout: StripeCheckout
    private let terms: TopUpTerms
    private let savesMethods: Bool
    private let client: @Sendable (LoopThread) -> HTTPClient
    private let authenticate: @Sendable (HTTPRequest) throws(GatewayError) -> Principal
    private let render: ErrorRendering

    private static let mostBodyBytes = 16 << 10
    private static let maximumDepth = 8

    /// - Parameters:
    ///   - terms: What the answer says will come of the payment.
    ///   - savesMethods: Whether callers may have what is paid with kept for automatic top-ups.
    ///   - client: The client that belongs to a loop.
    public init(
        checkout: StripeCheckout, terms: TopUpTerms, savesMethods: Bool,
        client: @escaping @Sendable (LoopThread) -> HTTPClient,
        authenticate: @escaping @Sendable (HTTPRequest) throws(GatewayError) -> Principal,
        render: @escaping ErrorRendering
    ) {
        self.checkout = checkout
        self.terms = terms
        self.savesMethods = savesMethods
        self.client = client
        self.authenticate = authenticate
        self.render = render
    }

    public func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        do throws(GatewayError) {
            let account = try payer(authenticate(request))
            let wish = try Self.wish(in: request.body)
            guard savesMethods || !wish.savesMethod else {
                throw GatewayError(
                    .invalidValue, "Automatic top-ups are not offered here, so that no payment method is kept.",
                    param: "save_payment_method")
            }
            let session = try await checkout.session(
                for: account, amountCents: wish.cents, savesMethod: wish.savesMethod,
                idempotencyKey: request.headers.first("idempotency-key"), on: client(request.loop))
            responder.send(.json(json(session, wish.cents), requestID: requestID))
        } catch {
            responder.send(render(error, requestID))
        }
    }

    private func payer(_ principal: Principal) throws(GatewayError) -> AccountID {
        guard principal.role >= .admin else {
            throw GatewayError(.roleNotAllowed, "Topping up takes a key with the role `admin`.")
        }
        guard principal.account.parentID == nil else {
            throw GatewayError(
                .roleNotAllowed, "A sub-account has no wallet of its own. Use a key of the account that pays.")
        }
        return principal.accountID
    }

    struct Wish: Hashable {
        let cents: Int64
        let savesMethod: Bool
    }

    static func wish(in body: [UInt8]) throws(GatewayError) -> Wish {
        let object = try members(of: body)
        return Wish(cents: try amount(object["amount_cents"]), savesMethod: try saving(object["save_payment_method"]))
    }

    private static func members(of body: [UInt8]) throws(GatewayError) -> JSONObject {
        guard body.count <= mostBodyBytes else {
            throw GatewayError(.payloadTooLarge, "The body is longer than the \(mostBodyBytes) bytes allowed.")
        }
        guard let value = try? JSONScanner(maximumBytes: mostBodyBytes).value(body, maximumDepth: maximumDepth),
            let object = value.objectValue
        else { throw GatewayError(.invalidBody, "The body must be a JSON object.") }
        guard !object.hasRepeatedKeys else {
            throw GatewayError(.duplicateField, "A member of the body is there twice.")
        }
        return object
    }

    private static func amount(_ amount: JSONValue?) throws(GatewayError) -> Int64 {
        guard let amount, !amount.isNull else {
            throw GatewayError(.missingField, "`amount_cents` is missing.", param: "amount_cents")
        }
        guard let number = amount.numberValue else {
            throw GatewayError(.invalidType, "`amount_cents` must be a number.", param: "amount_cents")
        }
        guard let cents = number.int64 else {
            throw GatewayError(
                .invalidValue, "`amount_cents` must be a whole number of cents.", param: "amount_cents")
        }
        return cents
    }

    private static func saving(_ wish: JSONValue?) throws(GatewayError) -> Bool {
        guard let wish, !wish.isNull else { return false }
        guard let saves = wish.boolValue else {
            throw GatewayError(
                .invalidType, "`save_payment_method` must be true or false.", param: "save_payment_method")
        }
        return saves
    }

    private func json(_ session: CheckoutSession, _ cents: Int64) -> JSONValue {
        let paid = Nanodollars(cents: cents) ?? .zero
        let fee = terms.fee(ofPaid: paid)
        return [
            "object": "checkout_session", "id": .string(session.id), "url": .string(session.url),
            "amount_cents": .int(cents), "fee_cents": .int(fee.rawValue / Nanodollars.perCent),
            "credited_cents": .int((paid - fee).rawValue / Nanodollars.perCent),
        ]
    }
}
