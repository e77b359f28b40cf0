import JSON

/// A few words and what they mean, found in JSON without making texts. At most 64.
struct NameTable<Value: Sendable>: Sendable {
    private let names: [StaticString]
    private let values: [Value]

    init(_ entries: KeyValuePairs<StaticString, Value>) {
        names = entries.map(\.key)
        values = entries.map(\.value)
    }

    init(names: [StaticString], values: [Value]) {
        self.names = names
        self.values = values
    }

    subscript(position: Int) -> Value { values[position] }

    func position(of field: JSONField, in bytes: [UInt8]) -> Int? {
        guard !field.keyHasEscapes else { return position(of: field.key(in: bytes)) }
        return position(of: field.keyRange, in: bytes)
    }

    func value(of field: JSONField, in bytes: [UInt8]) -> Value? {
        position(of: field, in: bytes).map { values[$0] }
    }

    /// For a string value.
    func value(of slice: JSONSlice, in bytes: [UInt8]) -> Value? {
        if slice.hasEscapes { return slice.string(in: bytes).flatMap(position(of:)).map { values[$0] } }
        let range = slice.range
        return position(of: (range.lowerBound + 1)..<(range.upperBound - 1), in: bytes).map { values[$0] }
    }

    /// All words, for people.
    var list: String { names.map { "`\($0)`" }.joined(separator: ", ") }

    private func position(of range: Range<Int>, in bytes: [UInt8]) -> Int? {
        for position in names.indices where names[position].utf8CodeUnitCount == range.count {
            if bytes.holds(names[position], at: range.lowerBound) { return position }
        }
        return nil
    }

    private func position(of text: String) -> Int? {
        names.firstIndex { "\($0)" == text }
    }
}
