/// Where the parts of one scanned JSON text lie: its root, and what lies directly in the root.
///
/// All offsets count from the start of the array that was scanned, also when only a range of it was.
public struct JSONIndex: Equatable, Sendable {
    public let root: JSONSlice
    /// The members of the root in order, when it is an object.
    public let fields: [JSONField]
    /// The elements of the root in order, when it is an array.
    public let elements: [JSONSlice]

    public var kind: JSONKind { root.kind }
    public var range: Range<Int> { root.range }

    /// The first field of that name, however the key is spelled.
    public func first(named name: StaticString, in bytes: [UInt8]) -> JSONField? {
        fields.first { $0.isNamed(name, in: bytes) }
    }

    /// The first field of that name, however the key is spelled.
    public func first(named name: String, in bytes: [UInt8]) -> JSONField? {
        fields.first { $0.isNamed(name, in: bytes) }
    }

    /// How many fields have that name. Readers differ in which of several they take.
    public func count(named name: StaticString, in bytes: [UInt8]) -> Int {
        fields.count { $0.isNamed(name, in: bytes) }
    }

    /// How many fields have that name. Readers differ in which of several they take.
    public func count(named name: String, in bytes: [UInt8]) -> Int {
        fields.count { $0.isNamed(name, in: bytes) }
    }
}

/// A value in a text that was scanned.
public struct JSONSlice: Equatable, Sendable {
    private let lower: UInt32
    private let upper: UInt32
    public let kind: JSONKind
    /// Whether a string has escapes in it; false for all else.
    public let hasEscapes: Bool

    init(range: Range<Int>, kind: JSONKind, hasEscapes: Bool) {
        lower = UInt32(truncatingIfNeeded: range.lowerBound)
        upper = UInt32(truncatingIfNeeded: range.upperBound)
        self.kind = kind
        self.hasEscapes = hasEscapes
    }

    /// The exact bytes of the value, with quotes, brackets or braces and without white space around.
    public var range: Range<Int> { Int(lower)..<Int(upper) }
}

/// A member of an object in a text that was scanned.
public struct JSONField: Equatable, Sendable {
    private let keyLower: UInt32
    private let keyUpper: UInt32
    public let keyHasEscapes: Bool
    public let value: JSONSlice

    init(keyRange: Range<Int>, keyHasEscapes: Bool, value: JSONSlice) {
        keyLower = UInt32(truncatingIfNeeded: keyRange.lowerBound)
        keyUpper = UInt32(truncatingIfNeeded: keyRange.upperBound)
        self.keyHasEscapes = keyHasEscapes
        self.value = value
    }

    /// The raw key, without its quotes.
    public var keyRange: Range<Int> { Int(keyLower)..<Int(keyUpper) }
    public var kind: JSONKind { value.kind }
    /// The exact bytes of the value.
    public var range: Range<Int> { value.range }
    /// The exact bytes from the key's opening quote to the end of the value.
    public var memberRange: Range<Int> { (Int(keyLower) - 1)..<range.upperBound }
}
