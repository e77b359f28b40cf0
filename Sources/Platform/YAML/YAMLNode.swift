/// Where something stands in a text, both counted from 1. Columns count characters.
public struct YAMLPlace: Sendable, Hashable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A value in a YAML document and where it stands.
public struct YAMLNode: Sendable, Equatable {
    public indirect enum Content: Sendable, Equatable {
        case scalar(text: String, style: ScalarStyle)
        case sequence([YAMLNode])
        /// In the order written; no key comes twice.
        case mapping([YAMLEntry])
    }

    /// Quoted text is always text; plain text may also be a number or a truth value.
    public enum ScalarStyle: Sendable {
        case plain
        /// In quotes of either kind, or a block of text.
        case quoted
    }

    public let content: Content
    public let place: YAMLPlace

    public init(content: Content, place: YAMLPlace) {
        self.content = content
        self.place = place
    }
}

/// One key of a mapping with its value.
public struct YAMLEntry: Sendable, Equatable {
    public let key: String
    public let keyPlace: YAMLPlace
    public let value: YAMLNode

    public init(key: String, keyPlace: YAMLPlace, value: YAMLNode) {
        self.key = key
        self.keyPlace = keyPlace
        self.value = value
    }
}

extension YAMLNode {
    /// The text of any scalar but null, whatever else it could be read as.
    public var string: String? {
        guard case .scalar(let text, _) = content, !isNull else { return nil }
        return text
    }

    /// True for a key with nothing after it, and for a plain `null` or `~`.
    public var isNull: Bool {
        guard let text = plainText else { return false }
        return ["", "~", "null"].contains(text)
    }

    /// A plain whole number in decimal digits.
    public var int: Int? { plainText.flatMap { Int($0) } }

    /// Plain `true` or `false`; `yes` and `on` are text.
    public var bool: Bool? { plainText.flatMap { Bool($0) } }

    /// A plain decimal number, whole or not.
    public var double: Double? {
        guard let text = plainText, text.utf8.allSatisfy(Self.decimalCharacters.contains) else { return nil }
        return Double(text)
    }

    public var entries: [YAMLEntry]? {
        guard case .mapping(let entries) = content else { return nil }
        return entries
    }

    public var elements: [YAMLNode]? {
        guard case .sequence(let elements) = content else { return nil }
        return elements
    }

    /// The value under a key of a mapping.
    public subscript(key: String) -> YAMLNode? {
        entries?.first { $0.key == key }?.value
    }

    /// Keeps hexadecimal, infinity and not-a-number from being read as numbers.
    private static let decimalCharacters = Set("0123456789+-.eE".utf8)

    private var plainText: String? {
        guard case .scalar(let text, .plain) = content else { return nil }
        return text
    }
}
