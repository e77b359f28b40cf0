import JSON

/// What JSON has a form for by itself.
protocol JSONLeaf {
    func encoded(path: [any CodingKey]) throws -> JSONValue
    /// Nil when the value is of another kind, or does not fit.
    init?(leaf: JSONValue)
}

extension String: JSONLeaf {
    func encoded(path: [any CodingKey]) -> JSONValue { .string(self) }

    init?(leaf: JSONValue) {
        guard let text = leaf.stringValue else { return nil }
        self = text
    }
}

extension Bool: JSONLeaf {
    func encoded(path: [any CodingKey]) -> JSONValue { .bool(self) }

    init?(leaf: JSONValue) {
        guard let truth = leaf.boolValue else { return nil }
        self = truth
    }
}

extension BinaryFloatingPoint where Self: LosslessStringConvertible & CustomStringConvertible {
    fileprivate func number(_ path: [any CodingKey]) throws -> JSONValue {
        guard isFinite, let number = JSONNumber(spelling: spelling) else {
            let reason = "JSON has no infinities and no NaN."
            throw EncodingError.invalidValue(self, EncodingError.Context(codingPath: path, debugDescription: reason))
        }
        return .number(number)
    }

    /// Whole numbers without the `.0` that Swift writes.
    private var spelling: String {
        description.hasSuffix(".0") ? String(description.dropLast(2)) : description
    }
}

extension Double: JSONLeaf {
    func encoded(path: [any CodingKey]) throws -> JSONValue { try number(path) }

    init?(leaf: JSONValue) {
        guard let value = leaf.doubleValue else { return nil }
        self = value
    }
}

extension Float: JSONLeaf {
    func encoded(path: [any CodingKey]) throws -> JSONValue { try number(path) }

    init?(leaf: JSONValue) {
        guard let spelling = leaf.numberValue?.spelling, let value = Float(spelling), value.isFinite else { return nil }
        self = value
    }
}

extension JSONLeaf where Self: FixedWidthInteger {
    func encoded(path: [any CodingKey]) -> JSONValue { .int(self) }

    /// Whole numbers that fit, `1.0` and `1e3` included.
    init?(leaf: JSONValue) {
        guard let number = leaf.numberValue,
            let value = Self(number.spelling) ?? number.int64.flatMap({ Self(exactly: $0) })
        else { return nil }
        self = value
    }
}

extension Int: JSONLeaf {}
extension Int8: JSONLeaf {}
extension Int16: JSONLeaf {}
extension Int32: JSONLeaf {}
extension Int64: JSONLeaf {}
extension UInt: JSONLeaf {}
extension UInt8: JSONLeaf {}
extension UInt16: JSONLeaf {}
extension UInt32: JSONLeaf {}
extension UInt64: JSONLeaf {}
