/// What a listener is told when it starts. Every bound of the server stands here.
public struct ServerConfiguration: Sendable {
    /// Where to listen; port 0 lets the system choose.
    public var host: String
    public var port: UInt16
    /// Threads that parse requests and send answers.
    public var threads: Int = 1
    public var maximumConnections: Int = 10_000
    /// Bytes of a request body that are kept; a longer one is refused.
    public var maximumBodyBytes: Int = 32 << 20
    /// Bytes of all header fields of a request together.
    public var maximumHeaderBytes: Int = 16 << 10
    /// Requests that may be in work at once; more are refused at once, not queued.
    public var maximumInFlight: Int = 10_000
    /// Bytes kept for one client that reads slowly, before the writer is made to wait.
    public var streamBufferBytes: Int = 256 << 10
    /// From accepting a connection to the end of its first request's header fields.
    public var headTimeoutMilliseconds: UInt64 = 10_000
    /// From the end of the header fields to the end of the body.
    public var bodyTimeoutMilliseconds: UInt64 = 60_000
    /// How long a connection may do nothing, between requests or while a client reads nothing.
    public var idleTimeoutMilliseconds: UInt64 = 75_000
    public var tls: TLSIdentity?

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

/// A certificate chain and its private key, both PEM.
public struct TLSIdentity: Sendable {
    public let certificate: [UInt8]
    public let key: [UInt8]

    public init(certificate: [UInt8], key: [UInt8]) {
        self.certificate = certificate
        self.key = key
    }
}

/// Why the server answered before any handler was asked.
public enum ServerRefusal: Sendable, Hashable {
    case headerTooLarge(limit: Int)
    /// The fields that say where the body ends contradict each other, or say it twice: what follows could be
    /// read as another request by somebody else.
    case ambiguousLength
    case bodyTooLarge(limit: Int)
    case headTimeout(milliseconds: UInt64)
    case bodyTimeout(milliseconds: UInt64)
    case overloaded(limit: Int)
    /// The server finishes what it has begun and takes nothing more.
    case closing
    /// The handler ended without answering: a fault of ours.
    case unanswered
}

public enum ListenError: Error, Hashable, Sendable {
    case addressNotUsable(String)
    case daemonRefused
}
