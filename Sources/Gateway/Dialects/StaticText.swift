// Bytes and the texts of the program, which need no copy.

extension [UInt8] {
    /// Whether these characters stand there. Reads no further than the array goes.
    func holds(_ text: StaticString, at start: Int) -> Bool {
        text.withUTF8Buffer { text in
            guard start + text.count <= count else { return false }
            for i in 0..<text.count where unsafe self[start + i] != text[i] { return false }
            return true
        }
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}

extension StaticString {
    var bytes: [UInt8] { withUTF8Buffer { unsafe Array($0) } }
}
