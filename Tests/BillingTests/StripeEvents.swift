import Billing
import Crypto
import Domain
import JSON
import Synchronization
import Telemetry

/// Events as Stripe makes them, for tests.
enum StripeEvents {
    static let secret = Secret("whsec_test_1")
    static let now = Timestamp(seconds: 1_700_000_000)

    static func signature(_ body: [UInt8], _ secret: Secret = secret, at seconds: Int64 = now.seconds) -> String {
        let message = Array("\(seconds).".utf8) + body
        return "t=\(seconds),v1=\(HMACSHA256.hex(message, key: Array(secret.reveal().utf8)))"
    }

    static func event(_ type: String, _ object: JSONObject, id: String = "evt_1") -> [UInt8] {
        let event: JSONValue = [
            "id": .string(id), "object": "event", "type": .string(type), "data": ["object": .object(object)],
        ]
        return event.serialized()
    }

    static func session(
        account: String = "acc_1", cents: JSONValue = 10_000, paymentIntent: String = "pi_1",
        _ changes: [(String, JSONValue?)] = []
    ) -> JSONObject {
        changed(
            [
                "id": "cs_1", "object": "checkout.session", "mode": "payment", "payment_status": "paid",
                "amount_total": cents, "currency": "usd", "payment_intent": .string(paymentIntent),
                "client_reference_id": .string(account), "metadata": ["aigateway_account": .string(account)],
            ], changes)
    }

    static func charge(
        refunded cents: JSONValue, paymentIntent: String = "pi_1", _ changes: [(String, JSONValue?)] = []
    ) -> JSONObject {
        changed(
            [
                "id": "ch_1", "object": "charge", "amount": 10_000, "amount_refunded": cents, "currency": "usd",
                "payment_intent": .string(paymentIntent), "metadata": ["aigateway_account": "acc_1"],
            ], changes)
    }

    static func refund(
        _ id: String, _ cents: JSONValue, paymentIntent: String = "pi_1", _ changes: [(String, JSONValue?)] = []
    ) -> JSONObject {
        changed(
            [
                "id": .string(id), "object": "refund", "amount": cents, "currency": "usd", "status": "succeeded",
                "charge": "ch_1", "payment_intent": .string(paymentIntent), "metadata": [:],
            ], changes)
    }

    private static func changed(_ object: JSONObject, _ changes: [(String, JSONValue?)]) -> JSONObject {
        var object = object
        for (name, value) in changes { object[name] = value }
        return object
    }
}

/// A journal in memory.
final class MemoryLedger: LedgerStore {
    private let contents = Mutex((postings: [StoredPosting](), isBroken: false))

    var postings: [StoredPosting] { contents.withLock { $0.postings } }
    var isBroken: Bool {
        get { contents.withLock { $0.isBroken } }
        set { contents.withLock { $0.isBroken = newValue } }
    }

    func balance(_ place: LedgerAccount) -> Nanodollars {
        postings.flatMap(\.posting.transfers).reduce(.zero) { sum, transfer in
            sum + (transfer.to == place ? transfer.amount : .zero)
                - (transfer.from == place ? transfer.amount : .zero)
        }
    }

    func post(_ posting: Posting) throws(StoreError) -> StoredPosting? {
        guard !isBroken else { throw .notWritten("the disk is full") }
        return contents.withLock { contents in
            guard !contents.postings.contains(where: { $0.posting.reference == posting.reference }) else { return nil }
            let id = Int64(contents.postings.count + 1)
            let stored = StoredPosting(id: id, createdAt: StripeEvents.now, posting: posting)
            contents.postings.append(stored)
            return stored
        }
    }

    func posting(reference: String) throws(StoreError) -> StoredPosting? {
        try postings(after: 0, limit: .max).first { $0.posting.reference == reference }
    }

    func postings(after id: Int64, limit: Int) throws(StoreError) -> [StoredPosting] {
        guard !isBroken else { throw .unusable("the disk is gone") }
        return Array(postings.filter { $0.id > id }.prefix(limit))
    }

    func balances() throws(StoreError) -> (of: [LedgerAccount: Nanodollars], latestPosting: Int64) { ([:], 0) }
    func spending(since day: CalendarDay) throws(StoreError) -> [Spending] { [] }
    func verify() throws(StoreError) -> LedgerReport {
        LedgerReport(calls: 0, postings: 0, transfers: 0, differences: [])
    }
}

/// Accounts in memory: one, and its sub-account.
struct MemoryAccounts: KeyStore {
    static let all = [
        Account(id: AccountID("acc_1"), name: "one", createdAt: StripeEvents.now),
        Account(id: AccountID("acc_2"), name: "two", createdAt: StripeEvents.now),
        Account(
            id: AccountID("sa_1"), name: "sub", createdAt: StripeEvents.now, parentID: AccountID("acc_1")),
    ]

    func account(_ id: AccountID) throws(StoreError) -> Account? { Self.all.first { $0.id == id } }
    func accounts() throws(StoreError) -> [Account] { Self.all }

    // What payments do not touch.
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
