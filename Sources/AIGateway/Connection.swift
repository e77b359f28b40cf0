import EventLoop
import HTTPClient
import HTTPCore

/// Where the gateway is and who calls it.
struct Connection: Sendable {
    private let base: String
    private let key: String
    private let isLocal: Bool
    private let deadlines: RequestDeadlines

    init(baseURL: String, apiKey: String, timeouts: AITimeouts) throws(AIError) {
        var base = baseURL[...]
        while base.hasSuffix("/") { base.removeLast() }
        // OpenAI's clients want it, and one setting may serve both.
        if base.hasSuffix("/v1") { base.removeLast(3) }
        guard base.hasPrefix("http://") || base.hasPrefix("https://") else {
            throw .invalidCall("The base URL begins with http:// or https://.")
        }
        guard !apiKey.isEmpty, apiKey.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .invalidCall("The API key is written in ASCII, without white space.")
        }
        self.base = String(base)
        key = apiKey
        // Proxies of the environment are not for one's own machine.
        isLocal = ["://127.", "://localhost", "://[::1]"].contains { base.contains($0) }
        deadlines = RequestDeadlines(
            connectMilliseconds: timeouts.connect.milliseconds, firstByteMilliseconds: timeouts.firstByte.milliseconds,
            idleMilliseconds: timeouts.idle.milliseconds, totalMilliseconds: timeouts.total.milliseconds)
    }

    /// Sends a call and returns when the header fields of its answer are there.
    func send(_ call: Call) async throws(AIError) -> OpenResponse {
        let own = [("accept", "*/*"), (call.credential.rawValue, "Bearer \(key)")]
        let headers = own + call.headers.filter { field in !own.contains { $0.0 == field.0 } }
        let (url, isLocal, deadlines) = (base + call.path, isLocal, deadlines)
        return try await SharedLoop.run { client in
            let template = RequestTemplate(call.method, url: url, headers: headers, avoidsProxy: isLocal)
            do throws(HTTPClientError) {
                return .success(OpenResponse(try await client.send(template, body: call.body, deadlines: deadlines)))
            } catch {
                return .failure(AIError(error))
            }
        }
    }
}

/// The thread and the client that all calls of a process share, made by the first call.
enum SharedLoop {
    static let loop = LoopThread(name: "aigateway-calls")
    private static let client = Task { await HTTPClient.make(on: loop, ClientConfiguration()) }

    /// Runs `body` on the loop. Cancelling the task that waits cancels it.
    static func run<Result: Sendable>(
        _ body: @escaping @Sendable (HTTPClient) async -> Swift.Result<Result, AIError>
    ) async throws(AIError) -> Result {
        let client = await client.value
        let task = Task(executorPreference: loop) { await body(client) }
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return try result.get()
    }
}

/// An answer whose header is there and whose body may still be coming, for any thread. Dropped early, it ends the call.
final class OpenResponse: Sendable {
    let status: Int
    let headers: HeaderFields
    /// Touched on the shared loop only.
    private let response: IncomingResponse

    init(_ response: IncomingResponse) {
        status = response.status
        headers = response.headers
        self.response = response
    }

    /// The next bytes of the body; nil at its end.
    func nextPiece() async throws(AIError) -> [UInt8]? {
        try await read { response throws(HTTPClientError) in try await response.nextPiece() }
    }

    func collect(limit: Int) async throws(AIError) -> [UInt8] {
        try await read { response throws(HTTPClientError) in try await response.collect(limit: limit) }
    }

    private func read<Result: Sendable>(
        _ body: @escaping @Sendable (IncomingResponse) async throws(HTTPClientError) -> Result
    ) async throws(AIError) -> Result {
        let response = response
        return try await SharedLoop.run { _ in
            do throws(HTTPClientError) {
                return .success(try await body(response))
            } catch {
                return .failure(AIError(error))
            }
        }
    }

    deinit {
        let response = response
        SharedLoop.loop.execute { response.cancel() }
    }
}

extension AIError {
    init(_ error: HTTPClientError) {
        self =
            switch error {
            case .cannotConnect(let text), .notTrusted(let text): .cannotConnect(text)
            case .timedOut: .timedOut
            case .brokenOff(let text): .brokenOff(text)
            case .tooLarge(let limit): .unreadable("The answer is longer than \(limit) bytes.")
            case .cancelled: .cancelled
            }
    }
}

extension Duration {
    /// Rounded up, so that a short time does not become none.
    fileprivate var milliseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let whole = UInt64(seconds).multipliedReportingOverflow(by: 1000)
        guard !whole.overflow else { return UInt64(Int64.max) }
        let part = (UInt64(attoseconds) + 999_999_999_999_999) / 1_000_000_000_000_000
        return min(whole.partialValue + part, UInt64(Int32.max))
    }
}
