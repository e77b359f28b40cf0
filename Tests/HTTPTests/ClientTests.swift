import EventLoop
import HTTPClient
import HTTPCore
import HTTPServer
import Testing

@Suite("HTTP client", .timeLimit(.minutes(1)))
struct ClientTests {
    typealias Handler = @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void

    /// Runs a server and a client on one loop, as the gateway does.
    func withPair(
        handler: @escaping Handler, _ body: @escaping @Sendable (HTTPClient, String) async throws -> Void
    ) async throws {
        try await withServer(handler: handler) { address, loop, _ in
            let client = await HTTPClient.make(on: loop, ClientConfiguration())
            let task = Task(executorPreference: loop) {
                try await body(client, "http://\(address)/x")
            }
            let result = await task.result
            await loop.run { client.close() }
            try result.get()
        }
    }

    @Test func `a body goes up and an answer comes down`() async throws {
        try await withPair(handler: ServerTests.echo) { client, url in
            let template = RequestTemplate(.post, url: url, headers: [("X-A", "one")])
            for size in [0, 5, 200_000, 3 << 20] {
                let body = [UInt8](repeating: 65, count: size)
                let answer = try await client.send(template, body: body, deadlines: RequestDeadlines())
                #expect(answer.status == 200)
                #expect(answer.headers.first("x-b") == "b")
                let received = try await answer.collect(limit: 10 << 20)
                #expect(received == Array("POST /x? one ".utf8) + body)
            }
        }
    }

    /// One after the other on one kept handle: none may leave anything of itself to the next.
    @Test func `each method goes under its name, with a body where it has one`() async throws {
        try await withPair(handler: ServerTests.echo) { client, url in
            let methods: [RequestTemplate.Method] = [.patch, .get, .put, .delete, .post, .delete, .patch, .post, .get]
            for method in methods {
                let template = RequestTemplate(method, url: url, headers: [])
                let answer = try await client.send(template, body: Array("b".utf8), deadlines: RequestDeadlines())
                let body = method == .get || method == .delete ? "" : "b"
                let received = String(decoding: try await answer.collect(limit: 100), as: UTF8.self)
                #expect(received == "\(method.rawValue) /x? - \(body)")
            }
        }
    }

    @Test func `headers of one call are added to those of the template`() async throws {
        try await withPair(handler: ServerTests.echo) { client, url in
            let template = RequestTemplate(.get, url: url, headers: [("X-Z", "z")])
            let answer = try await client.send(template, headers: [("X-A", "two")], deadlines: RequestDeadlines())
            #expect(String(decoding: try await answer.collect(limit: 100), as: UTF8.self) == "GET /x? two ")
        }
    }

    @Test func `an answer over the limit is refused`() async throws {
        try await withPair(handler: ServerTests.echo) { client, url in
            let template = RequestTemplate(.post, url: url, headers: [])
            let body = [UInt8](repeating: 65, count: 5000)
            let answer = try await client.send(template, body: body, deadlines: RequestDeadlines())
            await #expect(throws: HTTPClientError.tooLarge(limit: 1000)) { try await answer.collect(limit: 1000) }
        }
    }

    @Test func `a refused connection is told apart`() async throws {
        try await withPair(handler: ServerTests.echo) { client, _ in
            let template = RequestTemplate(.get, url: "http://127.0.0.1:1/", headers: [])
            await #expect {
                try await client.send(template, deadlines: RequestDeadlines())
            } throws: { error in
                if case HTTPClientError.cannotConnect = error { true } else { false }
            }
        }
    }

    @Test func `each deadline is kept and named`() async throws {
        let handler: Handler = { request, responder in
            if request.path == "/x" {
                await request.loop.sleep(milliseconds: 5_000)
                return responder.send(HTTPResponse(status: 200))
            }
            let writer = responder.stream(status: 200, headers: HeaderFields())
            try? await writer.write([1])
            await request.loop.sleep(milliseconds: 5_000)
            writer.finish()
        }
        try await withPair(handler: handler) { client, url in
            let first = RequestTemplate(.get, url: url, headers: [])
            let firstByte = RequestDeadlines(firstByteMilliseconds: 60, idleMilliseconds: 0, totalMilliseconds: 0)
            await #expect(throws: HTTPClientError.timedOut(.firstByte)) {
                try await client.send(first, deadlines: firstByte)
            }
            let second = RequestTemplate(.get, url: url + "y", headers: [])
            for (deadlines, phase) in [
                (RequestDeadlines(idleMilliseconds: 60, totalMilliseconds: 0), RequestPhase.idle),
                (RequestDeadlines(idleMilliseconds: 0, totalMilliseconds: 1_000), RequestPhase.total),
            ] {
                let answer = try await client.send(second, deadlines: deadlines)
                await #expect(throws: HTTPClientError.timedOut(phase)) { try await answer.collect(limit: 10) }
            }
        }
    }

    @Test func `a cancelled task ends its request and the upstream sees it`() async throws {
        let started = Signal()
        let gone = Signal()
        let handler: Handler = { request, responder in
            started.fire()
            await request.loop.sleep(milliseconds: 60_000)
            if Task.isCancelled { gone.fire() }
            responder.send(HTTPResponse(status: 200))
        }
        try await withPair(handler: handler) { client, url in
            let template = RequestTemplate(.get, url: url, headers: [])
            let call = Task(executorPreference: client.loop) {
                try await client.send(template, deadlines: RequestDeadlines())
            }
            await started.wait()
            call.cancel()
            await #expect(throws: HTTPClientError.cancelled) { try await call.value }
            await gone.wait()
        }
    }

    @Test func `an upstream that closes early is told apart from one that finished`() async throws {
        let handler: Handler = { _, responder in
            let writer = responder.stream(status: 200, headers: HeaderFields())
            try? await writer.write(Array("half".utf8))
            writer.abort()
        }
        try await withPair(handler: handler) { client, url in
            let answer = try await client.send(
                RequestTemplate(.get, url: url, headers: []), deadlines: RequestDeadlines())
            await #expect {
                try await answer.collect(limit: 100)
            } throws: { error in
                if case HTTPClientError.brokenOff = error { true } else { false }
            }
        }
    }

    @Test func `a slow reader pauses its upstream and loses nothing`() async throws {
        let total = 8 << 20
        let handler: Handler = { _, responder in
            let writer = responder.stream(status: 200, headers: HeaderFields())
            for _ in 0..<(total / 65_536) { try? await writer.write([UInt8](repeating: 7, count: 65_536)) }
            writer.finish()
        }
        try await withPair(handler: handler) { client, url in
            let answer = try await client.send(
                RequestTemplate(.get, url: url, headers: []), deadlines: RequestDeadlines())
            var received = 0
            while let piece = try await answer.nextPiece() {
                received += piece.count
                #expect(piece.count <= (256 << 10) + 65_536)
                await Task.yield()
            }
            #expect(received == total)
        }
    }

    @Test func `many requests at once share the loop`() async throws {
        try await withPair(handler: ServerTests.echo) { client, url in
            let template = RequestTemplate(.post, url: url, headers: [])
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<200 {
                    group.addTask(executorPreference: client.loop) {
                        let answer = try await client.send(
                            template, body: Array("\(index)".utf8), deadlines: RequestDeadlines())
                        let body = String(decoding: try await answer.collect(limit: 100), as: UTF8.self)
                        return Int(body.split(separator: " ").last!)!
                    }
                }
                var seen: Set<Int> = []
                for try await index in group { seen.insert(index) }
                #expect(seen.count == 200)
            }
        }
    }
}
