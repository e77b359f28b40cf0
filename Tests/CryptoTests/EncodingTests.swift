import Foundation
import Testing

@testable import Crypto

@Suite("Encodings")
struct EncodingTests {
    @Test func `hex goes there and back`() {
        let all = [UInt8](0...255)
        #expect(Hex.encode([0, 0x0f, 0xa0, 0xff]) == "000fa0ff")
        #expect(Hex.decode(Hex.encode(all)) == all)
        #expect(Hex.decode("00FFaa") == [0, 255, 0xaa])
        #expect(Hex.encode([]) == "")
        #expect(Hex.decode("") == [])
    }

    @Test(arguments: ["0", "0g", "00 11", " 00", "00\n", "é0"]) func `what is not hex is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]) func `base64 has the known answers`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
        let unpadded = encoded.replacingOccurrences(of: "=", with: "")
        #expect(Base64.encode(Array(text.utf8), .urlSafe) == unpadded)
        #expect(Base64.decode(unpadded, .urlSafe) == Array(text.utf8))
    }

    @Test func `the two alphabets differ in their last two characters`() {
        #expect(Base64.encode([0xfb, 0xff]) == "+/8=")
        #expect(Base64.encode([0xfb, 0xff], .urlSafe) == "-_8")
    }

    @Test(arguments: ["Zg", "Zg=", "Zg==\n", " Zg==", "Zh==", "-_8=", "Zg==Zg==", "Z", "====", "Zm9v!"])
    func `what is not canonical base64 is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `comparison looks at every byte and at the length`() {
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(ConstantTime.equal([], []))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.equal([0, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.equal([1, 2], [1, 2, 0]))
    }
}
