/// Edits to make in a text, all told in offsets of the text as it is. What no edit names stays byte for byte.
public struct JSONPatch: Sendable {
    private struct Edit: Sendable {
        var range: Range<Int>
        var replacement: [UInt8]
    }

    private var edits: [Edit] = []

    public init() {}

    public var isEmpty: Bool { edits.isEmpty }

    /// Puts `bytes` in the place of what lies in `range`.
    public mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {
        edits.append(Edit(range: range, replacement: bytes))
    }

    /// Puts `bytes` before the byte at `offset`. Several at one offset come in the order they were added.
    public mutating func insert(_ bytes: [UInt8], at offset: Int) {
        edits.append(Edit(range: offset..<offset, replacement: bytes))
    }

    /// The text with all edits made, in one new array.
    public func applied(to bytes: [UInt8]) throws(JSONPatchError) -> [UInt8] {
        let ordered = edits.enumerated().sorted { one, other in
            let (a, b) = (one.element.range, other.element.range)
            return (a.lowerBound, a.upperBound, one.offset) < (b.lowerBound, b.upperBound, other.offset)
        }
        let added = ordered.reduce(0) { $0 + $1.element.replacement.count - $1.element.range.count }
        var result: [UInt8] = []
        result.reserveCapacity(max(bytes.count + added, 0))
        var copied = 0
        for (_, edit) in ordered {
            guard edit.range.upperBound <= bytes.count else { throw .outOfBounds }
            guard edit.range.lowerBound >= copied else { throw .overlapping }
            result.append(contentsOf: bytes[copied..<edit.range.lowerBound])
            result.append(contentsOf: edit.replacement)
            copied = edit.range.upperBound
        }
        result.append(contentsOf: bytes[copied...])
        return result
    }
}

/// Edits that cannot be made: a mistake of the program, not of the text.
public enum JSONPatchError: Error, Equatable, Sendable {
    case outOfBounds
    case overlapping
}
