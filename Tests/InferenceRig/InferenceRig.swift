public import Domain
public import HTTPCore
public import HTTPServer
import Synchronization
public import Testing

/// A notice that is waited for instead of slept for. It stays up once given.
public final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() { (stream, continuation) = AsyncStream.makeStream() }

    public func fire() { continuation.finish() }

    public func wait() async {
        for await _ in stream {}
    }
}

/// Whether something has happened.
public final class Flag: Sendable {
    private let value = Mutex(false)

    public init() {}

    public var isSet: Bool { value.withLock { $0 } }
    public func set() { value.withLock { $0 = true } }
}

/// Writes calls down in memory, when it is let.
public final class Notebook: CallRecorder {
    private let written = Mutex<[CallRecord]>([])
    private let failure: StoreError?
    private let gate: Signal?
    /// Given when a record has come and waits for the gate.
    public let asked = Signal()

    public init(failing failure: StoreError? = nil, gate: Signal? = nil) {
        self.failure = failure
        self.gate = gate
    }

    public var records: [CallRecord] { written.withLock { $0 } }

    public func record(_ record: CallRecord) async throws(StoreError) {
        asked.fire()
        // Not cut short when the calling task is cancelled: a commit is not either.
        if let gate { await Task { await gate.wait() }.value }
        if let failure { throw failure }
        written.withLock { $0.append(record) }
    }
}

/// A vendor in this process.
public struct TestVendor: HTTPHandler {
    public typealias Answer = @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void
    public let answer: Answer

    public init(answer: @escaping Answer) {
        self.answer = answer
    }

    public func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        await answer(request, responder)
    }

    public func refuse(_ refusal: ServerRefusal) -> HTTPResponse { HTTPResponse(status: 500) }

    /// Answers with a whole body.
    public static func saying(_ status: Int, _ body: String, _ headers: [(String, String)] = []) -> Answer {
        { _, responder in
            responder.send(HTTPResponse(status: status, headers: HeaderFields(headers), body: Array(body.utf8)))
        }
    }

    public static let eventStream: HeaderFields = ["Content-Type": "text/event-stream"]

    /// Streams these pieces and ends the body as told.
    public static func streaming(_ pieces: [String], breakingOff: Bool = false) -> Answer {
        { _, responder in
            let writer = responder.stream(status: 200, headers: eventStream)
            for piece in pieces {
                do { try await writer.write(Array(piece.utf8)) } catch { return writer.abort() }
            }
            breakingOff ? writer.abort() : writer.finish()
        }
    }
}

public let usage = #""usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}"#
/// The same as a caller is told it: with what it costs.
public let charged = "\(usage.dropLast()),\"cost\":0.0000231}"
public let completion = #"{"id":"c","model":"o4-mini-2025","choices":[{"index":0}],\#(usage)}"#

public func chunk(_ text: String, finish: String = "null") -> String {
    #"data: {"model":"m","choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":\#(finish)}]}"# + "\n\n"
}

public let usageChunk = #"data: {"model":"m","choices":[],\#(usage)}"# + "\n\n"
public let done = "data: [DONE]\n\n"
public let goodStream = [chunk("a"), chunk("", finish: #""stop""#), usageChunk, done]

public struct StoppedClock: WallClock {
    public init() {}

    public func now() -> Timestamp { Timestamp(seconds: 1_000_000) }
}

/// Records a failure from where nothing can be returned.
public func fail(_ text: String, at location: SourceLocation = #_sourceLocation) {
    Issue.record(Comment(rawValue: text), sourceLocation: location)
}
