extension Pattern {
    /// One pattern that matches where any of these does: the first look at a text that most often holds none.
    /// Nil when they cannot be made one, or are too large together; then they must be asked one by one.
    public static func any(of patterns: [Pattern], maximumMemoryBytes: Int) -> Pattern? {
        // A quotation may run to the end of its pattern, and would then swallow the next one.
        guard !patterns.isEmpty, !patterns.contains(where: \.mayHoldQuotation) else { return nil }
        let text = patterns.map { "(?:\($0.text))" }.joined(separator: "|")
        return try? Pattern(text, maximumMemoryBytes: maximumMemoryBytes)
    }

    private var mayHoldQuotation: Bool {
        zip(text.utf8, text.utf8.dropFirst()).contains { $0 == (UInt8(ascii: "\\"), UInt8(ascii: "Q")) }
    }
}
