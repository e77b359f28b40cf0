/// An amount of money in billionths of a dollar. Whole numbers only; sums that would not fit stop at the ends.
public struct Nanodollars: Hashable, Sendable, Comparable, AdditiveArithmetic, RawRepresentable {
    public let rawValue: Int64

    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static let zero = Nanodollars(0)
    public static let max = Nanodollars(Int64.max)
    public static let perDollar: Int64 = 1_000_000_000
    public static let perCent: Int64 = 10_000_000

    /// Nil beyond about nine billion dollars.
    public init?(cents: Int64) {
        let (value, overflow) = cents.multipliedReportingOverflow(by: Self.perCent)
        guard !overflow else { return nil }
        self.init(value)
    }

    public static func < (left: Nanodollars, right: Nanodollars) -> Bool { left.rawValue < right.rawValue }

    public static func + (left: Nanodollars, right: Nanodollars) -> Nanodollars {
        let (sum, overflow) = left.rawValue.addingReportingOverflow(right.rawValue)
        return overflow ? Nanodollars(right.rawValue > 0 ? .max : .min) : Nanodollars(sum)
    }

    public static func - (left: Nanodollars, right: Nanodollars) -> Nanodollars {
        let (difference, overflow) = left.rawValue.subtractingReportingOverflow(right.rawValue)
        return overflow ? Nanodollars(right.rawValue > 0 ? .min : .max) : Nanodollars(difference)
    }

    /// Dollars with two decimals, for people: `503.12`. Rounded half away from zero.
    public var dollarsText: String {
        let cents = (rawValue.magnitude + UInt64(Self.perCent / 2)) / UInt64(Self.perCent)
        let fraction = cents % 100
        return "\(rawValue < 0 && cents > 0 ? "-" : "")\(cents / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }

    /// Cents with as many decimals as there are, never more than seven: `0.00792`.
    public var centsText: String { decimal(unit: UInt64(Self.perCent), digits: 7) }

    /// Dollars with as many decimals as there are: `0.0000792`.
    public var exactDollarsText: String { decimal(unit: UInt64(Self.perDollar), digits: 9) }

    private func decimal(unit: UInt64, digits: Int) -> String {
        let magnitude = rawValue.magnitude
        var text = String(magnitude / unit)
        if rawValue < 0 { text = "-" + text }
        var fraction = magnitude % unit
        guard fraction > 0 else { return text }
        var width = digits
        while fraction % 10 == 0 {
            fraction /= 10
            width -= 1
        }
        let figures = String(fraction)
        text += "."
        for _ in figures.utf8.count..<width { text += "0" }
        return text + figures
    }
}
