import EventLoop
public import HTTPCore

/// The right to answer one request, once.
///
/// Dropped unused, it answers that the server failed, so no client ever waits for nothing.
public struct HTTPResponder: ~Copyable {
    private let exchange: Exchange
    private let request: Origin
    private var isUsed = false

    struct Origin {
        let configuration: ServerConfiguration
        let handler: any HTTPHandler
        let loop: LoopThread
    }

    init(exchange: Exchange, origin: Origin) {
        self.exchange = exchange
        self.request = origin
    }

    /// Sends a whole answer.
    public consuming func send(_ response: HTTPResponse) {
        isUsed = true
        deliver(response)
    }

    /// Sends status and header fields now and the body as it comes.
    public consuming func stream(status: Int, headers: HeaderFields) -> HTTPBodyWriter {
        isUsed = true
        let pipe = BodyPipe(
            exchange: exchange, loop: request.loop, highWater: request.configuration.streamBufferBytes)
        exchange.onClientGone { pipe.clientGone() }
        guard let prepared = PreparedResponse(status: status, headers: headers, pipe: pipe) else {
            exchange.abandon()
            pipe.clientGone()
            return HTTPBodyWriter(pipe: pipe)
        }
        exchange.answer(prepared)
        return HTTPBodyWriter(pipe: pipe)
    }

    private borrowing func deliver(_ response: HTTPResponse) {
        guard let prepared = PreparedResponse(response) else { return exchange.abandon() }
        exchange.answer(prepared)
    }

    deinit {
        guard !isUsed else { return }
        deliver(request.handler.refuse(.unanswered))
    }
}

/// Thrown by a writer when nobody reads any more.
public struct ClientGone: Error {}

/// Writes a streamed body. Ended exactly once; dropped open, the stream breaks so that the client can tell.
public struct HTTPBodyWriter: ~Copyable {
    private let pipe: BodyPipe
    private var isEnded = false

    init(pipe: BodyPipe) {
        self.pipe = pipe
    }

    /// Sends a piece now. Suspends while a slow client has too much waiting.
    public func write(_ piece: [UInt8]) async throws(ClientGone) {
        switch pipe.push(piece) {
        case .taken: return
        case .gone: throw ClientGone()
        case .full:
            await pipe.waitForRoom()
            if pipe.isGone { throw ClientGone() }
        }
    }

    /// The body is complete.
    public consuming func finish() {
        isEnded = true
        pipe.finish(completely: true)
    }

    /// The body broke off; the connection closes without its proper end.
    public consuming func abort() {
        isEnded = true
        pipe.finish(completely: false)
    }

    deinit {
        if !isEnded { pipe.finish(completely: false) }
    }
}
