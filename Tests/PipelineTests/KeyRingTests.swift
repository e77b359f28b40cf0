import Catalogue
import Crypto
import Domain
import Providers
import Testing

@testable import Pipeline

@Suite("The key ring")
struct KeyRingTests {
    private let hash: KeyedHash
    private let good = "sk-aig-0123456789abcdefghijABCDEFGHIJ0123456789"

    init() throws {
        hash = try KeyedHash(key: [UInt8](repeating: 3, count: KeyedHash.keyByteCount))
    }

    private func key(_ secret: String, id: String = "key_1", revoked: Bool = false) -> APIKey {
        APIKey(
            id: KeyID(id), accountID: AccountID("acc_1"), name: "", prefix: "", hash: hash.hash(secret).bytes,
            createdAt: Timestamp(seconds: 0), revokedAt: revoked ? Timestamp(seconds: 1) : nil)
    }

    @Test func `a good key names its account and itself`() {
        let ring = KeyRing(hash: hash, keys: [key("sk-aig-other", id: "key_2"), key(good)])
        #expect(ring.principal(for: good) == Principal(accountID: AccountID("acc_1"), keyID: KeyID("key_1")))
        #expect(ring.count == 2)
    }

    @Test func `any other text is nobody`() {
        let long = "sk-aig-" + String(repeating: "x", count: 250)
        let ring = KeyRing(hash: hash, keys: [key(good), key(long), key("no-prefix")])
        for other in [
            "", "sk-aig-", String(good.dropLast()), good + "0", good.uppercased(), " \(good)", "\(good) ", "\(good)\0",
            long, "no-prefix",
        ] {
            #expect(ring.principal(for: other) == nil, "\(other.prefix(60))")
        }
    }

    @Test func `a revoked key is nobody, also when it comes with the others`() {
        #expect(KeyRing(hash: hash, keys: [key(good, revoked: true)]).principal(for: good) == nil)
    }

    @Test func `replacing the keys takes effect at once`() {
        let ring = KeyRing(hash: hash)
        #expect(ring.principal(for: good) == nil)
        ring.replace(with: [key(good)])
        #expect(ring.principal(for: good) != nil)
        ring.replace(with: [])
        #expect(ring.principal(for: good) == nil)
    }

    @Test func `a hash of the wrong length is passed over`() {
        var broken = key(good)
        broken.hash.removeLast()
        #expect(KeyRing(hash: hash, keys: [broken]).count == 0)
    }

    @Test(arguments: [nil, "", "sk-aig-wrong", "x"] as [String?])
    func `every key that is not good gets an error that does not repeat it`(presented: String?) throws {
        let pipeline = Pipeline(
            keys: KeyRing(hash: hash, keys: [key(good)]), catalogue: .seed, providers: ProviderDirectory([]),
            recorder: Notebook(), limits: PipelineLimits())
        let error = #expect(throws: GatewayError.self) { try pipeline.authenticate(presented) }
        #expect(error?.reason == .invalidKey)
        #expect(error?.message.contains("wrong") == false)
        #expect(try pipeline.authenticate(good).keyID == KeyID("key_1"))
    }
}
