import Domain
import YAML

/// A field and the file it stands in; an operator's file may give some fields of a model, a built-in one the rest.
struct SourcedField {
    let entry: YAMLEntry
    let file: String
}

/// Reads the fields of one mapping, and notes everything that is wrong with them. What is null counts as not given.
struct FieldReader {
    /// Names the mapping in problems, such as `openai/o4-mini: pricing`.
    let subject: String
    private let file: String
    private let place: YAMLPlace
    private let fields: [String: SourcedField]
    private(set) var problems: [CatalogueProblem] = []

    /// Longer texts are refused; only an example may be longer.
    static let longestText = 2_000
    static let longestList = 200

    init(_ fields: [SourcedField], known: [String], subject: String, file: String, place: YAMLPlace) {
        self.subject = subject
        self.file = file
        self.place = place
        self.fields = Dictionary(fields.map { ($0.entry.key, $0) }) { first, _ in first }
        for field in fields where !known.contains(field.entry.key) {
            let name = field.entry.key
            let nearest = NearestName.find(name, tail: name, among: known).map { "; did you mean \($0)?" } ?? ""
            report("there is no field \(printable(name))\(nearest)", at: field.entry.keyPlace, in: field.file)
        }
    }

    func has(_ name: String) -> Bool { node(name) != nil }

    func file(of name: String) -> String? { fields[name]?.file }

    func line(of name: String) -> Int? { fields[name]?.entry.keyPlace.line }

    mutating func text(_ name: String, longest: Int = Self.longestText) -> String? {
        guard let node = node(name) else { return nil }
        guard let text = node.string, !text.isEmpty, text.utf8.count <= longest else {
            report(name, "must be a text of 1 to \(longest) bytes")
            return nil
        }
        return text
    }

    mutating func required(_ name: String) -> String? {
        guard has(name) else {
            report("\(name) is missing", at: place, in: file)
            return nil
        }
        return text(name)
    }

    mutating func integer(_ name: String, in bounds: ClosedRange<Int>) -> Int? {
        guard let node = node(name) else { return nil }
        guard let number = node.int, bounds.contains(number) else {
            report(name, "must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
            return nil
        }
        return number
    }

    mutating func decimal(_ name: String) -> Double? {
        guard let node = node(name) else { return nil }
        guard let number = node.double, number.isFinite else {
            report(name, "must be a number")
            return nil
        }
        return number
    }

    mutating func bool(_ name: String) -> Bool? {
        guard let node = node(name) else { return nil }
        guard let value = node.bool else {
            report(name, "must be true or false")
            return nil
        }
        return value
    }

    /// A day, `YYYY-MM-DD`.
    mutating func day(_ name: String) -> String? {
        guard let node = node(name) else { return nil }
        guard let text = node.string, CalendarDay(text) != nil else {
            report(name, "must be a day, written YYYY-MM-DD")
            return nil
        }
        return text
    }

    mutating func choice<Value: CaseIterable & RawRepresentable<String>>(_ name: String) -> Value? {
        guard let node = node(name) else { return nil }
        guard let value = node.string.flatMap(Value.init(rawValue:)) else {
            report(name, oneOf(Value.allCases.map(\.rawValue), written: node.string))
            return nil
        }
        return value
    }

    mutating func texts(_ name: String, among allowed: [String]? = nil) -> [String] {
        guard let elements = elements(name) else { return [] }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string, !text.isEmpty, text.utf8.count <= Self.longestText else {
                report(name, "must be a list of texts of 1 to \(Self.longestText) bytes", at: element.place)
                continue
            }
            if let allowed, !allowed.contains(text) {
                report(name, oneOf(allowed, written: text), at: element.place)
            } else if texts.contains(text) {
                report(name, "holds \(printable(text)) twice", at: element.place)
            } else {
                texts.append(text)
            }
        }
        return texts
    }

    mutating func elements(_ name: String) -> [YAMLNode]? {
        guard let node = node(name) else { return nil }
        guard let elements = node.elements, elements.count <= Self.longestList else {
            report(name, "must be a list of at most \(Self.longestList)")
            return nil
        }
        return elements
    }

    /// The fields of a mapping in a field.
    mutating func mapping(_ name: String, known: [String]) -> FieldReader? {
        guard let node = node(name), let field = fields[name] else { return nil }
        guard let entries = node.entries else {
            report(name, "must be a mapping of names to values")
            return nil
        }
        return FieldReader(
            entries.map { SourcedField(entry: $0, file: field.file) }, known: known, subject: "\(subject): \(name)",
            file: field.file, place: field.entry.keyPlace)
    }

    func node(_ name: String) -> YAMLNode? {
        guard let node = fields[name]?.entry.value, !node.isNull else { return nil }
        return node
    }

    mutating func report(_ name: String, _ message: String, at place: YAMLPlace? = nil) {
        guard let field = fields[name] else { return report("\(name) \(message)", at: self.place, in: file) }
        report("\(name) \(message)", at: place ?? field.entry.value.place, in: field.file)
    }

    mutating func report(_ message: String) {
        report(message, at: place, in: file)
    }

    mutating func adopt(_ child: FieldReader) {
        problems += child.problems
    }

    private mutating func report(_ message: String, at place: YAMLPlace, in file: String) {
        problems.append(CatalogueProblem(file: file, line: place.line, "\(subject): \(message)"))
    }

    private func oneOf(_ allowed: [String], written: String?) -> String {
        let nearest = written.flatMap { NearestName.find($0, tail: $0, among: allowed) }
        return "must be one of \(allowed.joined(separator: ", "))" + (nearest.map { "; did you mean \($0)?" } ?? "")
    }
}

/// Whether a text is a word such as `chat-completions`: lower-case letters, digits and single hyphens between them.
func isLowerCaseWord(_ text: String) -> Bool {
    text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }
}

/// Text from a file made fit for a problem: one line, no control characters, not endless.
func printable(_ text: String) -> String {
    let longest = 80
    if text.utf8.count <= longest, text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return text }
    let hidden: [Unicode.GeneralCategory] = [.control, .format, .lineSeparator, .paragraphSeparator]
    let scalars = text.unicodeScalars.prefix(longest).map {
        hidden.contains($0.properties.generalCategory) ? "?" : String($0)
    }
    return scalars.joined() + (text.unicodeScalars.count > longest ? "…" : "")
}
