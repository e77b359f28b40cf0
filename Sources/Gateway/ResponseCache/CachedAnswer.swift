public import Domain

/// An answer that was given before.
public struct CachedAnswer: Hashable, Sendable {
    public enum Body: Hashable, Sendable {
        case whole([UInt8])
        /// The events of a stream as they were sent, in their order.
        case stream([[UInt8]])
    }

    public struct Header: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var status: Int
    public var contentType: String
    public var headers: [Header]
    public var body: Body
    public var provider: String
    public var model: String
    public var tokensIn: Int64
    public var tokensOut: Int64
    /// Whether it was bought with a key of the caller's own.
    public var isOnOwnKey: Bool
    /// The log entry of the call that made it.
    public var logID: LogID?
    public var storedAt: Timestamp

    public init(
        status: Int, contentType: String, headers: [Header] = [], body: Body, provider: String, model: String,
        tokensIn: Int64 = 0, tokensOut: Int64 = 0, isOnOwnKey: Bool = false, logID: LogID? = nil, storedAt: Timestamp
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
        self.provider = provider
        self.model = model
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.isOnOwnKey = isOnOwnKey
        self.logID = logID
        self.storedAt = storedAt
    }

    /// Bytes of the body.
    public var bodyBytes: Int {
        switch body {
        case .whole(let bytes): bytes.count
        case .stream(let events): events.reduce(0) { $0 + $1.count }
        }
    }

    /// Bytes that keeping it takes, closely.
    var cost: Int {
        let events =
            switch body {
            case .whole: 1
            case .stream(let events): events.count
            }
        let texts = headers.reduce(contentType.utf8.count + provider.utf8.count + model.utf8.count) { sum, header in
            sum + header.name.utf8.count + header.value.utf8.count + Self.headerOverhead
        }
        return bodyBytes + events * Self.arrayOverhead + texts + Self.entryOverhead
    }

    /// Of an answer with its key and its place among others, without any content.
    private static let entryOverhead = 640
    private static let headerOverhead = 32
    /// Of an array of bytes: what stands before them, its reference, and what the allocator rounds up.
    private static let arrayOverhead = 56
}
