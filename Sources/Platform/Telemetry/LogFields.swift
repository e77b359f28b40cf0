/// A value in a log entry.
public enum LogValue: Sendable, Equatable {
    case string(String)
    case int(Int64)
    case bool(Bool)
    case double(Double)
    /// Always written as `[redacted]`.
    case secret(Secret)

    public static func int(_ value: some BinaryInteger) -> LogValue { .int(Int64(clamping: value)) }
}

/// The named values of a log entry, in the order given. Names are fixed in the source, so none can be made up.
public struct LogFields: Sendable, ExpressibleByDictionaryLiteral {
    private(set) var elements: [(name: StaticString, value: LogValue)]

    public init(dictionaryLiteral elements: (StaticString, LogValue)...) {
        self.elements = elements.map { (name: $0.0, value: $0.1) }
    }

    public mutating func append(_ name: StaticString, _ value: LogValue) {
        elements.append((name: name, value: value))
    }
}
