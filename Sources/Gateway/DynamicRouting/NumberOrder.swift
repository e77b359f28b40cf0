import JSON

/// Which of two JSON numbers is the larger, by their digits: exact however long they are.
enum NumberOrder {
    static func isEqual(_ left: JSONNumber, _ right: JSONNumber) -> Bool {
        compare(left, right) == 0
    }

    /// Below 0, 0, or above 0.
    static func compare(_ left: JSONNumber, _ right: JSONNumber) -> Int {
        if let left = Int64(left.spelling), let right = Int64(right.spelling) {
            return left < right ? -1 : left == right ? 0 : 1
        }
        let (left, right) = (Digits(left), Digits(right))
        guard left.sign == right.sign else { return left.sign < right.sign ? -1 : 1 }
        return left.sign * left.compareMagnitude(right)
    }

    /// 0.d₁d₂d₃… × 10^power, d₁ not being zero.
    private struct Digits {
        let sign: Int
        let digits: [UInt8]
        let power: Int

        /// Exponents beyond this are all the same: no text is that long.
        private static let greatestPower = Int.max / 4

        init(_ number: JSONNumber) {
            var rest = number.spelling.utf8[...]
            let isNegative = rest.first == UInt8(ascii: "-")
            if isNegative { rest.removeFirst() }
            let mantissa = rest.prefix { $0 | 0x20 != UInt8(ascii: "e") }
            let whole = mantissa.prefix { $0 != UInt8(ascii: ".") }
            let all = mantissa.filter { $0 != UInt8(ascii: ".") }
            let significant = all.drop { $0 == UInt8(ascii: "0") }
            let zeros = significant.reversed().prefix { $0 == UInt8(ascii: "0") }.count
            digits = Array(significant.dropLast(zeros))
            sign = digits.isEmpty ? 0 : isNegative ? -1 : 1
            let exponent = Self.exponent(rest[mantissa.endIndex...].dropFirst())
            power = exponent + whole.count - (all.count - significant.count)
        }

        private static func exponent(_ text: Substring.UTF8View.SubSequence) -> Int {
            if text.isEmpty { return 0 }
            let isNegative = text.first == UInt8(ascii: "-")
            let value = Int(Substring(text)) ?? (isNegative ? -greatestPower : greatestPower)
            return min(max(value, -greatestPower), greatestPower)
        }

        func compareMagnitude(_ other: Digits) -> Int {
            guard power == other.power || sign == 0 else { return power < other.power ? -1 : 1 }
            if digits == other.digits { return 0 }
            return digits.lexicographicallyPrecedes(other.digits) ? -1 : 1
        }
    }
}
