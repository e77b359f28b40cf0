import Domain
import Testing

@Suite("Dollars as JSON writes them")
struct DollarsTextTests {
    @Test(arguments: [
        ("0", 0), ("1", 1_000_000_000), ("0.002", 2_000_000), ("1e-9", 1), ("-1.5", -1_500_000_000), ("5E-4", 500_000),
        ("2.5e1", 25_000_000_000), ("1e+2", 100_000_000_000), ("12.345678901", 12_345_678_901), ("0.10", 100_000_000),
        ("9223372036.854775807", Int64.max), ("0e97", 0), ("-9223372036.854775808", Int64.min),
    ])
    func `are read exactly`(text: String, expected: Int64) throws {
        #expect(try Nanodollars(dollarsText: text).rawValue == expected)
    }

    @Test(arguments: [
        ("", CentsError.notANumber), ("x", .notANumber), ("1e", .notANumber), ("e1", .notANumber),
        ("1e2e3", .notANumber),
        (".5", .notANumber), ("1.", .notANumber), ("01", .notANumber), ("1e98", .notANumber), ("1e-100", .notANumber),
        ("1e9999999999999999999999", .notANumber), ("0.0000000001", .tooFine), ("1e-10", .tooFine), ("1e10", .tooLarge),
        ("9223372036.854775808", .tooLarge), (" 1", .notANumber), ("1e ", .notANumber),
    ])
    func `are refused`(text: String, expected: CentsError) {
        #expect(throws: expected) { try Nanodollars(dollarsText: text) }
    }
}
