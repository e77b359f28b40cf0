import Testing

@testable import Guards

@Suite("Checksums")
struct ChecksumTests {
    @Test(arguments: [
        ("4111 1111 1111 1111", true), ("4111111111111112", false), ("79927398713", true), ("0000000000000000", false),
        ("", false), ("18", true), ("378282246310005", true),
    ])
    func `Luhn's formula is kept`(text: String, expected: Bool) {
        #expect(Checksum.luhn.accepts(Array(text.utf8)[...]) == expected)
    }

    @Test(arguments: [
        ("DE89 3704 0044 0532 0130 00", true), ("DE89370400440532013000", true), ("GB29NWBK60161331926819", true),
        ("FR1420041010050500013M02606", true), ("NO9386011117947", true), ("MT84MALT011000012345MTLCAST001S", true),
        ("DE88 3704 0044 0532 0130 00", false), ("DE89 3704 0044 0532 0130 0", false),
        ("XX89370400440532013000", false),
        ("DE89 3704 0044 0532 0130 00 BIC", true), ("DE893704004405320130001", false), ("", false), ("DE", false),
    ])
    func `an IBAN has its country's length and right check digits`(text: String, expected: Bool) {
        #expect(Checksum.iban.accepts(Array(text.utf8)[...]) == expected)
    }

    @Test(arguments: [("abc123", true), ("abc", false), ("123", false), ("", false)])
    func `a mixed text has both`(text: String, expected: Bool) {
        #expect(Checksum.mixed.accepts(Array(text.utf8)[...]) == expected)
    }
}
