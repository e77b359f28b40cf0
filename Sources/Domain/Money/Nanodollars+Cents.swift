/// Why a text is no amount of cents.
public enum CentsError: Error, Hashable, Sendable {
    case notANumber
    /// There is something beyond the seventh decimal: less than a nano-dollar.
    case tooFine
    case tooLarge
}

extension Nanodollars {
    /// The decimals that cents can have.
    public static let centDecimals = 7
    /// Longer numbers are not read: an amount has twenty digits at most, and some zeros behind the point.
    private static let longestNumber = 64
    private static let greatestExponent = 99

    /// Cents in the grammar of JSON's numbers, read exactly: `1250`, `0.00792`, `1e-7`.
    public init(centsText text: String) throws(CentsError) {
        guard let number = DecimalText(text, longest: Self.longestNumber, greatestExponent: Self.greatestExponent)
        else { throw .notANumber }
        guard !number.digits.isEmpty else {
            self = .zero
            return
        }
        let zeros = number.exponent + Self.centDecimals
        guard zeros >= 0 else { throw .tooFine }
        guard number.digits.utf8.count + zeros <= 19 else { throw .tooLarge }
        let sign = number.isNegative ? "-" : ""
        guard let value = Int64(sign + number.digits + String(repeating: "0", count: zeros)) else { throw .tooLarge }
        self.init(value)
    }
}

/// A decimal number as its digits, without zeros at either end, and the power of ten they are multiplied with.
private struct DecimalText {
    let isNegative: Bool
    let digits: String
    let exponent: Int

    init?(_ text: String, longest: Int, greatestExponent: Int) {
        var rest = text.utf8[...]
        guard rest.count <= longest else { return nil }
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        let whole = Self.takeDigits(&rest)
        guard !whole.isEmpty, whole == "0" || !whole.hasPrefix("0") else { return nil }
        var fraction = ""
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = Self.takeDigits(&rest)
            guard !fraction.isEmpty else { return nil }
        }
        guard let power = Self.takeExponent(&rest, greatest: greatestExponent), rest.isEmpty else { return nil }
        let all = (whole + fraction).drop { $0 == "0" }
        let zeros = all.utf8.reversed().prefix { $0 == UInt8(ascii: "0") }.count
        digits = String(all.dropLast(zeros))
        exponent = power - fraction.utf8.count + zeros
    }

    private static func takeDigits(_ rest: inout Substring.UTF8View) -> String {
        let digits = rest.prefix { (48...57).contains($0) }
        rest = rest[digits.endIndex...]
        return String(Substring(digits))
    }

    private static func takeExponent(_ rest: inout Substring.UTF8View, greatest: Int) -> Int? {
        guard let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") else { return 0 }
        rest.removeFirst()
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard let value = Int(takeDigits(&rest)), value <= greatest else { return nil }
        return isNegative ? -value : value
    }
}
