import Crypto
import Domain
import MemoryStores
import Synchronization
import Telemetry
import Testing

@testable import Accounts

@Suite("Keys")
struct KeyIssuerTests {
    private let store = MemoryStore()
    private let hash: KeyedHash
    private let issuer: KeyIssuer

    init() throws {
        hash = try KeyedHash(key: [UInt8](repeating: 7, count: KeyedHash.keyByteCount))
        issuer = KeyIssuer(store: store, hash: hash) { Timestamp(seconds: 100) }
    }

    @Test func `a key has its prefix and at least 32 random characters of base 62`() throws {
        let secret = try issuer.issue(name: "a").secret.reveal()
        #expect(secret.hasPrefix("sk-aig-"))
        let random = secret.dropFirst(7)
        #expect(random.count >= 32)
        #expect(random.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) })
    }

    @Test func `no two keys or ids are alike`() throws {
        let issued = try (0..<200).map { _ in try issuer.issue(name: "a") }
        #expect(Set(issued.map { $0.secret.reveal() }).count == 200)
        #expect(Set(issued.map(\.key.id)).count == 200)
    }

    @Test func `what is stored is the hash and the first characters, not the key`() throws {
        let issued = try issuer.issue(name: "for tests")
        let stored = try #require(try issuer.keys().first)
        let secret = issued.secret.reveal()
        #expect(stored == issued.key)
        #expect(stored.hash == hash.hash(secret).bytes)
        #expect(stored.prefix == secret.prefix(12))
        #expect(stored.name == "for tests")
        #expect(stored.createdAt == Timestamp(seconds: 100))
        #expect(!"\(stored)".contains(secret))
    }

    @Test func `a key is revoked once`() throws {
        let id = try issuer.issue(name: "a").key.id
        #expect(try issuer.revoke(id))
        #expect(try !issuer.revoke(id))
        #expect(try !issuer.revoke(KeyID("key_unknown")))
        #expect(try issuer.keys().first?.revokedAt == Timestamp(seconds: 100))
    }

    @Test func `the root account and its key are made once`() throws {
        let kept = Mutex<[String]>([])
        func establish() throws -> KeyIssuer.Issued? {
            try issuer.establishRoot { secret throws(Lost) in kept.withLock { $0.append(secret.reveal()) } }
        }
        let first = try #require(try establish())
        #expect(try establish() == nil)
        #expect(kept.withLock { $0 } == [first.secret.reveal()])
        #expect(try store.account(Account.root)?.name == "root")
        #expect(try issuer.keys() == [first.key])
    }

    @Test func `a root key that could not be kept is never good, and the next start makes another`() throws {
        #expect(throws: (any Error).self) {
            try issuer.establishRoot { _ throws(Lost) in
                #expect((try? store.allKeys()) == [])
                throw Lost()
            }
        }
        #expect(try issuer.keys().isEmpty)
        let second = try issuer.establishRoot { _ throws(Lost) in }
        #expect(try issuer.keys() == [try #require(second).key])
    }

    @Test func `revoking every key does not bring a root key back`() throws {
        let root = try #require(try issuer.establishRoot { _ throws(Lost) in })
        #expect(try issuer.revoke(root.key.id))
        #expect(try issuer.establishRoot { _ throws(Lost) in } == nil)
    }
}

struct Lost: Error {}
