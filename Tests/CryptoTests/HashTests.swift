import Testing

@testable import Crypto

@Suite("Hashes")
struct HashTests {
    /// 0, 1, 2 … 31.
    static let key = [UInt8](0..<32)

    @Test(arguments: [
        ("", "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d"),
        ("abc", "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f"),
    ]) func `BLAKE2b under a key has the known answer`(text: String, hex: String) throws {
        let hash = try KeyedHash(key: Self.key)
        #expect(hash.hash(text).hex == hex)
        #expect(hash.hash(Array(text.utf8)).hex == hex)
    }

    @Test func `another key makes another hash`() throws {
        let other = try KeyedHash(key: [UInt8](repeating: 1, count: 32))
        #expect(try KeyedHash(key: Self.key).hash("abc") != other.hash("abc"))
    }

    @Test(arguments: [0, 31, 33, 64]) func `a key of another length is refused`(count: Int) {
        #expect(throws: CryptoError.keyLength(expected: 32, actual: count)) {
            try KeyedHash(key: [UInt8](repeating: 0, count: count))
        }
    }

    @Test func `neither printing nor reflection shows the key`() throws {
        var dumped = ""
        dump((try KeyedHash(key: Self.key), try SecretBox(key: Self.key)), to: &dumped)
        #expect(!dumped.contains("31"))
        #expect("\(try KeyedHash(key: Self.key))" == "KeyedHash")
    }

    /// RFC 4231 cases 1, 2 and 6, and the empty one.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ]) func `HMAC-SHA256 has the known answer`(key: [UInt8], message: String, hex: String) {
        #expect(HMACSHA256.hex(Array(message.utf8), key: key) == hex)
    }

    @Test func `a digest keeps its bytes and takes no other number of them`() throws {
        let digest = try #require(Digest32(bytes: Self.key))
        #expect(digest.bytes == Self.key)
        #expect(digest.hex == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
        #expect(Digest32(bytes: Array(Self.key.dropLast())) == nil)
        #expect(Digest32(bytes: Self.key + [0]) == nil)
    }

    @Test(arguments: 0..<32) func `digests differing in one byte differ`(position: Int) throws {
        var changed = Self.key
        changed[position] ^= 0x80
        #expect(Digest32(bytes: changed) != Digest32(bytes: Self.key))
        #expect(Set([Digest32(bytes: changed), Digest32(bytes: Self.key)]).count == 2)
    }
}
