/// A number as it was spelled, so that nothing is lost on the way through: `1.0` stays `1.0` and thirty digits stay
/// thirty digits. Two numbers are equal when they are spelled alike.
public struct JSONNumber: Hashable, Sendable {
    /// The number in JSON's own grammar.
    public let spelling: String

    public init(_ value: some BinaryInteger) {
        spelling = String(value)
    }

    /// Nil for infinities and NaN, which JSON cannot say.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let text = value.description
        spelling = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Nil unless the spelling is a JSON number.
    public init?(spelling: String) {
        guard JSONNumber.isValid(spelling) else { return nil }
        self.spelling = spelling
    }

    /// For spellings a scan has checked.
    init(checked spelling: String) {
        self.spelling = spelling
    }

    /// The value when it is a whole number in range; `1.0` and `1e3` are whole.
    public var int64: Int64? {
        Int64(spelling) ?? wholeByExponent
    }

    /// The value when it is a whole number in range; `1.0` and `1e3` are whole.
    public var uint64: UInt64? {
        UInt64(spelling) ?? wholeByExponent.flatMap { UInt64(exactly: $0) }
    }

    /// The nearest double, or nil when the number is beyond all of them.
    public var double: Double? {
        guard let value = Double(spelling), value.isFinite else { return nil }
        return value
    }

    /// The value of a spelling with a point or an exponent. Read as a double, which tells whole numbers
    /// apart only below 2^53.
    private var wholeByExponent: Int64? {
        guard spelling.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }),
            let value = double, abs(value) < 0x1p53
        else { return nil }
        let whole = Int64(value)
        return Double(whole) == value ? whole : nil
    }

    private static func isValid(_ spelling: String) -> Bool {
        var rest = spelling.utf8[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        guard let first = rest.first, isDigit(first) else { return false }
        if first == UInt8(ascii: "0") { rest.removeFirst() } else { rest = rest.drop(while: isDigit) }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard let digit = rest.first, isDigit(digit) else { return false }
            rest = rest.drop(while: isDigit)
        }
        if let exponent = rest.first, exponent | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            guard let digit = rest.first, isDigit(digit) else { return false }
            rest = rest.drop(while: isDigit)
        }
        return rest.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }
}

extension JSONNumber: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) {
        self.init(value)
    }
}
