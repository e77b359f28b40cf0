import JSON
import Testing

@testable import DynamicRouting

@Suite("Order of numbers")
struct NumberOrderTests {
    @Test(arguments: [
        ("0", "-0", 0), ("0", "0e5", 0), ("0.0", "0", 0), ("1", "1.0", 0), ("1", "10e-1", 0), ("0.1", "1e-1", 0),
        ("1", "2", -1), ("-1", "-2", 1), ("-1", "1", -1), ("0", "0.0000001", -1), ("0", "-1e-9", 1),
        ("9007199254740993", "9007199254740992", 1), ("9007199254740993", "9007199254740992.9", 1),
        ("123456789012345678901234567890", "123456789012345678901234567891", -1),
        ("1e400", "1e401", -1), ("-1e400", "-1e401", 1), ("1e400", "2", 1), ("1e-400", "0", 1),
        ("1e99999999999999999999", "5", 1), ("1e-99999999999999999999", "5", -1), ("12", "1.2E+1", 0),
        ("100", "1e2", 0), ("99.99", "1e2", -1), ("0.05", "0.5", -1), ("0.05", "0.049", 1),
    ])
    func `is told`(left: String, right: String, expected: Int) throws {
        let left = try #require(JSONNumber(spelling: left))
        let right = try #require(JSONNumber(spelling: right))
        #expect(NumberOrder.compare(left, right).signum() == expected)
        #expect(NumberOrder.compare(right, left).signum() == -expected)
        #expect(NumberOrder.isEqual(left, right) == (expected == 0))
    }

    @Test func `is that of whole numbers, however they are spelled`() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let left = Int64(random.below(4_000)) - 2_000
            let right = random.chance(20) ? left : Int64(random.below(4_000)) - 2_000
            let spelled = try [left, right].map { try #require(JSONNumber(spelling: Self.spell($0, &random))) }
            let expected = left < right ? -1 : left == right ? 0 : 1
            #expect(NumberOrder.compare(spelled[0], spelled[1]).signum() == expected, "\(spelled)")
        }
    }

    /// A thousandth of a whole number, in one of many ways.
    private static func spell(_ value: Int64, _ random: inout SeededGenerator) -> String {
        let sign = value < 0 ? "-" : ""
        let magnitude = value.magnitude
        let zeros = String(repeating: "0", count: random.below(4))
        switch random.below(4) {
        case 0: return "\(sign)\(magnitude)e-3"
        case 1: return "\(sign)\(magnitude)\(zeros)E-\(3 + zeros.utf8.count)"
        case 2:
            let fraction = String(magnitude % 1_000)
            let padded = String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
            return "\(sign)\(magnitude / 1_000).\(padded)\(zeros)"
        default: return "\(sign)\(magnitude).0e-3"
        }
    }
}
