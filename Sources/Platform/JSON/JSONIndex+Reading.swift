// These read from the array that was scanned. Given another one they read nonsense or trap on a bound, as an array
// index would.

extension JSONSlice {
    public var isNull: Bool { kind == .null }

    /// The bytes of the value.
    public func raw(in bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes[range]
    }

    /// The text of a string; nil when the value is something else.
    public func string(in bytes: [UInt8]) -> String? {
        guard kind == .string else { return nil }
        let inner = (range.lowerBound + 1)..<(range.upperBound - 1)
        return JSONUnescaping.string(bytes, inner, hasEscapes: hasEscapes)
    }

    /// The truth value; nil when the value is something else.
    public var bool: Bool? {
        kind.isBool ? kind == .true : nil
    }

    /// The number as spelled; nil when the value is something else.
    public func number(in bytes: [UInt8]) -> JSONNumber? {
        guard kind == .number else { return nil }
        return JSONNumber(checked: String(decoding: bytes[range], as: UTF8.self))
    }

    /// The number when it is whole and fits, `1.0` and `1e3` included; nil when the value is something else.
    public func int(in bytes: [UInt8]) -> Int? {
        number(in: bytes)?.int64.flatMap { Int(exactly: $0) }
    }

    /// The nearest double; nil when the value is no number or one beyond all doubles.
    public func double(in bytes: [UInt8]) -> Double? {
        number(in: bytes)?.double
    }
}

extension JSONField {
    /// The key as text.
    public func key(in bytes: [UInt8]) -> String {
        JSONUnescaping.string(bytes, keyRange, hasEscapes: keyHasEscapes)
    }

    /// Whether the key means `name`, however it is spelled: `"mod\u0065l"` is named `model`.
    public func isNamed(_ name: StaticString, in bytes: [UInt8]) -> Bool {
        name.withUTF8Buffer { name in
            let range = keyRange
            if keyHasEscapes { return unsafe JSONUnescaping.unescaped(bytes[range]).elementsEqual(name) }
            guard range.count == name.count else { return false }
            for i in 0..<range.count where unsafe bytes[range.lowerBound + i] != name[i] { return false }
            return true
        }
    }

    /// Whether the key means `name`, however it is spelled.
    public func isNamed(_ name: String, in bytes: [UInt8]) -> Bool {
        if keyHasEscapes { return JSONUnescaping.unescaped(bytes[keyRange]).elementsEqual(name.utf8) }
        return name.utf8.count == keyRange.count && bytes[keyRange].elementsEqual(name.utf8)
    }

    /// The text of a string value; nil when the value is something else.
    public func string(in bytes: [UInt8]) -> String? { value.string(in: bytes) }
    /// The number when it is whole and fits; nil when the value is something else.
    public func int(in bytes: [UInt8]) -> Int? { value.int(in: bytes) }
    /// The nearest double; nil when the value is something else.
    public func double(in bytes: [UInt8]) -> Double? { value.double(in: bytes) }
    /// The truth value; nil when the value is something else.
    public var bool: Bool? { value.bool }
    public var isNull: Bool { value.isNull }
}
