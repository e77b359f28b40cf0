extension SettingKind where Value == Int {
    /// A whole number within bounds.
    static func count(_ bounds: ClosedRange<Int>) -> SettingKind {
        SettingKind(
            name: "number", allowed: "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)",
            read: { text in wholeNumber(text).flatMap { bounds.contains($0) ? $0 : nil } }, write: { String($0) })
    }

    /// A number of bytes within bounds.
    static func size(_ bounds: ClosedRange<Int>) -> SettingKind {
        let (least, most) = (Quantity.writeSize(bounds.lowerBound), Quantity.writeSize(bounds.upperBound))
        return SettingKind(
            name: "size",
            allowed: "a size from \(least) to \(most): a whole number of bytes, or one followed by KiB, MiB or GiB",
            read: { text in Quantity.readSize(text).flatMap { bounds.contains($0) ? $0 : nil } },
            write: { Quantity.writeSize($0) })
    }
}

extension SettingKind where Value == Int? {
    /// A whole number within bounds, or nil for `auto` and `0`.
    static func countOrAuto(_ bounds: ClosedRange<Int>) -> SettingKind {
        SettingKind(
            name: "number",
            allowed: "auto (or 0), or a whole number from \(bounds.lowerBound) to \(bounds.upperBound)",
            read: { text in
                if text == "auto" || text == "0" { return .some(nil) }
                guard let number = wholeNumber(text), bounds.contains(number) else { return nil }
                return .some(number)
            },
            write: { $0.map { String($0) } ?? "auto" })
    }
}

extension SettingKind where Value == Duration {
    /// A span of time within bounds.
    static func duration(_ bounds: ClosedRange<Duration>) -> SettingKind {
        let (least, most) = (Quantity.writeDuration(bounds.lowerBound), Quantity.writeDuration(bounds.upperBound))
        return SettingKind(
            name: "duration",
            allowed: "a duration from \(least) to \(most): a whole number followed by ms, s, m or h",
            read: { text in Quantity.readDuration(text).flatMap { bounds.contains($0) ? $0 : nil } },
            write: { Quantity.writeDuration($0) })
    }
}

/// Whole numbers with a unit.
enum Quantity {
    /// Largest first, so that writing finds the shortest text.
    private static let sizeUnits: [(name: String, factor: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("", 1),
    ]
    private static let durationUnits: [(name: String, factor: Int)] = [
        ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    static func readSize(_ text: String) -> Int? { read(text, units: sizeUnits) }

    static func writeSize(_ bytes: Int) -> String { write(bytes, units: sizeUnits) }

    static func readDuration(_ text: String) -> Duration? {
        read(text, units: durationUnits).map { .milliseconds($0) }
    }

    static func writeDuration(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        return milliseconds == 0 ? "0ms" : write(milliseconds, units: durationUnits)
    }

    private static func read(_ text: String, units: [(name: String, factor: Int)]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = wholeNumber(digits) else { return nil }
        let name = text[digits.endIndex...]
        guard let unit = units.first(where: { $0.name == name }) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        return overflow ? nil : product
    }

    private static func write(_ value: Int, units: [(name: String, factor: Int)]) -> String {
        let unit = units.first { value != 0 && value.isMultiple(of: $0.factor) }
        return unit.map { "\(value / $0.factor)\($0.name)" } ?? String(value)
    }
}

/// A number in decimal digits, without sign, that fits.
private func wholeNumber(_ text: some StringProtocol) -> Int? {
    isDigits(text) ? Int(text) : nil
}
