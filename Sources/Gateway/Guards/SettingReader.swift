import JSON

/// Reads a setting and notes everything that is wrong with it, instead of stopping at the first.
struct SettingReader {
    private(set) var problems: [GuardProblem] = []

    private static let longestShownText = 80

    mutating func note(_ pointer: String, _ message: String) {
        problems.append(GuardProblem(pointer, message))
    }

    /// The members of an object. Unknown ones and repeated ones are problems; null is the same as absent.
    mutating func object(_ value: JSONValue, _ pointer: String, known: [String]) -> JSONObject? {
        guard let object = value.objectValue else {
            note(pointer, "must be an object.")
            return nil
        }
        if object.hasRepeatedKeys { note(pointer, "has a member more than once.") }
        for key in object.keys where !known.contains(key) {
            note(pointer + "/" + Self.escaped(key), "is not known here. Known are \(known.joined(separator: ", ")).")
        }
        return JSONObject(members: object.members.filter { !$0.value.isNull })
    }

    mutating func bool(_ object: JSONObject, _ name: String, _ pointer: String) -> Bool {
        guard let value = required(object, name, pointer) else { return false }
        if value.boolValue == nil { note("\(pointer)/\(name)", "must be true or false.") }
        return value.boolValue ?? false
    }

    mutating func text(_ object: JSONObject, _ name: String, _ pointer: String) -> String? {
        guard let value = required(object, name, pointer) else { return nil }
        if value.stringValue == nil { note("\(pointer)/\(name)", "must be a string.") }
        return value.stringValue
    }

    /// One of a few words, whatever its case.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ value: JSONValue, _ pointer: String, _: Word.Type
    ) -> Word? where Word.RawValue == String {
        let word = value.stringValue.flatMap { Word(rawValue: $0.uppercased()) }
        if word == nil {
            note(pointer, "must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return word
    }

    /// The elements of an array of at least one and at most `most`.
    mutating func elements(_ object: JSONObject, _ name: String, _ pointer: String, most: Int) -> [JSONValue] {
        guard let value = required(object, name, pointer) else { return [] }
        guard let elements = value.arrayValue else {
            note("\(pointer)/\(name)", "must be an array.")
            return []
        }
        guard (1...most).contains(elements.count) else {
            note("\(pointer)/\(name)", "must have 1 to \(most) entries.")
            return []
        }
        return elements
    }

    mutating func required(_ object: JSONObject, _ name: String, _ pointer: String) -> JSONValue? {
        let value = object[name]
        if value == nil { note("\(pointer)/\(name)", "is missing.") }
        return value
    }

    /// Throws what was noted, if anything.
    func finish() throws(GuardProblems) {
        guard problems.isEmpty else { throw GuardProblems(problems) }
    }

    /// A key as part of a JSON pointer, cut where it is long.
    static func escaped(_ key: String) -> String {
        var escaped = ""
        for scalar in key.unicodeScalars.prefix(longestShownText) {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
