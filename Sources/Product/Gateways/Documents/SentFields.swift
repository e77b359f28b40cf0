import Accounts
import Domain
import JSON

/// What a request says of the fields of something, and all that is wrong with it.
///
/// Fields that nobody knows are passed over: clients of other versions send them.
struct SentFields {
    private let object: JSONObject
    private(set) var problems: [GatewayProblem] = []

    init(_ sent: JSONValue) throws(GatewayError) {
        guard let object = sent.objectValue else {
            throw GatewayError(.invalidType, "The body must be a JSON object.")
        }
        self.object = object
    }

    /// Throws when something was wrong.
    func finish() throws(GatewayError) {
        guard problems.isEmpty else { throw GatewayError(problems) }
    }

    // MARK: Reporting

    /// - Parameter text: Goes on behind the name of the field.
    mutating func report(_ name: String, _ text: String) {
        problems.append(GatewayProblem("/\(name)", text))
    }

    /// - Parameter inner: With places in the value of the field.
    mutating func report(_ name: String, inner: [GatewayProblem]) {
        problems += inner.map { GatewayProblem("/\(name)\($0.pointer)", $0.text) }
    }

    /// The value of a field that must be there.
    mutating func required<Value>(_ change: Change<Value>, _ name: String) -> Value? {
        // One that is there and wrong was reported.
        if change.value == nil, object[name]?.isNull ?? true { report(name, "is missing") }
        return change.value
    }

    /// For fields that always have a value: null cannot take it away.
    mutating func kept<Value>(_ change: Change<Value>, _ name: String) -> Value? {
        if case .clear = change { report(name, "cannot be null") }
        return change.value
    }

    // MARK: Reading

    subscript(_ name: String) -> JSONValue? { object[name] }

    /// - Parameter what: What the value must be, for the problem.
    mutating func read<Value: Sendable>(
        _ name: String, _ what: @autoclosure () -> String, _ reading: (JSONValue) -> Value?
    ) -> Change<Value> {
        switch object[name] {
        case nil: return .keep
        case .null: return .clear
        case .some(let value):
            guard let value = reading(value) else {
                report(name, "must be \(what())")
                return .keep
            }
            return .set(value)
        }
    }

    mutating func flag(_ name: String) -> Change<Bool> {
        read(name, "true or false") { $0.boolValue }
    }

    /// - Parameters:
    ///   - unit: What is counted.
    ///   - zero: What 0 means, where it may be said besides.
    mutating func number(
        _ name: String, _ bounds: ClosedRange<Int>, unit: String? = nil, zero: String? = nil
    ) -> Change<Int> {
        let counted = unit.map { "a whole number of \($0)" } ?? "a whole number"
        let range = "\(counted) from \(bounds.lowerBound) to \(bounds.upperBound)"
        return read(name, zero.map { "0 or null for \($0), or \(range)" } ?? range) { value in
            guard let number = value.intValue, bounds.contains(number) || (zero != nil && number == 0) else {
                return nil
            }
            return number
        }
    }

    /// One of the words, in whatever case it is written; as it is spelt here.
    mutating func word(_ name: String, _ words: [String]) -> Change<String> {
        read(name, "one of \(words.joined(separator: ", "))") { value in
            let written = value.stringValue?.lowercased()
            return words.first { $0.lowercased() == written }
        }
    }

    /// - Parameter lengths: In characters as people count them, roughly: Unicode scalars.
    mutating func text(_ name: String, _ lengths: ClosedRange<Int>, isOneLine: Bool = true) -> Change<String> {
        let shape = isOneLine ? "a text in one line" : "a text"
        return read(name, "\(shape) of \(lengths.lowerBound) to \(lengths.upperBound) characters") { value in
            guard let text = value.stringValue, lengths.contains(text.unicodeScalars.count),
                Self.isDecent(text, isOneLine: isOneLine)
            else { return nil }
            return text
        }
    }

    /// No control characters, but ends of lines and tabs where there may be several lines.
    static func isDecent(_ text: String, isOneLine: Bool) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: !isOneLine
            case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: false
            default: true
            }
        }
    }
}
