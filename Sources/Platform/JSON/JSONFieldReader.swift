/// Reads the members of one object strictly, and notes with its place everything that is wrong with them.
///
/// What is null counts as not given. A key that nobody knows and a key that is there twice are problems as well.
public struct JSONFieldReader: Sendable {
    /// More strange keys of one object are not listed.
    public static let mostStrangeKeys = 10

    public let pointer: JSONPointer
    public private(set) var problems: [JSONProblem] = []
    private let object: JSONObject

    /// - Parameters:
    ///   - known: Every key there may be.
    ///   - misnomers: What to say of keys that people are likely to write instead.
    public init(
        _ object: JSONObject, at pointer: JSONPointer, known: [String], misnomers: [String: String] = [:]
    ) {
        self.object = object
        self.pointer = pointer
        if object.hasRepeatedKeys { report("holds a key twice") }
        let strange = object.keys.filter { !known.contains($0) }.prefix(Self.mostStrangeKeys)
        for key in strange {
            let choice = known.isEmpty ? "" : "; known are \(known.joined(separator: ", "))"
            report(key, misnomers[key] ?? "is not known here\(choice)")
        }
    }

    public func has(_ name: String) -> Bool { value(name) != nil }

    public func value(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    /// The value, or a problem when it is not there.
    public mutating func required(_ name: String) -> JSONValue? {
        let found = value(name)
        if found == nil { report(name, "is required") }
        return found
    }

    public mutating func text(_ name: String, longest: Int) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.stringValue, !text.isEmpty, text.utf8.count <= longest else {
            report(name, "must be a text of 1 to \(longest) bytes")
            return nil
        }
        return text
    }

    public mutating func integer(_ name: String, in bounds: ClosedRange<Int64>, unit: String = "") -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.numberValue?.int64, bounds.contains(number) else {
            let tail = unit.isEmpty ? "" : ": \(unit)"
            report(name, "must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)\(tail)")
            return nil
        }
        return number
    }

    public mutating func bool(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let bool = value.boolValue else {
            report(name, "must be true or false")
            return nil
        }
        return bool
    }

    /// One of the words, in whatever case it is written.
    public mutating func choice<Word: CaseIterable & RawRepresentable<String>>(
        _ name: String, _ words: Word.Type
    ) -> Word? {
        guard let value = value(name) else { return nil }
        let written = value.stringValue?.lowercased()
        guard let word = words.allCases.first(where: { $0.rawValue.lowercased() == written }) else {
            let allowed = words.allCases.map(\.rawValue).joined(separator: ", ")
            report(name, "must be one of \(allowed)")
            return nil
        }
        return word
    }

    public mutating func object(_ name: String) -> JSONObject? {
        guard let value = value(name) else { return nil }
        guard let object = value.objectValue else {
            report(name, "must be an object")
            return nil
        }
        return object
    }

    public mutating func array(_ name: String, counts: ClosedRange<Int>) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let array = value.arrayValue, counts.contains(array.count) else {
            report(name, "must be a list of \(counts.lowerBound) to \(counts.upperBound)")
            return nil
        }
        return array
    }

    public mutating func report(_ name: String, _ text: String) {
        problems.append(JSONProblem(pointer.member(name), text))
    }

    /// Of the object as a whole.
    public mutating func report(_ text: String) {
        problems.append(JSONProblem(pointer, text))
    }

    /// What was found in something that lies in this object.
    public mutating func adopt(_ others: [JSONProblem]) {
        problems += others
    }
}
