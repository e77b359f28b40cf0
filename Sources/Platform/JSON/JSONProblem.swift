/// Where something lies in a JSON text, as RFC 6901 writes it: `/elements/0/id`.
public struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public var description: String { text }

    /// The whole text.
    public init() {
        text = ""
    }

    private init(text: String) {
        self.text = text
    }

    public func member(_ key: String) -> JSONPointer {
        var escaped = ""
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return JSONPointer(text: text + "/" + escaped)
    }

    public func element(_ position: Int) -> JSONPointer {
        JSONPointer(text: "\(text)/\(position)")
    }
}

/// One thing that is wrong with a JSON text, and where.
public struct JSONProblem: Hashable, Sendable, CustomStringConvertible {
    public let pointer: JSONPointer
    /// A sentence without the subject's name and without a full stop: `must be a whole number from 1 to 5`.
    public let text: String

    public init(_ pointer: JSONPointer, _ text: String) {
        self.pointer = pointer
        self.text = text
    }

    /// `/elements/0/id: must be a text`.
    public var description: String { pointer.text.isEmpty ? text : "\(pointer): \(text)" }

    /// A name from the text itself made fit for a problem: in quotes, one line, no control characters, not endless.
    public static func quoted(_ name: String) -> String {
        let longest = 64
        let scalars = name.unicodeScalars.prefix(longest)
        let shown = scalars.map { (0x20...0x7e).contains($0.value) ? String($0) : "?" }.joined()
        let isCut = name.unicodeScalars.dropFirst(longest).first != nil
        return "\"\(shown)\(isCut ? "…" : "")\""
    }
}
