/// What is told of one request to those who trace it.
public struct GatewaySpan: Hashable, Sendable {
    public var traceID: TraceID
    public var spanID: SpanID
    /// The caller's span; nil when the trace begins here.
    public var parentID: SpanID?
    public var name: String
    /// Nanoseconds since 1970.
    public var startNanoseconds: UInt64
    public var endNanoseconds: UInt64
    public var status: SpanStatus
    public var attributes: [SpanAttribute]

    public init(
        traceID: TraceID, spanID: SpanID = SpanID(), parentID: SpanID? = nil, name: String,
        startNanoseconds: UInt64, endNanoseconds: UInt64, status: SpanStatus, attributes: [SpanAttribute]
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentID = parentID
        self.name = name
        self.startNanoseconds = startNanoseconds
        self.endNanoseconds = endNanoseconds
        self.status = status
        self.attributes = attributes
    }

    /// About how much memory the span takes, so that a queue of spans has a bound in bytes.
    var byteCount: Int {
        attributes.reduce(256 + name.utf8.count) { $0 + $1.byteCount }
    }
}

/// How what a span tells of has ended.
public enum SpanStatus: Hashable, Sendable {
    case unset
    case ok
    /// With a word or two for whoever reads the trace.
    case error(String)
}

/// One named fact of a span.
public struct SpanAttribute: Hashable, Sendable {
    public let key: String
    public let value: SpanValue

    public init(_ key: String, _ value: SpanValue) {
        self.key = key
        self.value = value
    }

    var byteCount: Int {
        guard case .string(let text) = value else { return 64 + key.utf8.count }
        return 64 + key.utf8.count + text.utf8.count
    }
}

/// A value of an attribute.
public enum SpanValue: Hashable, Sendable {
    case string(String)
    case int(Int64)
    case double(Double)
    case bool(Bool)
}
