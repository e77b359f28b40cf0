import EventLoop
import HTTPClient
import HTTPCore
import HTTPServer
import Routing
import Testing

/// Streams what a script writes.
private struct Streaming: HTTPHandler {
    let keepAliveMilliseconds: UInt64?
    let script: @Sendable (StreamOutlet, LoopThread) async throws -> Void

    func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        let outlet = StreamOutlet(
            responder.stream(status: 200, headers: HeaderFields()), on: request.loop,
            keepAliveMilliseconds: keepAliveMilliseconds)
        do {
            try await script(outlet, request.loop)
            await outlet.finish()
        } catch {
            await outlet.abort()
        }
    }

    func refuse(_ refusal: ServerRefusal) -> HTTPResponse { HTTPResponse(status: 500) }
}

@Suite("Signs of life", .timeLimit(.minutes(1)))
struct StreamOutletTests {
    private func received(
        keepAliveMilliseconds: UInt64?, onPiece: @escaping @Sendable (String) -> Void = { _ in },
        _ script: @escaping @Sendable (StreamOutlet, LoopThread) async throws -> Void
    ) async throws -> String {
        let (loop, serverLoop) = (LoopThread(name: "client"), LoopThread(name: "server"))
        let listener = try await HTTPListener(
            ServerConfiguration(host: "127.0.0.1", port: 0), loops: [serverLoop],
            handler: Streaming(keepAliveMilliseconds: keepAliveMilliseconds, script: script))
        let client = await HTTPClient.make(on: loop, ClientConfiguration())
        let template = RequestTemplate(.post, url: "http://\(listener.address)/", headers: [])
        let text = try await Task(executorPreference: loop) {
            let response = try await client.send(template, body: [], headers: [], deadlines: RequestDeadlines())
            var text = ""
            while let piece = try await response.nextPiece() {
                text += String(decoding: piece, as: UTF8.self)
                onPiece(text)
            }
            return text
        }.value
        await loop.run { client.close() }
        await listener.shutdown(graceMilliseconds: 0)
        serverLoop.stop()
        loop.stop()
        return text
    }

    @Test func `a silent stream is sent comments between its events`() async throws {
        let (seen, notice) = AsyncStream<Void>.makeStream()
        let text = try await received(
            keepAliveMilliseconds: 5,
            onPiece: { if $0.hasSuffix(": keep-alive\n\n: keep-alive\n\n") { notice.finish() } },
            { outlet, _ in
                try await outlet.write(Array("data: a\n\n".utf8))
                for await _ in seen {}
                try await outlet.write(Array("data: b\n\n".utf8))
            })
        #expect(text.hasPrefix("data: a\n\n: keep-alive\n\n: keep-alive\n\n"))
        #expect(text.replacing(": keep-alive\n\n", with: "") == "data: a\n\ndata: b\n\n")
    }

    @Test func `a stream that is not silent for so long is sent none`() async throws {
        let text = try await received(keepAliveMilliseconds: 600_000) { outlet, _ in
            for _ in 0..<100 { try await outlet.write(Array("data: a\n\n".utf8)) }
        }
        #expect(text == String(repeating: "data: a\n\n", count: 100))
    }

    @Test(
        "Nothing is put into an event that is not whole, nor into what is no events",
        arguments: [(5, "data: a\n"), (5, "data: a\n\ndata: "), (nil, "[{},")] as [(UInt64?, String)])
    func undisturbed(keepAliveMilliseconds: UInt64?, first: String) async throws {
        let text = try await received(keepAliveMilliseconds: keepAliveMilliseconds) { outlet, loop in
            try await outlet.write(Array(first.utf8))
            #expect(!outlet.isBetweenEvents)
            // Timers of one loop go off in the order they are due, so the outlet's had its turns before this one.
            await loop.sleep(milliseconds: 25)
            try await outlet.write(Array("b\n\n".utf8))
        }
        #expect(text == first + "b\n\n")
    }

    @Test func `a comment that a slow client holds up keeps the order`() async throws {
        let large = String(repeating: "x", count: 1 << 18)
        let text = try await received(keepAliveMilliseconds: 1) { outlet, loop in
            for _ in 0..<8 {
                try await outlet.write(Array("data: \(large)\n\n".utf8))
                for _ in 0..<20 { await loop.run {} }
            }
        }
        #expect(
            text.replacing(": keep-alive\n\n", with: "") == String(repeating: "data: \(large)\n\n", count: 8))
    }
}
