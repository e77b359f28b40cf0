import EventLoop
import Foundation
import HTTPClient
import HTTPCore
import HTTPServer
import JSON
import Synchronization
import Telemetry
import Testing

@testable import Spans

func json(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
}

func text(_ value: JSONValue) -> String {
    String(decoding: value.serialized(), as: UTF8.self)
}

extension TraceID {
    static let sample = SampleIDs.trace
}

extension SpanID {
    static let sample = SampleIDs.span
}

private enum SampleIDs {
    static let trace = TraceID(hex: "0102030405060708090a0b0c0d0e0f10") ?? TraceID()
    static let span = SpanID(hex: "1112131415161718") ?? SpanID()
}

func span(_ name: String, text: String = "") -> GatewaySpan {
    GatewaySpan(
        traceID: .sample, spanID: .sample, name: name, startNanoseconds: 1, endNanoseconds: 2, status: .ok,
        attributes: text.isEmpty ? [] : [SpanAttribute("text", .string(text))])
}

func destination(_ url: String, _ type: OTLPContentType = .json) -> OTLPDestination {
    OTLPDestination(url: url, headers: [], authorization: nil, contentType: type)
}

/// A clock that stands still until a test moves it on.
final class ManualClock: Sendable {
    private struct Sleeper {
        let due: UInt64
        let waking: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: UInt64 = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var next = 0
        var watchers: [(count: Int, waking: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    func sleep(_ milliseconds: UInt64) async {
        guard milliseconds > 0 else { return }
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waking in
                let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                    guard state.cancelled.remove(id) == nil else { return [waking] }
                    state.sleepers[id] = Sleeper(due: state.now + milliseconds, waking: waking)
                    return Self.ready(&state)
                }
                for one in woken { one.resume() }
            }
        } onCancel: {
            let waking = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper?.waking
            }
            waking?.resume()
        }
    }

    func advance(_ milliseconds: UInt64) {
        let woken = state.withLock { state in
            state.now += milliseconds
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for id in due.keys { state.sleepers.removeValue(forKey: id) }
            return due.values.map(\.waking)
        }
        for one in woken { one.resume() }
    }

    /// Returns when so many tasks sleep.
    func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { waking in
            let woken = state.withLock { state in
                state.watchers.append((count, waking))
                return Self.ready(&state)
            }
            for one in woken { one.resume() }
        }
    }

    /// For how long tasks sleep from now on, shortest first.
    var remaining: [UInt64] {
        state.withLock { state in state.sleepers.values.map { $0.due - state.now }.sorted() }
    }

    private static func ready(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        let count = state.sleepers.count
        let ready = state.watchers.filter { $0.count <= count }.map(\.waking)
        state.watchers.removeAll { $0.count <= count }
        return ready
    }
}

/// A collector of spans that answers as it is told, and lets a test wait for what it got.
final class Collector: HTTPHandler {
    struct Received: Sendable {
        let path: String
        let headers: [String: String]
        let body: [UInt8]

        var names: [String] {
            guard let value = try? JSONValue(parsing: body) else { return [] }
            let spans = value["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.arrayValue ?? []
            return spans.compactMap { $0["name"]?.stringValue }
        }
    }

    private let answers: Mutex<[HTTPResponse]>
    private let stream: AsyncStream<Received>
    private let arrived: AsyncStream<Received>.Continuation
    /// Whether requests are never answered.
    private let isSilent: Bool

    init(_ answers: [HTTPResponse] = [], isSilent: Bool = false) {
        self.answers = Mutex(answers)
        self.isSilent = isSilent
        (stream, arrived) = AsyncStream.makeStream()
    }

    func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        var headers: [String: String] = [:]
        for (name, value) in request.headers.pairs { headers[name.lowercased()] = value }
        arrived.yield(Received(path: request.path, headers: headers, body: request.body))
        while isSilent, !Task.isCancelled { await request.loop.sleep(milliseconds: 10_000) }
        let answer = answers.withLock { $0.isEmpty ? HTTPResponse(status: 200) : $0.removeFirst() }
        responder.send(answer)
    }

    func refuse(_ refusal: ServerRefusal) -> HTTPResponse { HTTPResponse(status: 503) }

    func next() async -> Received? {
        for await received in stream { return received }
        return nil
    }
}

/// Runs an exporter against a collector, both on one loop, for the length of one closure.
func withExporter(
    _ collector: Collector, bounds: ExporterBounds = ExporterBounds(), clock: ManualClock = ManualClock(),
    log: LogCollector = LogCollector(),
    _ body: @escaping @Sendable (SpanExporter, _ url: String, _ running: Task<Void, Never>) async throws -> Void
) async throws {
    let loop = LoopThread(name: "test")
    let configuration = ServerConfiguration(host: "127.0.0.1", port: 0)
    let listener = try await HTTPListener(configuration, loops: [loop], handler: collector)
    let client = await HTTPClient.make(on: loop, ClientConfiguration())
    let exporter = SpanExporter(
        client: client, version: "1", logger: Logger(level: .info, format: .human, sink: log), bounds: bounds,
        sleep: { await clock.sleep($0) })
    let running = Task(executorPreference: loop) { await exporter.run() }
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(exporter, "http://\(listener.address)/v1/traces", running))
    } catch {
        result = .failure(error)
    }
    exporter.shutdown(withinMilliseconds: 0)
    await running.value
    await loop.run { client.close() }
    await listener.shutdown(graceMilliseconds: 500)
    loop.stop()
    try result.get()
}
