import Crypto
import Domain
import InferenceRig
import Testing

@testable import Pipeline

@Suite("The key ring")
struct KeyRingTests {
    private static let now = Timestamp(seconds: 100)
    private let hash: KeyedHash
    private let good = "sk-aig-0123456789abcdefghijABCDEFGHIJ0123456789"

    init() throws {
        hash = try KeyedHash(key: [UInt8](repeating: 3, count: KeyedHash.keyByteCount))
    }

    private func key(
        _ secret: String, id: String = "key_1", account: String = "acc_1", revoked: Bool = false,
        scope: KeyScope = KeyScope(), replaces: KeyID? = nil
    ) -> APIKey {
        APIKey(
            id: KeyID(id), accountID: AccountID(account), name: "", prefix: "", hash: hash.hash(secret).bytes,
            createdAt: Timestamp(seconds: 0), revokedAt: revoked ? Timestamp(seconds: 1) : nil, scope: scope,
            replaces: replaces)
    }

    private func account(_ id: String, parent: String? = nil, closed: Bool = false) -> Account {
        Account(
            id: AccountID(id), name: "", createdAt: Timestamp(seconds: 0), parentID: parent.map { AccountID($0) },
            closedAt: closed ? Timestamp(seconds: 1) : nil)
    }

    private func ring(_ keys: [APIKey], accounts: [Account]? = nil, budgets: [Budget] = []) -> KeyRing {
        KeyRing(hash: hash, KeySnapshot(keys: keys, accounts: accounts ?? [account("acc_1")], budgets: budgets))
    }

    @Test func `a good key names its account and itself`() {
        let ring = ring([key("sk-aig-other", id: "key_2"), key(good)])
        let principal = ring.principal(for: good, now: Self.now)
        #expect(principal?.accountID == AccountID("acc_1") && principal?.keyID == KeyID("key_1"))
        #expect(ring.count == 2)
    }

    @Test func `any other text is nobody`() {
        let long = "sk-aig-" + String(repeating: "x", count: 250)
        let ring = ring([key(good), key(long), key("no-prefix")])
        for other in [
            "", "sk-aig-", String(good.dropLast()), good + "0", good.uppercased(), " \(good)", "\(good) ", "\(good)\0",
            long, "no-prefix",
        ] {
            #expect(ring.principal(for: other, now: Self.now) == nil, "\(other.prefix(60))")
        }
    }

    @Test func `a revoked key is nobody, also when it comes with the others`() {
        #expect(ring([key(good, revoked: true)]).principal(for: good, now: Self.now) == nil)
    }

    @Test func `a key is good up to its expiry`() {
        let ring = ring([key(good, scope: KeyScope(expiresAt: Timestamp(seconds: 100)))])
        #expect(ring.principal(for: good, now: Timestamp(microseconds: 99_999_999)) != nil)
        #expect(ring.principal(for: good, now: Self.now) == nil)
    }

    @Test func `replacing the keys takes effect at once`() {
        let ring = KeyRing(hash: hash)
        #expect(ring.principal(for: good, now: Self.now) == nil)
        ring.replace(with: KeySnapshot(keys: [key(good)], accounts: [account("acc_1")]))
        #expect(ring.principal(for: good, now: Self.now) != nil)
        ring.replace(with: KeySnapshot())
        #expect(ring.principal(for: good, now: Self.now) == nil)
    }

    @Test func `a hash of the wrong length is passed over`() {
        var broken = key(good)
        broken.hash.removeLast()
        #expect(ring([broken]).count == 0)
    }

    @Test func `a key without an open account to pay for it is nobody`() {
        let sub = key(good, account: "acc_sub")
        for accounts in [
            [], [account("acc_sub", closed: true)], [account("acc_sub", parent: "acc_1")],
            [account("acc_sub", parent: "acc_1"), account("acc_1", closed: true)],
        ] {
            #expect(ring([sub], accounts: accounts).count == 0)
        }
        let ring = ring([sub], accounts: [account("acc_sub", parent: "acc_1"), account("acc_1")])
        #expect(ring.principal(for: good, now: Self.now)?.payer.id == AccountID("acc_1"))
    }

    @Test func `a sub-account's calls come under the budgets of the account that pays`() {
        let budget = Budget(
            id: BudgetID("bud_1"), accountID: AccountID("acc_1"), tag: "team", limits: .none,
            createdAt: Timestamp(seconds: 0))
        let ring = ring(
            [key(good, account: "acc_sub")], accounts: [account("acc_sub", parent: "acc_1"), account("acc_1")],
            budgets: [budget])
        #expect(ring.principal(for: good, now: Self.now)?.budgets == ["team": budget])
    }

    @Test func `a key is to be revoked once its successor was used, and not before`() {
        let old = KeyID("key_old")
        let ring = ring([key(good, replaces: old)])
        #expect(ring.takeReplacedKeys() == [])
        _ = ring.principal(for: good, now: Self.now)
        #expect(ring.takeReplacedKeys() == [old])
        #expect(ring.takeReplacedKeys() == [])
    }
}

@Suite("Who is calling")
struct AuthenticatorTests {
    private let hash: KeyedHash
    private let good = "sk-aig-0123456789abcdefghijABCDEFGHIJ0123456789"

    init() throws {
        hash = try KeyedHash(key: [UInt8](repeating: 3, count: KeyedHash.keyByteCount))
    }

    private func authenticator(
        _ scope: KeyScope = KeyScope(), proxies: TrustedProxies = .none
    ) -> Authenticator {
        let key = APIKey(
            id: KeyID("key_1"), accountID: AccountID("acc_1"), name: "", prefix: "", hash: hash.hash(good).bytes,
            createdAt: Timestamp(seconds: 0), scope: scope)
        let account = Account(id: AccountID("acc_1"), name: "", createdAt: Timestamp(seconds: 0))
        return Authenticator(
            keys: KeyRing(hash: hash, KeySnapshot(keys: [key], accounts: [account])), clock: StoppedClock(),
            proxies: proxies)
    }

    @Test(arguments: [nil, "", "sk-aig-wrong", "x"] as [String?])
    func `every key that is not good gets an error that does not repeat it`(presented: String?) throws {
        let authenticator = authenticator()
        let error = #expect(throws: GatewayError.self) { try authenticator.principal(presented, from: "127.0.0.1") }
        #expect(error?.reason == .invalidKey)
        #expect(error?.message.contains("wrong") == false)
        #expect(try authenticator.principal(good, from: "127.0.0.1").keyID == KeyID("key_1"))
    }

    @Test func `a key held to networks is refused from elsewhere`() throws {
        let authenticator = authenticator(KeyScope(allowedAddresses: ["10.0.0.0/8", "2001:db8::1"]))
        #expect(try authenticator.principal(good, from: "10.1.2.3").keyID == KeyID("key_1"))
        #expect(try authenticator.principal(good, from: "2001:db8::1").keyID == KeyID("key_1"))
        for address in ["11.1.2.3", "2001:db8::2", ""] {
            let error = #expect(throws: GatewayError.self) { try authenticator.principal(good, from: address) }
            #expect(error?.reason == .addressNotAllowed)
        }
    }

    @Test func `behind a proxy that is trusted, the network of whoever asked it counts`() throws {
        let scope = KeyScope(allowedAddresses: ["203.0.113.0/24"])
        let proxy = try #require(AddressRange("10.0.0.1"))
        func isLetIn(_ peer: String, _ fields: [String], _ proxies: TrustedProxies) -> Bool {
            let authenticator = authenticator(scope, proxies: proxies)
            return (try? authenticator.principal(good, from: peer, forwardedFor: fields)) != nil
        }
        let trusted = TrustedProxies([proxy])
        #expect(isLetIn("10.0.0.1", ["203.0.113.7"], trusted))
        #expect(!isLetIn("10.0.0.1", ["203.0.113.7, 198.51.100.1"], trusted))
        #expect(!isLetIn("10.0.0.2", ["203.0.113.7"], trusted))
        #expect(!isLetIn("10.0.0.1", ["203.0.113.7"], .none))
        #expect(isLetIn("203.0.113.9", ["198.51.100.1"], trusted))
        #expect(!isLetIn("10.0.0.1", [], trusted))
    }
}
