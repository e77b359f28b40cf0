import AIGateway
import EventLoop
import HTTPCore
import HTTPServer
import JSON
import Synchronization

/// What a test's server says to one request.
enum FakeAnswer: Sendable {
    case whole(Int, HeaderFields, [UInt8])
    /// Pieces in turn; then the end, a break, or nothing at all until the caller leaves.
    case pieces(HeaderFields, [[UInt8]], End)

    enum End: Sendable {
        case complete
        case broken
        case silent
    }

    static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> FakeAnswer {
        .whole(status, HeaderFields([("Content-Type", "application/json")] + headers), Array(text.utf8))
    }

    static func events(_ events: [String], _ end: End = .complete) -> FakeAnswer {
        .pieces(
            ["Content-Type": "text/event-stream", "cf-aig-log-id": "log-1", "cf-ai-req-id": "req-1"],
            events.map { Array("data: \($0)\n\n".utf8) }, end)
    }
}

/// A request as it came.
struct SeenRequest: Sendable {
    let method: String
    /// With its query.
    let path: String
    let headers: HeaderFields
    let body: [UInt8]

    var json: JSONValue? { try? JSONValue(parsing: body) }
}

/// A server that keeps every request and answers as told.
final class FakeGateway: HTTPHandler {
    private let answer: @Sendable (SeenRequest) -> FakeAnswer
    private let seen = Mutex<[SeenRequest]>([])

    init(_ answer: @escaping @Sendable (SeenRequest) -> FakeAnswer) {
        self.answer = answer
    }

    var requests: [SeenRequest] { seen.withLock { $0 } }

    func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        let path = request.query.isEmpty ? request.path : request.path + "?" + request.query
        let arrived = SeenRequest(method: request.method, path: path, headers: request.headers, body: request.body)
        seen.withLock { $0.append(arrived) }
        switch answer(arrived) {
        case .whole(let status, let headers, let body):
            responder.send(HTTPResponse(status: status, headers: headers, body: body))
        case .pieces(let headers, let pieces, let end):
            let writer = responder.stream(status: 200, headers: headers)
            for piece in pieces { try? await writer.write(piece) }
            switch end {
            case .complete: writer.finish()
            case .broken: writer.abort()
            case .silent:
                while !Task.isCancelled { await request.loop.sleep(milliseconds: 60_000) }
                left.fire()
                writer.finish()
            }
        }
    }

    /// Fired when the caller of a silent answer is gone.
    let left = Signal()

    func refuse(_ refusal: ServerRefusal) -> HTTPResponse {
        HTTPResponse(status: 500)
    }
}

/// An event a test waits for instead of sleeping.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func fire() { continuation.yield() }

    func wait() async {
        for await _ in stream { return }
    }
}

/// Runs a server for the length of one closure.
func withGateway(
    _ answer: @escaping @Sendable (SeenRequest) -> FakeAnswer,
    _ body: (_ origin: String, _ gateway: FakeGateway) async throws -> Void
) async throws {
    let loop = LoopThread(name: "fake")
    let gateway = FakeGateway(answer)
    let listener = try await HTTPListener(
        ServerConfiguration(host: "127.0.0.1", port: 0), loops: [loop], handler: gateway)
    let result: Result<Void, any Error>
    do {
        result = .success(try await body("http://\(listener.address)", gateway))
    } catch {
        result = .failure(error)
    }
    await listener.shutdown(graceMilliseconds: 500)
    loop.stop()
    try result.get()
}

/// The same, with an `AI` for it.
func withAI(
    _ transport: AITransport = .native, answer: FakeAnswer,
    _ body: (_ ai: AI, _ gateway: FakeGateway) async throws -> Void
) async throws {
    try await withGateway({ _ in answer }) { origin, gateway in
        try await body(AI(baseURL: origin, apiKey: "sk-aig-1", account: "acc_1", transport: transport), gateway)
    }
}

let chatText = """
    {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"o4-mini-2025-04-16","choices":[{"index":0,\
    "message":{"role":"assistant","content":"Hi, 日本語"},"finish_reason":"stop"}],\
    "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},"gatewayMetadata":{"keySource":"Unified"}}
    """
