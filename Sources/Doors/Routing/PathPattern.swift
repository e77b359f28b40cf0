/// A path with gaps, such as `/client/v4/accounts/{account}/ai/run/{model...}`: a part in braces stands for any part that
/// is not empty, one that ends in dots for all that is left, slashes included.
public struct PathPattern: Sendable, CustomStringConvertible {
    public let description: String
    private let parts: [Part]

    private enum Part: Sendable {
        case literal(String)
        case gap(String)
        case rest(String)
    }

    public init(_ text: StaticString) {
        description = text.description
        parts = description.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
            guard part.first == "{", part.last == "}" else { return .literal(String(part)) }
            let name = part.dropFirst().dropLast()
            return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .gap(String(name))
        }
    }

    /// What stands in the gaps, decoded; nil when the path is another, or its escapes are broken.
    ///
    /// Literals are compared with the path as it was sent, so that no escape can reach them.
    public func match(_ path: String) -> PathParts? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var rest = Substring(path.utf8.dropFirst())
        var found: [(String, String)] = []
        for (position, part) in parts.enumerated() {
            if case .rest(let name) = part {
                guard !rest.isEmpty, let value = PercentEncoding.decode(String(rest)) else { return nil }
                found.append((name, value))
                return PathParts(found)
            }
            let actual = Substring(rest.utf8.prefix { $0 != UInt8(ascii: "/") })
            switch part {
            case .literal(let text):
                guard actual == text else { return nil }
            case .gap(let name):
                guard !actual.isEmpty, let value = PercentEncoding.decode(String(actual)) else { return nil }
                found.append((name, value))
            case .rest: return nil
            }
            rest = rest[actual.endIndex...]
            let isLast = position == parts.count - 1
            guard isLast ? rest.isEmpty : rest.utf8.first == UInt8(ascii: "/") else { return nil }
            if !isLast { rest = Substring(rest.utf8.dropFirst()) }
        }
        return rest.isEmpty ? PathParts(found) : nil
    }
}

/// What stood in the gaps of a pattern.
public struct PathParts: Sendable {
    private let values: [(name: String, value: String)]

    init(_ values: [(String, String)]) {
        self.values = values
    }

    public static let none = PathParts([])

    /// The part of that name; empty when the pattern has no such gap.
    public subscript(_ name: String) -> String {
        values.first { $0.name == name }?.value ?? ""
    }
}
