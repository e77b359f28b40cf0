import JSON

/// Reads numbers where they stand. The usual ones, few digits without exponent, cost no text.
enum ChatNumber {
    /// Digits that a double, or an Int, holds exactly.
    private static let exactDigits = 15

    /// Nil for a number beyond all doubles.
    static func double(_ slice: JSONSlice, in bytes: [UInt8]) -> Double? {
        guard let (whole, fraction) = decimal(bytes, slice.range) else { return slice.double(in: bytes) }
        // Both are exact, so their quotient is the nearest double.
        return Double(whole) / powersOfTen[fraction]
    }

    /// Nil for a number that is not whole, or does not fit.
    static func int(_ slice: JSONSlice, in bytes: [UInt8]) -> Int? {
        guard let (whole, fraction) = decimal(bytes, slice.range), fraction == 0 else { return slice.int(in: bytes) }
        return whole
    }

    /// For people: `2`, not `2.0`.
    static func text(_ value: Double) -> String {
        JSONNumber(value)?.spelling ?? "\(value)"
    }

    /// The digits as one whole number, and how many of them stand behind the point.
    private static func decimal(_ bytes: [UInt8], _ range: Range<Int>) -> (whole: Int, fraction: Int)? {
        var at = range.lowerBound
        let isNegative = bytes[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        guard range.upperBound - at <= exactDigits else { return nil }
        var whole = 0
        var point: Int?
        while at < range.upperBound {
            let digit = bytes[at] &- UInt8(ascii: "0")
            if digit < 10 {
                whole = whole * 10 + Int(digit)
            } else if bytes[at] == UInt8(ascii: ".") {
                point = at
            } else {
                return nil
            }
            at += 1
        }
        return (isNegative ? -whole : whole, point.map { range.upperBound - $0 - 1 } ?? 0)
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
