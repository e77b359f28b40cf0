/// Why a text was not accepted as YAML, and where.
public struct YAMLError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case tooLarge, tooDeep, tooManyNodes, invalidText, syntax, duplicateKey, unsupported
    }

    public let code: Code
    public let place: YAMLPlace
    /// Never holds a value of the document; a duplicate key is named.
    public let message: String

    public var line: Int { place.line }
    public var column: Int { place.column }

    public var description: String { "line \(line), column \(column): \(message)" }

    public init(code: Code, place: YAMLPlace, message: String) {
        self.code = code
        self.place = place
        self.message = message
    }
}

/// How large a document may be.
public struct YAMLLimits: Sendable {
    public var maxBytes = 1 << 20
    /// Mappings and sequences inside each other.
    public var maxDepth = 32
    /// Scalars, mappings and sequences in all; keys count.
    public var maxNodes = 50_000

    public init() {}
}
