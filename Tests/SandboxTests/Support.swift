import EventLoop
import Foundation
import HTTPClient
import HTTPCore
import JSON
import Testing

@testable import Sandbox

let clock: @Sendable () -> Int64 = { 1_776_947_082 }

/// A tree from JSON text.
func json(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
}

func text(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
}

/// A request body of a model, a user's words and whatever else.
func body(_ model: String = "gpt-4.1-mini", _ user: String = "Tell me about tides.", _ more: JSONObject = [:])
    -> JSONValue
{
    var object: JSONObject = [
        "model": .string(model), "messages": [["role": "user", "content": .string(user)]],
    ]
    for member in more { object[member.key] = member.value }
    return .object(object)
}

func read(_ body: JSONValue) throws -> ChatRequest {
    try ChatRequestReading(models: SandboxModel.builtIn).read(body.serialized())
}

/// The answer as its JSON.
func answer(_ body: JSONValue) throws -> JSONValue {
    try JSONValue(parsing: ChatWire(answer: SimulatedAnswer(to: try read(body)), created: clock()).completion())
}

/// The content of the first choice.
func content(_ body: JSONValue) throws -> String {
    try #require(try answer(body)["choices"]?[0]?["message"]?["content"]?.stringValue)
}

/// The whole stream as one text.
func stream(_ body: JSONValue) throws -> String {
    let request = try read(body)
    let wire = ChatWire(answer: SimulatedAnswer(to: request), created: clock(), includesUsage: request.includesUsage)
    var bytes: [UInt8] = []
    for event in wire.answer.events { bytes += wire.frame(event) }
    bytes += (wire.usageFrame() ?? []) + ChatWire.done
    return text(bytes)
}

extension JSONValue {
    func with(_ key: String, _ value: JSONValue) -> JSONValue {
        guard case .object(var object) = self else { return self }
        object[key] = value
        return .object(object)
    }

    var streamed: JSONValue { with("stream", true).with("stream_options", ["include_usage": true]) }
}

struct Received: Sendable {
    var status: Int
    var headers: HeaderFields
    var bytes: [UInt8]
    /// The pieces in which the body arrived.
    var pieces: [[UInt8]]
    var error: HTTPClientError?
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// A sandbox and a client on one loop.
func withSandbox(
    _ configuration: SandboxConfiguration = SandboxConfiguration(),
    _ test: @escaping @Sendable (SandboxClient) async throws -> Void
) async throws {
    let loop = LoopThread(name: "test")
    let server = try await SandboxServer.start(
        host: "127.0.0.1", port: 0, loops: [loop], configuration: configuration, unixSeconds: clock)
    // The client must be gone before its loop is.
    let result = await run(test, on: loop, server.address)
    await server.shutdown(graceMilliseconds: 500)
    loop.stop()
    try result.get()
}

private func run(
    _ test: @escaping @Sendable (SandboxClient) async throws -> Void, on loop: LoopThread, _ address: String
) async -> Result<Void, any Error> {
    let http = await HTTPClient.make(on: loop, ClientConfiguration())
    let client = SandboxClient(http: http, address: address)
    let result = await Task(executorPreference: loop) { try await test(client) }.result
    await loop.run { http.close() }
    return result
}

struct SandboxClient: Sendable {
    let http: HTTPClient
    let address: String

    /// Sends a request and collects what comes, also when it breaks off; ends by itself once `mark` was seen.
    func send(
        _ method: RequestTemplate.Method = .post, _ path: String = "/v1/chat/completions", _ body: JSONValue? = nil,
        _ headers: [(String, String)] = [], until mark: String? = nil,
        deadlines: RequestDeadlines = RequestDeadlines()
    ) async throws -> Received {
        let template = RequestTemplate(
            method, url: "http://\(address)\(path)", headers: [("Authorization", "Bearer x")])
        let response = try await http.send(
            template, body: body?.serialized() ?? [], headers: headers, deadlines: deadlines)
        var received = Received(status: response.status, headers: response.headers, bytes: [], pieces: [])
        do {
            while let piece = try await response.nextPiece() {
                received.pieces.append(piece)
                received.bytes += piece
                if let mark, received.text.contains(mark) {
                    response.cancel()
                    break
                }
            }
        } catch {
            received.error = error
        }
        return received
    }

    func chat(
        _ body: JSONValue, fault: String? = nil, _ headers: [(String, String)] = [], until mark: String? = nil
    ) async throws -> Received {
        try await send(
            .post, "/v1/chat/completions", body, headers + (fault.map { [("x-sandbox-fault", $0)] } ?? []), until: mark)
    }
}
