public import EventLoop
public import HTTPCore

/// A request whose body has wholly arrived.
public struct HTTPRequest: Sendable {
    public let method: String
    /// The path as the client wrote it, percent-encoding untouched.
    public let path: String
    /// What stands behind the `?`, untouched; empty when there is none.
    public let query: String
    public let headers: HeaderFields
    public var body: [UInt8]
    /// The loop this request belongs to, with everything that is done for it.
    public let loop: LoopThread
    /// When the header fields had arrived, in nanoseconds of the monotonic clock.
    public let arrivedAt: UInt64
    /// The address of the socket's other end, in figures; empty when it is not known.
    public let clientAddress: String

    public init(
        method: String, path: String, query: String = "", headers: HeaderFields = HeaderFields(), body: [UInt8] = [],
        loop: LoopThread, arrivedAt: UInt64 = 0, clientAddress: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.loop = loop
        self.arrivedAt = arrivedAt
        self.clientAddress = clientAddress
    }
}

/// An answer that is ready as a whole.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: HeaderFields
    public var body: [UInt8]

    public init(status: Int, headers: HeaderFields = HeaderFields(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Answers requests. Called as a task on the request's loop; cancelled when the client leaves.
public protocol HTTPHandler: Sendable {
    func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async
    /// Renders, in the caller's dialect, what the server refuses by itself.
    func refuse(_ refusal: ServerRefusal) -> HTTPResponse
}
