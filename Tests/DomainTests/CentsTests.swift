import Domain
import Testing

@Suite("Amounts written as cents")
struct CentsTests {
    @Test(
        "They are read exactly",
        arguments: [
            ("0", 0), ("-0", 0), ("0.0", 0), ("0e9", 0), ("1", 10_000_000), ("-1", -10_000_000),
            ("0.00792", 79_200), ("0.0000001", 1), ("1e-7", 1), ("1E-7", 1), ("0.1", 1_000_000), ("0.3", 3_000_000),
            ("1250", 12_500_000_000), ("12.5e2", 12_500_000_000), ("1.0000000000", 10_000_000),
            ("100000000000", 1_000_000_000_000_000_000), ("1e11", 1_000_000_000_000_000_000),
            ("922337203685.4775807", Int64.max), ("-922337203685.4775808", Int64.min), ("0.1000e1", 10_000_000),
            ("1000e-10", 1),
        ] as [(String, Int64)])
    func amounts(text: String, nanodollars: Int64) throws {
        #expect(try Nanodollars(centsText: text).rawValue == nanodollars)
    }

    @Test(
        "What is no amount is told apart",
        arguments: [
            ("", .notANumber), ("-", .notANumber), ("+1", .notANumber), (".5", .notANumber), ("5.", .notANumber),
            ("01", .notANumber), ("1e", .notANumber), ("1e+", .notANumber), ("1 ", .notANumber), (" 1", .notANumber),
            ("1,5", .notANumber), ("NaN", .notANumber), ("Infinity", .notANumber), ("0x10", .notANumber),
            ("1e100", .notANumber), ("1e99999999999999999999", .notANumber), ("٣", .notANumber), ("--1", .notANumber),
            (String(repeating: "1", count: 65), .notANumber), ("0.00000001", .tooFine), ("1e-8", .tooFine),
            ("1.00000001", .tooFine), ("922337203685.4775808", .tooLarge), ("1e12", .tooLarge), ("1e99", .tooLarge),
            (String(repeating: "9", count: 64), .tooLarge),
        ] as [(String, CentsError)])
    func failures(text: String, error: CentsError) {
        #expect(throws: error) { try Nanodollars(centsText: text) }
    }

    @Test(
        "Numbers of other programs are rounded, half away from zero",
        arguments: [
            ("0", 9, 0), ("0e9", 15, 0), ("0.30000000000000004", 9, 300_000_000), ("0.0000000015", 9, 2),
            ("0.0000000014999", 9, 1), ("-0.0000000015", 9, -2), ("0.0000000005", 9, 1), ("0.00000000049", 9, 0),
            ("1e-30", 9, 0), ("0.000002", 15, 2_000_000_000), ("2.5e-6", 15, 2_500_000_000), ("1", 9, 1_000_000_000),
            ("0.99999999999", 9, 1_000_000_000), ("9223372036.8547758074", 9, Int64.max),
        ] as [(String, Int, Int64)])
    func rounded(text: String, places: Int, value: Int64) throws {
        #expect(try Nanodollars(rounding: text, places: places).rawValue == value)
    }

    @Test(
        "What cannot be rounded is refused",
        arguments: [("x", .notANumber), ("", .notANumber), ("1e11", .tooLarge), ("99999999999", .tooLarge)]
            as [(String, CentsError)])
    func unrounded(text: String, error: CentsError) {
        #expect(throws: error) { try Nanodollars(rounding: text, places: 9) }
    }

    @Test func `what is written is read back as the same`() throws {
        var value: Int64 = 1
        for step in 0..<4_000 {
            value = value &* 6_364_136_223_846_793_005 &+ Int64(step)
            let amount = Nanodollars(value >> Int64(step % 60))
            #expect(try Nanodollars(centsText: amount.centsText) == amount)
        }
    }
}
