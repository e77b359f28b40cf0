/// The parts of a vendor's path.
enum NativePath {
    /// What stands between the slashes, without the query. A slash that was escaped counts like any other: ids of
    /// models have some.
    static func segments(_ path: String) -> [Substring] {
        decoded(path.prefix { $0 != "?" && $0 != "#" }).split(separator: "/")
    }

    /// The escapes of an address undone; the text itself where they are broken.
    private static func decoded(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                let digits = rest.prefix(2)
                guard digits.count == 2, let escape = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                    return String(text)
                }
                bytes.append(escape)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self) ?? String(text)
    }
}

/// What a path must look like: words between slashes, `*` for anything in one place, and `**` at the start for
/// anything in any number of places, none included. A `*` may be followed by how the word ends, or by what it holds and
/// another `*`.
struct NativePathPattern: Sendable {
    private let words: [String]
    private let isOpen: Bool

    init(_ text: String) {
        let words = text.split(separator: "/").map(String.init)
        isOpen = words.first == "**"
        self.words = isOpen ? Array(words.dropFirst()) : words
    }

    func matches(_ segments: [Substring]) -> Bool {
        guard isOpen ? segments.count >= words.count : segments.count == words.count else { return false }
        return zip(words, segments.suffix(words.count)).allSatisfy(Self.matches)
    }

    private static func matches(_ word: String, _ segment: Substring) -> Bool {
        guard word.hasPrefix("*") else { return segment == word }
        let rest = word.dropFirst()
        if rest.hasSuffix("*") { return segment.contains(rest.dropLast()) }
        return segment.utf8.count >= word.utf8.count && segment.hasSuffix(rest)
    }
}
