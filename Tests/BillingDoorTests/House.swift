import Billing
import Crypto
import Domain
import EventLoop
import HTTPClient
import HTTPCore
import HTTPServer
import JSON
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

/// A journal that notes whether it was ever asked on a loop.
final class WatchingLedger: LedgerStore {
    private let loop: LoopThread
    private let state = Mutex((references: [String](), wasOnLoop: false, isBroken: false))

    init(_ loop: LoopThread) { self.loop = loop }

    var references: [String] { state.withLock { $0.references } }
    var wasOnLoop: Bool { state.withLock { $0.wasOnLoop } }
    func breakDown() { state.withLock { $0.isBroken = true } }

    func post(_ posting: Posting) throws(StoreError) -> StoredPosting? {
        let isCurrent = loop.isCurrent
        let (isBroken, id) = state.withLock { state -> (Bool, Int64?) in
            state.wasOnLoop = state.wasOnLoop || isCurrent
            guard !state.isBroken, !state.references.contains(posting.reference) else { return (state.isBroken, nil) }
            state.references.append(posting.reference)
            return (false, Int64(state.references.count))
        }
        guard !isBroken else { throw .notWritten("/var/lib/secret/place is full") }
        return id.map { StoredPosting(id: $0, createdAt: Timestamp(seconds: 1), posting: posting) }
    }

    func posting(reference: String) throws(StoreError) -> StoredPosting? { nil }
    func postings(after id: Int64, limit: Int) throws(StoreError) -> [StoredPosting] { [] }
    func balances() throws(StoreError) -> (of: [LedgerAccount: Nanodollars], latestPosting: Int64) { ([:], 0) }
    func spending(since day: CalendarDay) throws(StoreError) -> [Spending] { [] }
    func verify() throws(StoreError) -> LedgerReport {
        LedgerReport(calls: 0, postings: 0, transfers: 0, differences: [])
    }
}

/// One account, `acc_1`.
struct OneAccount: KeyStore {
    static let account = Account(id: AccountID("acc_1"), name: "one", createdAt: Timestamp(seconds: 1))

    func account(_ id: AccountID) throws(StoreError) -> Account? { id == Self.account.id ? Self.account : nil }
    func accounts() throws(StoreError) -> [Account] { [Self.account] }
    func keyGeneration() throws(StoreError) -> Int64 { 0 }
    func activeKeys() throws(StoreError) -> [APIKey] { [] }
    func allKeys() throws(StoreError) -> [APIKey] { [] }
    func key(_ id: KeyID) throws(StoreError) -> APIKey? { nil }
    func insert(_ account: Account) throws(StoreError) {}
    func insert(_ key: APIKey) throws(StoreError) {}
    func update(_ account: Account) throws(StoreError) -> Bool { false }
    func update(_ key: APIKey) throws(StoreError) -> Bool { false }
    func revoke(_ id: KeyID, at moment: Timestamp) throws(StoreError) -> Bool { false }
    func budgets() throws(StoreError) -> [Budget] { [] }
    func insert(_ budget: Budget) throws(StoreError) {}
    func update(_ budget: Budget) throws(StoreError) -> Bool { false }
    func removeBudget(_ id: BudgetID) throws(StoreError) -> Bool { false }
    func vendorKeys() throws(StoreError) -> [VendorKey] { [] }
    func insert(_ key: VendorKey) throws(StoreError) {}
    func update(_ key: VendorKey) throws(StoreError) -> Bool { false }
    func revoke(_ id: VendorKeyID, at moment: Timestamp) throws(StoreError) -> Bool { false }
}

/// A gateway that only takes payments, with Stripe played beside it.
struct House: Sendable {
    let address: String
    let door: BillingDoor
    let stripe: FakeStripe
    let ledger: WatchingLedger
    let client: HTTPClient

    static let secret = Secret("whsec_test")
    static let now = Timestamp(seconds: 1_700_000_000)

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
                id: AccountID("sa_1"), name: "sub", createdAt: now, parentID: OneAccount.account.id)
            : OneAccount.account
        let key = APIKey(
            id: KeyID("key_1"), accountID: account.id, name: "k", prefix: "sk-aig-", hash: [], createdAt: now,
            role: role)
        return Principal(key: key, account: account, parent: isSub ? OneAccount.account : nil)
    }
}

/// Runs a test in such a house.
func withHouse(_ body: (House) async throws -> Void) async throws {
    let loops = (house: LoopThread(name: "house"), stripe: LoopThread(name: "stripe"))
    let stripe = FakeStripe()
    let played = try await HTTPListener(
        ServerConfiguration(host: "127.0.0.1", port: 0), loops: [loops.stripe], handler: stripe)
    let client = await HTTPClient.make(on: loops.house, ClientConfiguration())
    let ledger = WatchingLedger(loops.house)
    let door = try makeDoor(stripeAt: "http://\(played.address)", client, ledger)
    let listener = try await HTTPListener(
        ServerConfiguration(host: "127.0.0.1", port: 0), loops: [loops.house],
        handler: FrontDoor([door], fallback: door))
    let asking = await HTTPClient.make(on: loops.stripe, ClientConfiguration())
    let house = House(address: listener.address, door: door, stripe: stripe, ledger: ledger, client: asking)
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
    stripeAt base: String, _ client: HTTPClient, _ ledger: WatchingLedger
) throws -> BillingDoor {
    let terms = TopUpTerms()
    let checkout = try StripeCheckout(
        CheckoutTerms(
            secretKey: Secret("sk_test_secret"), apiBase: base + "/", successURL: "https://example.com/ok?a=b&c={ID}",
            cancelURL: "https://example.com/no"))
    let desk = TopUpDesk(
        webhook: try StripeWebhook(secrets: [House.secret], terms: terms), ledger: ledger, accounts: OneAccount(),
        now: { House.now }, changed: {})
    return BillingDoor(
        webhook: StripeWebhookEndpoint(
            desk: desk, log: Logger(level: .error, format: .json), render: House.render),
        checkout: CheckoutEndpoint(
            checkout: checkout, terms: terms, client: { _ in client }, authenticate: House.authenticate,
            render: House.render),
        render: House.render)
}
