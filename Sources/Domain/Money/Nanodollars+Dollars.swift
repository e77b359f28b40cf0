extension Nanodollars {
    /// Dollars in the grammar of JSON's numbers, read exactly: `1`, `0.002`, `5e-4`.
    public init(dollarsText text: String) throws(CentsError) {
        let mark = text.utf8.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? text.endIndex
        let power = text[mark...].dropFirst()
        guard power.isEmpty == (mark == text.endIndex), let exponent = power.isEmpty ? 0 : Int(power),
            (-99...97).contains(exponent)
        else { throw .notANumber }
        // A dollar is a hundred cents.
        try self.init(centsText: "\(text[..<mark])e\(exponent + 2)")
    }
}
