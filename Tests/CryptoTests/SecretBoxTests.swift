import Testing

@testable import Crypto

@Suite("Secret box")
struct SecretBoxTests {
    static let key = [UInt8](0..<32)
    static let content = Array("what is opened is exactly what was sealed".utf8)

    @Test func `a box has the known answer`() throws {
        // Computed apart from libsodium, from the XChaCha draft and RFC 8439.
        let expected =
            "93ba6eca5e3c900aa93f26e60f35f97848df65fa6808ebc521c874fb5e94fc1f"
            + "d447ccaaf057ae84d4495271cea396afb54a2503b5811573eb"
        let nonce = [UInt8](64..<88)
        let box = try SecretBox(key: Self.key)
        #expect(Hex.encode(box.seal(Self.content, nonce: nonce)) == expected)
        #expect(try box.open(nonce + #require(Hex.decode(expected))) == Self.content)
    }

    @Test(arguments: [0, 1, 1_000_000]) func `what was sealed opens`(count: Int) throws {
        let box = try SecretBox(key: Self.key)
        let content = SecureRandom.bytes(count)
        let sealed = box.seal(content)
        #expect(sealed.count == count + SecretBox.overheadByteCount)
        #expect(try box.open(sealed) == content)
        #expect(box.seal(content) != sealed)
    }

    @Test func `a change of any byte, or a missing one, is noticed`() throws {
        let box = try SecretBox(key: Self.key)
        let sealed = box.seal(Self.content)
        for position in sealed.indices {
            var changed = sealed
            changed[position] ^= 1
            #expect(throws: CryptoError.notAuthentic) { try box.open(changed) }
            #expect(throws: CryptoError.notAuthentic) { try box.open(Array(sealed.prefix(position))) }
        }
    }

    @Test func `another key opens nothing`() throws {
        let sealed = try SecretBox(key: Self.key).seal(Self.content)
        let other = try SecretBox(key: [UInt8](repeating: 9, count: 32))
        #expect(throws: CryptoError.notAuthentic) { try other.open(sealed) }
    }
}

@Suite("Random")
struct SecureRandomTests {
    @Test func `as many bytes come as were asked for, never the same`() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(32).count == 32)
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }

    @Test func `base62 uses its whole alphabet evenly`() {
        let text = SecureRandom.base62(length: 62_000)
        var counts: [Character: Int] = [:]
        for character in text { counts[character, default: 0] += 1 }
        #expect(text.count == 62_000)
        #expect(counts.count == 62)
        #expect(counts.keys.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        // Eight standard deviations about 1000; reducing a byte modulo 62 would give eight letters 1210.
        #expect(counts.values.allSatisfy { (750...1_250).contains($0) })
    }
}
