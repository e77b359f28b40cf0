import Billing
import Crypto
import Domain
import EventLoop
import HTTPClient
import HTTPCore
import HTTPServer
import JSON
import MemoryStores
import Routing
import Synchronization
import Telemetry

@testable import BillingDoor

/// Stripe's API as far as it is used: notes what it is asked, and answers as it is told.
final class FakeStripe: HTTPHandler {
    struct Asked: Sendable {
        let path: String
        let headers: HeaderFields
        let body: String
    }

    private let state = Mutex((answer: HTTPResponse(status: 500), asked: [Asked]()))

    static let session = json(200, ["id": "cs_test_1", "url": "https://checkout.stripe.com/c/pay/cs_test_1"])

    static func json(_ status: Int, _ body: JSONValue) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: body.serialized())
    }

    var asked: [Asked] { state.withLock { $0.asked } }

    func answers(_ response: HTTPResponse) { state.withLock { $0.answer = response } }

    func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        let asked = Asked(
            path: request.path, headers: request.headers, body: String(decoding: request.body, as: UTF8.self))
        let answer = state.withLock { state in
            state.asked.append(asked)
            return state.answer
        }
        responder.send(answer)
    }

    func refuse(_ refusal: ServerRefusal) -> HTTPResponse { HTTPResponse(status: 400) }
}

/// A gateway that only takes payments, with Stripe played beside it.
struct House: Sendable {
    let address: String
    let door: BillingDoor
    let stripe: FakeStripe
    let store: MemoryStore
    /// The loop that the gateway runs on.
    let loop: LoopThread
    let client: HTTPClient

    static let secret = Secret("whsec_test")
    static let now = Timestamp(seconds: 1_700_000_000)
    /// The only one there is.
    static let account = Account(id: AccountID("acc_1"), name: "one", createdAt: Timestamp(seconds: 1))

    /// The references posted so far.
    var references: [String] { store.contents.postings.map(\.posting.reference) }

    struct Answer: Sendable {
        let status: Int
        let headers: HeaderFields
        let body: JSONValue
        let text: String
    }

    func post(_ path: String, _ body: [UInt8], _ headers: [(String, String)] = []) async throws -> Answer {
        let url = "http://\(address)\(path)"
        let client = client
        let result = await client.loop.run { () async -> Result<Answer, any Error> in
            do {
                let template = RequestTemplate(.post, url: url, headers: [], avoidsProxy: true)
                let response = try await client.send(
                    template, body: body, headers: headers, deadlines: RequestDeadlines())
                let bytes = try await response.collect(limit: 1 << 20)
                return .success(
                    Answer(
                        status: response.status, headers: response.headers, body: try JSONScanner().value(bytes),
                        text: String(decoding: bytes, as: UTF8.self)))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    static let render: ErrorRendering = { error, requestID in
        let body: JSONValue = [
            "reason": .string(error.reason.rawValue), "message": .string(error.message),
            "param": error.param.map { .string($0) } ?? .null,
        ]
        return HTTPResponse(
            status: error.reason.status, headers: ["X-Request-Id": requestID.rawValue], body: body.serialized())
    }

    /// Keys are called like their roles; `sub` is an administrator of a sub-account.
    static func authenticate(_ request: HTTPRequest) throws(GatewayError) -> Principal {
        let name = request.headers.first("authorization") ?? ""
        guard let role = Role(rawValue: name == "sub" ? "admin" : name) else {
            throw GatewayError(.invalidKey, "The API key is not valid.")
        }
        let isSub = name == "sub"
        let account =
            isSub
            ? Account(
                id: AccountID("sa_1"), name: "sub", createdAt: now, parentID: account.id)
            : account
        let key = APIKey(
            id: KeyID("key_1"), accountID: account.id, name: "k", prefix: "sk-aig-", hash: [], createdAt: now,
            role: role)
        return Principal(key: key, account: account, parent: isSub ? account : nil)
    }
}

/// Runs a test in such a house.
func withHouse(savesMethods: Bool = true, _ body: (House) async throws -> Void) async throws {
    let loops = (house: LoopThread(name: "house"), stripe: LoopThread(name: "stripe"))
    let stripe = FakeStripe()
    let played = try await HTTPListener(
        ServerConfiguration(host: "127.0.0.1", port: 0), loops: [loops.stripe], handler: stripe)
    let client = await HTTPClient.make(on: loops.house, ClientConfiguration())
    let store = MemoryStore()
    try store.insert(House.account)
    let door = try makeDoor(stripeAt: "http://\(played.address)", client, store, savesMethods: savesMethods)
    let listener = try await HTTPListener(
        ServerConfiguration(host: "127.0.0.1", port: 0), loops: [loops.house],
        handler: FrontDoor([door], fallback: door))
    let asking = await HTTPClient.make(on: loops.stripe, ClientConfiguration())
    let house = House(
        address: listener.address, door: door, stripe: stripe, store: store, loop: loops.house, client: asking)
    let result: Result<Void, any Error>
    do { result = .success(try await body(house)) } catch { result = .failure(error) }
    await loops.stripe.run { asking.close() }
    await loops.house.run { client.close() }
    await listener.shutdown(graceMilliseconds: 500)
    await played.shutdown(graceMilliseconds: 500)
    loops.house.stop()
    loops.stripe.stop()
    try result.get()
}

private func makeDoor(
    stripeAt base: String, _ client: HTTPClient, _ store: MemoryStore, savesMethods: Bool
) throws -> BillingDoor {
    let terms = TopUpTerms()
    let checkout = try StripeCheckout(
        CheckoutTerms(
            secretKey: Secret("sk_test_secret"), apiBase: base + "/", successURL: "https://example.com/ok?a=b&c={ID}",
            cancelURL: "https://example.com/no"))
    let reloads = try AutoReloadDesk(
        store: store, terms: AutoReloadTerms(isOffered: true, minimumTopUpCents: 500, mostPerMonth: 10),
        now: { House.now })
    let desk = TopUpDesk(
        webhook: try StripeWebhook(secrets: [House.secret], terms: terms), ledger: store, accounts: store,
        reloads: reloads, now: { House.now }, changed: {})
    return BillingDoor(
        webhook: StripeWebhookEndpoint(
            desk: desk, log: Logger(level: .error, format: .json), render: House.render),
        checkout: CheckoutEndpoint(
            checkout: checkout, terms: terms, savesMethods: savesMethods, client: { _ in client },
            authenticate: House.authenticate,
            render: House.render),
        render: House.render)
}
