/// The texts a body may be read as.
enum DLPViews {
    /// How often escapes are undone: once for JSON, once more for JSON in a string of it, such as a tool's arguments.
    static let unescapingDepth = 2

    /// The body as it is; without its escapes, where it has any; and the pieces of a stream put together.
    static func of(_ body: [UInt8]) -> [[UInt8]] {
        var views = [body]
        addUnescaped(&views)
        for text in GuardedText.streamed(body) {
            var joined = [Array(text.utf8)]
            addUnescaped(&joined)
            views += joined
        }
        return views
    }

    private static func addUnescaped(_ views: inout [[UInt8]]) {
        var latest = views[views.count - 1]
        for _ in 0..<unescapingDepth {
            guard let unescaped = unescaped(latest) else { return }
            views.append(unescaped)
            latest = unescaped
        }
    }

    /// The text with all escapes of JSON undone, also outside of strings, where JSON has none. So it need not be JSON,
    /// as a stream is not. Nil when there are none.
    static func unescaped(_ text: [UInt8]) -> [UInt8]? {
        guard let first = text.firstIndex(of: backslash) else { return nil }
        var plain: [UInt8] = []
        plain.reserveCapacity(text.count)
        plain.append(contentsOf: text[..<first])
        var at = first
        while at < text.count {
            let end = text[at...].firstIndex(of: backslash) ?? text.count
            plain.append(contentsOf: text[at..<end])
            at = end
            if at < text.count { at = appendEscape(in: text, at: at, to: &plain) }
        }
        return plain
    }

    private static let backslash = UInt8(ascii: "\\")

    /// Returns where the text goes on.
    private static func appendEscape(in text: [UInt8], at start: Int, to plain: inout [UInt8]) -> Int {
        guard start + 1 < text.count else {
            plain.append(backslash)
            return text.count
        }
        switch text[start + 1] {
        case UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            // Which blank it is makes no difference here.
            plain.append(text[start + 1] == UInt8(ascii: "n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            return start + 2
        case UInt8(ascii: "u"):
            return appendUnit(in: text, at: start, to: &plain)
        case let same:
            plain.append(same)
            return start + 2
        }
    }

    private static func appendUnit(in text: [UInt8], at start: Int, to plain: inout [UInt8]) -> Int {
        guard let unit = codeUnit(text, start + 2) else {
            plain.append(backslash)
            return start + 1
        }
        var units = [unit]
        if UTF16.isLeadSurrogate(unit), start + 7 < text.count, text[start + 6] == backslash,
            text[start + 7] == UInt8(ascii: "u"), let low = codeUnit(text, start + 8), UTF16.isTrailSurrogate(low)
        {
            units.append(low)
        }
        plain.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
        return start + 6 * units.count
    }

    private static func codeUnit(_ text: [UInt8], _ at: Int) -> UInt16? {
        guard at + 4 <= text.count else { return nil }
        var unit: UInt16 = 0
        for byte in text[at..<at + 4] {
            let letter = (byte | 0x20) &- UInt8(ascii: "a")
            guard byte.isDigit || letter < 6 else { return nil }
            unit = unit << 4 | UInt16(byte.isDigit ? byte - UInt8(ascii: "0") : letter + 10)
        }
        return unit
    }
}
