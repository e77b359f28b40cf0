/// Bounds of one client, which serves one loop.
public struct ClientConfiguration: Sendable {
    /// Connections to one host at once; further requests wait for one.
    public var maximumConnectionsPerHost = 1024
    /// Connections kept open while unused.
    public var idleConnections = 256
    /// Bytes of an answer kept for a reader that is slower than its upstream, before reading pauses.
    public var readAheadBytes = 256 << 10
    /// A PEM bundle to trust instead of the system's.
    public var certificateAuthorityFile: String?

    public init() {}
}

/// How long each part of a request may take. Zero means no limit.
public struct RequestDeadlines: Sendable, Hashable {
    public var connectMilliseconds: UInt64
    /// From the start of the request to the header fields of its answer.
    public var firstByteMilliseconds: UInt64
    /// Between two pieces of the answer.
    public var idleMilliseconds: UInt64
    public var totalMilliseconds: UInt64

    public init(
        connectMilliseconds: UInt64 = 5_000, firstByteMilliseconds: UInt64 = 120_000,
        idleMilliseconds: UInt64 = 60_000, totalMilliseconds: UInt64 = 600_000
    ) {
        self.connectMilliseconds = connectMilliseconds
        self.firstByteMilliseconds = firstByteMilliseconds
        self.idleMilliseconds = idleMilliseconds
        self.totalMilliseconds = totalMilliseconds
    }
}

/// Which deadline a request missed.
public enum RequestPhase: String, Sendable, Hashable {
    case connect, firstByte, idle, total
}

public enum HTTPClientError: Error, Sendable, Hashable {
    /// No connection: refused, unreachable, name unknown.
    case cannotConnect(String)
    /// The certificate or the handshake was not acceptable.
    case notTrusted(String)
    case timedOut(RequestPhase)
    /// The upstream closed before its answer was whole, or spoke something else than HTTP.
    case brokenOff(String)
    /// The answer was longer than the reader allowed.
    case tooLarge(limit: Int)
    /// The task that waited was cancelled.
    case cancelled
}
