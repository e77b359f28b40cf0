/// A 32-byte hash as a small value: it can be a dictionary key and needs no memory of its own.
public struct Digest32: Hashable, Sendable {
    public static let byteCount = 32

    // The bytes in order, eight to a word, the first byte lowest.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes exactly 32 bytes, or is nil.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        func word(_ index: Int) -> UInt64 {
            bytes[index * 8..<index * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        words = (word(0), word(1), word(2), word(3))
    }

    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return bytes
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(bytes) }

    public static func == (left: Digest32, right: Digest32) -> Bool {
        (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1)
            | (left.words.2 ^ right.words.2) | (left.words.3 ^ right.words.3) == 0
    }

    public func hash(into hasher: inout Hasher) {
        // A hash is spread evenly already; one word tells values apart as well as four.
        hasher.combine(words.0)
    }
}
