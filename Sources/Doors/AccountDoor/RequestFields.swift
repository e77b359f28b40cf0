import Accounts
import Domain
import HTTPServer
import JSON

/// The members of a small JSON object. Members that are not known are refused, and so is one that is there twice.
struct RequestFields {
    private let object: JSONObject

    private static let deepest = 8
    private static let longestShownName = 80

    /// No body is the same as one without members.
    init(_ call: ManagementCall, _ known: [String]) throws(GatewayError) {
        let body = call.request.body
        guard !body.isEmpty else {
            object = JSONObject()
            return
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, maximumDepth: Self.deepest)
        } catch {
            throw GatewayError(.invalidBody, error.description)
        }
        guard let object = value.objectValue else {
            throw GatewayError(.invalidType, "The body must be a JSON object.")
        }
        var seen: Set<String> = []
        for name in object.keys {
            guard known.contains(name) else { throw Self.unknown(name, known) }
            guard seen.insert(name).inserted else {
                throw GatewayError(
                    .duplicateField, "The body has more than one `\(name)`. Send it once.", param: name)
            }
        }
        self.object = object
    }

    private static func unknown(_ name: String, _ known: [String]) -> GatewayError {
        let shown = String(name.unicodeScalars.prefix(longestShownName))
        var message = "`\(shown)` is not known here."
        if let meant = NearestName.find(name, tail: name, among: known) {
            message += " Did you mean `\(meant)`?"
        } else if !known.isEmpty {
            message += " It takes \(known.map { "`\($0)`" }.joined(separator: ", "))."
        }
        return GatewayError(.invalidValue, message, param: shown)
    }

    // MARK: Values

    func value(_ name: String) -> Change<JSONValue> {
        switch object[name] {
        case nil: .keep
        case .null: .clear
        case .some(let value): .set(value)
        }
    }

    /// Reads a member that is there and is not null.
    func read<Value: Sendable>(
        _ name: String, _ reading: (JSONValue) throws(GatewayError) -> Value
    ) throws(GatewayError) -> Change<Value> {
        switch value(name) {
        case .keep: .keep
        case .clear: .clear
        case .set(let value): .set(try reading(value))
        }
    }

    /// A text of one line, whose length is counted in scalars unless something else is said.
    func text(
        _ name: String, longest: Int, _ length: (String) -> Int = { $0.unicodeScalars.count }
    ) throws(GatewayError) -> Change<String> {
        try read(name) { value throws(GatewayError) in
            guard let text = value.stringValue else { throw Self.wrongType(name, "a string") }
            guard !text.isEmpty, length(text) <= longest, Self.isOneLine(text) else {
                throw Self.invalid(name, "must have 1 to \(longest) characters in one line.")
            }
            return text
        }
    }

    /// - Parameter zeroClears: Whether zero means that there shall be none, as null does.
    func integer(
        _ name: String, _ bounds: ClosedRange<Int>, zeroClears: Bool = false
    ) throws(GatewayError) -> Change<Int> {
        let change = try read(name) { value throws(GatewayError) in
            guard let number = value.numberValue else { throw Self.wrongType(name, "an integer") }
            guard let integer = number.int64.map(Int.init), bounds.contains(integer) || (zeroClears && integer == 0)
            else {
                throw Self.invalid(
                    name, "must be a whole number from \(zeroClears ? 0 : bounds.lowerBound) to \(bounds.upperBound).")
            }
            return integer
        }
        return zeroClears && change.value == 0 ? .clear : change
    }

    func flag(_ name: String) throws(GatewayError) -> Change<Bool> {
        try read(name) { value throws(GatewayError) in
            guard let flag = value.boolValue else { throw Self.wrongType(name, "true or false") }
            return flag
        }
    }

    func word<Word: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _: Word.Type
    ) throws(GatewayError) -> Change<Word> where Word.RawValue == String {
        try read(name) { value throws(GatewayError) in
            guard let text = value.stringValue else { throw Self.wrongType(name, "a string") }
            guard let word = Word(rawValue: text) else {
                let words = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                throw Self.invalid(name, "must be one of \(words).")
            }
            return word
        }
    }

    /// Strings in an array, one at least: none would be taken for nothing by some and for everything by others.
    func texts(
        _ name: String, most: Int, none: StaticString, _ check: (String) -> Bool, _ what: StaticString
    ) throws(GatewayError) -> Change<[String]> {
        try read(name) { value throws(GatewayError) in
            guard let elements = value.arrayValue else { throw Self.wrongType(name, "an array of strings") }
            guard (1...most).contains(elements.count) else {
                throw Self.invalid(name, "must have 1 to \(most) entries. \(none)")
            }
            var texts: [String] = []
            for (index, element) in elements.enumerated() {
                guard let text = element.stringValue else { throw Self.wrongType("\(name)/\(index)", "a string") }
                guard check(text) else { throw Self.invalid("\(name)/\(index)", "must be \(what).") }
                texts.append(text)
            }
            return texts
        }
    }

    // MARK: Failing

    static func required<Value>(_ change: Change<Value>, _ name: String) throws(GatewayError) -> Value {
        guard let value = change.value else {
            throw GatewayError(.missingField, "`\(name)` is missing.", param: name)
        }
        return value
    }

    /// For what always has a value: null cannot take it away.
    static func unclearable<Value>(_ change: Change<Value>, _ name: String) throws(GatewayError) -> Change<Value> {
        if case .clear = change { throw invalid(name, "cannot be null.") }
        return change
    }

    static func wrongType(_ name: String, _ what: String) -> GatewayError {
        GatewayError(.invalidType, "`\(name)` must be \(what).", param: name)
    }

    static func invalid(_ name: String, _ what: String) -> GatewayError {
        GatewayError(.invalidValue, "`\(name)` \(what)", param: name)
    }

    static func isOneLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && !isBreak($0) }
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
