/// What a caller says about a call for its own books: a flat object of a few values.
public struct CallMetadata: Hashable, Sendable {
    /// Further entries are dropped.
    public static let mostEntries = 5
    /// Keys that begin so are the gateway's own.
    public static let reservedPrefix = "cf."

    public enum Value: Hashable, Sendable {
        case text(String)
        case number(String)
        case bool(Bool)

        /// As it is written in a filter.
        public var text: String {
            switch self {
            case .text(let text), .number(let text): text
            case .bool(let value): value ? "true" : "false"
            }
        }
    }

    public struct Entry: Hashable, Sendable {
        public var key: String
        public var value: Value

        public init(key: String, value: Value) {
            self.key = key
            self.value = value
        }
    }

    public private(set) var entries: [Entry]

    /// Keeps the first entries, as many as there may be.
    public init(_ entries: [Entry] = []) {
        self.entries = Array(entries.prefix(Self.mostEntries))
    }

    public var isEmpty: Bool { entries.isEmpty }

    public subscript(_ key: String) -> Value? {
        entries.first { $0.key == key }?.value
    }
}
