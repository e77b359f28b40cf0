/// Cuts texts into pieces of about one token each, never inside of what a reader sees as one character.
enum TextPieces {
    /// A piece is what begins within four bytes of text; characters longer than that stand alone.
    static func of(_ text: String) -> [String] {
        var pieces: [String] = []
        pieces.reserveCapacity(TokenEstimate.text(text))
        let end = text.endIndex
        var start = text.startIndex
        var border = TokenEstimate.bytesPerToken
        var offset = 0
        var at = start
        while at < end {
            let next = text.index(after: at)
            if offset >= border {
                pieces.append(String(text[start..<at]))
                start = at
                border = (offset / TokenEstimate.bytesPerToken + 1) * TokenEstimate.bytesPerToken
            }
            offset += text.utf8.distance(from: at, to: next)
            at = next
        }
        if start < end { pieces.append(String(text[start..<end])) }
        return pieces
    }

    /// As much of the beginning as fits into so many tokens.
    static func prefix(of text: String, tokens: Int) -> String {
        guard TokenEstimate.text(text) > tokens else { return text }
        let border = text.utf8.index(text.startIndex, offsetBy: max(0, tokens) * TokenEstimate.bytesPerToken)
        return String(text[..<characterStart(in: text, notAfter: border)])
    }

    /// Steps back to where a character begins: at most a few steps, as the border is in the middle of one.
    private static func characterStart(in text: String, notAfter border: String.Index) -> String.Index {
        guard border > text.startIndex, border < text.endIndex else { return border }
        guard border >= text.index(after: text.startIndex) else { return text.startIndex }
        let before = text.index(before: border)
        let after = text.index(after: before)
        return after <= border ? after : before
    }

    /// The text before the first occurrence of any of the stop sequences.
    static func cut(_ text: String, before stops: [String]) -> String {
        guard !stops.isEmpty else { return text }
        let bytes = Array(text.utf8)
        let first = stops.compactMap { firstOffset(of: Array($0.utf8), in: bytes) }.min()
        return first.map { String(decoding: bytes[..<$0], as: UTF8.self) } ?? text
    }

    /// The stop sequence that stands in a text behind its beginning; nil when that is all of it.
    static func stop(in text: String, after beginning: String, _ stops: [String]) -> String? {
        let rest = text.utf8.dropFirst(beginning.utf8.count)
        return rest.isEmpty ? nil : stops.first { rest.starts(with: $0.utf8) }
    }

    private static func firstOffset(of wanted: [UInt8], in bytes: [UInt8]) -> Int? {
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
        return (0...bytes.count - wanted.count).first { at in
            bytes[at] == wanted[0] && bytes[at..<at + wanted.count].elementsEqual(wanted)
        }
    }
}
