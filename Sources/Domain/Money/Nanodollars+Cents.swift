/// Why a text is no amount of money.
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
        let number = try Self.number(text)
        let zeros = number.exponent + Self.centDecimals
        guard number.digits.isEmpty || zeros >= 0 else { throw .tooFine }
        try self.init(number, digits: number.digits, zeros: zeros)
    }

    /// The number times ten to the power of `places`, rounded half away from zero: nine for dollars. For amounts that
    /// other programs have reckoned, which are rarely whole nano-dollars.
    public init(rounding text: String, places: Int) throws(CentsError) {
        let number = try Self.number(text)
        let zeros = number.exponent + places
        guard zeros < 0 else {
            try self.init(number, digits: number.digits, zeros: zeros)
            return
        }
        let kept = number.digits.utf8.count + zeros
        guard kept >= 0, let next = number.digits.utf8.dropFirst(kept).first else {
            self = .zero
            return
        }
        let isUp = next >= UInt8(ascii: "5")
        try self.init(number, digits: String(number.digits.prefix(kept)), zeros: 0)
        if isUp { self = number.isNegative ? self - Nanodollars(1) : self + Nanodollars(1) }
    }

    private init(_ number: DecimalText, digits: String, zeros: Int) throws(CentsError) {
        guard !digits.isEmpty else {
            self = .zero
            return
        }
        guard digits.utf8.count + zeros <= 19 else { throw .tooLarge }
        let sign = number.isNegative ? "-" : ""
        guard let value = Int64(sign + digits + String(repeating: "0", count: zeros)) else { throw .tooLarge }
        self.init(value)
    }

    private static func number(_ text: String) throws(CentsError) -> DecimalText {
        guard let number = DecimalText(text, longest: longestNumber, greatestExponent: greatestExponent) else {
            throw .notANumber
        }
        return number
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
