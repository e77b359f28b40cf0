import Domain

/// A condition on a text, decided on its bytes. Equality and order are those of bytes; `contains` takes the letters of
/// ASCII to be the same in either case.
struct TextTest {
    let operation: LogFilter.Operation
    private let wanted: [[UInt8]]

    init(_ operation: LogFilter.Operation, _ texts: [String]) {
        self.operation = operation
        wanted = texts.map { text in
            operation == .contains ? text.utf8.map(Self.lowered) : Array(text.utf8)
        }
    }

    func fits(_ bytes: Span<UInt8>) -> Bool {
        fits(bytes, 0..<bytes.count)
    }

    /// Whether the text in a part of the bytes fits.
    func fits(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        switch operation {
        case .equal: wanted.contains { Self.isEqual(bytes, range, $0) }
        case .notEqual: !wanted.contains { Self.isEqual(bytes, range, $0) }
        case .contains: wanted.contains { Self.contains(bytes, range, $0) }
        case .less: wanted.contains { Self.compare(bytes, range, $0) < 0 }
        case .greater: wanted.contains { Self.compare(bytes, range, $0) > 0 }
        case .atMost: wanted.contains { Self.compare(bytes, range, $0) <= 0 }
        case .atLeast: wanted.contains { Self.compare(bytes, range, $0) >= 0 }
        }
    }

    private static func isEqual(_ bytes: Span<UInt8>, _ range: Range<Int>, _ wanted: [UInt8]) -> Bool {
        range.count == wanted.count && compare(bytes, range, wanted) == 0
    }

    /// Negative, zero or positive, as the text stands before, at or behind the wanted one.
    private static func compare(_ bytes: Span<UInt8>, _ range: Range<Int>, _ wanted: [UInt8]) -> Int {
        for offset in 0..<min(range.count, wanted.count) {
            let difference = Int(bytes[range.lowerBound + offset]) - Int(wanted[offset])
            if difference != 0 { return difference }
        }
        return range.count - wanted.count
    }

    private static func contains(_ bytes: Span<UInt8>, _ range: Range<Int>, _ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first else { return true }
        guard range.count >= wanted.count else { return false }
        for start in range.lowerBound...(range.upperBound - wanted.count) where lowered(bytes[start]) == first {
            var at = 1
            while at < wanted.count, lowered(bytes[start + at]) == wanted[at] { at += 1 }
            if at == wanted.count { return true }
        }
        return false
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}
