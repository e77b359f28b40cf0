import EventLoop
import Glibc
import HTTPClient
import HTTPCore
import HTTPServer
import Synchronization
import Testing

@Suite("HTTP server", .timeLimit(.minutes(1)))
struct ServerTests {
    static func echo(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        let text = "\(request.method) \(request.path)?\(request.query) \(request.headers.first("x-a") ?? "-") "
        responder.send(HTTPResponse(status: 200, headers: ["X-B": "b"], body: Array(text.utf8) + request.body))
    }

    @Test func `a request arrives whole and its answer goes back`() async throws {
        try await withServer(handler: Self.echo) { address, loop, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send("POST /a%2Fb?c=%20d HTTP/1.1\r\nHost: x\r\nX-A: yes\r\nContent-Length: 5\r\n\r\nhello")
                return client.read(until: "hello")
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
            #expect(answer.hasSuffix("POST /a%2Fb?c=%20d yes hello"))
            #expect(answer.contains("X-B: b"))
        }
    }

    @Test func `whoever connects to a bound socket is answered once there is a server on it`() async throws {
        let socket = try ListeningSocket(host: "127.0.0.1", port: 0)
        let address = socket.address
        #expect(!address.hasSuffix(":0"))
        let early = try RawClient(address)
        early.send("GET /early HTTP/1.1\r\nHost: x\r\n\r\n")
        let loop = LoopThread(name: "bound")
        let listener = try await HTTPListener(
            ServerConfiguration(host: "192.0.2.1", port: 1), on: socket, loops: [loop],
            handler: TestHandler(body: Self.echo))
        #expect(listener.address == address)
        let answer = try await blocking { early.read(until: "/early") }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
        await listener.shutdown(graceMilliseconds: 500)
        loop.stop()
    }

    @Test func `a bound socket that nobody serves on is given back`() throws {
        func bound() throws -> String {
            let socket = try ListeningSocket(host: "127.0.0.1", port: 0)
            return socket.address
        }
        let address = try bound()
        #expect(throws: (any Error).self) { try RawClient(address) }
    }

    @Test func `pipelined requests are answered in order`() async throws {
        try await withServer(handler: Self.echo) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send((0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
                return client.read(until: "/19")
            }
            let order = answer.split(separator: "GET /").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
            #expect(order == Array(0..<20))
        }
    }

    @Test func `a chunked body is collected`() async throws {
        try await withServer(handler: Self.echo) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
                )
                return client.read(until: "abcdefg")
            }
            #expect(answer.contains("abcdefg"))
        }
    }

    @Test(arguments: [true, false])
    func `a body over the limit is refused, and read so that the refusal arrives`(isChunked: Bool) async throws {
        try await withServer({ $0.maximumBodyBytes = 1000 }, handler: Self.echo) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                let body = String(repeating: "x", count: 2000)
                client.send(
                    isChunked
                        ? "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n\(body)\r\n0\r\n\r\n"
                        : "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n\(body)")
                return client.read(until: "bodyTooLarge")
            }
            #expect(answer.hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Content-Length: 0\r\nContent-Length: 0",
    ])
    func `a request whose end is in doubt is refused, and nothing behind it is served`(fields: String) async throws {
        try await withServer(handler: Self.echo) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n0\r\n\r\nGET /behind HTTP/1.1\r\nHost: x\r\n\r\n")
                return client.read()
            }
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            #expect(!answer.contains("behind"))
        }
    }

    @Test func `a client that waits for leave to send too much is refused at once`() async throws {
        try await withServer({ $0.maximumBodyBytes = 1000 }, handler: Self.echo) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\nExpect: 100-continue\r\n\r\n")
                return client.read(until: "bodyTooLarge")
            }
            #expect(answer.hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test func `a body whose sender is gone is not waited for`() async throws {
        try await withServer(handler: Self.echo) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")
                client.closeSendingSide()
                return client.read()
            }
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test func `header fields over the limit are refused`() async throws {
        try await withServer({ $0.maximumHeaderBytes = 1000 }, handler: Self.echo) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Long: \(String(repeating: "y", count: 2000))\r\n\r\n")
                return client.read(until: "headerTooLarge")
            }
            #expect(answer.hasPrefix("HTTP/1.1 431"))
        }
    }

    @Test func `slow header fields and a slow body end at their deadlines`() async throws {
        func adjust(_ configuration: inout ServerConfiguration) {
            configuration.headTimeoutMilliseconds = 100
            configuration.bodyTimeoutMilliseconds = 100
        }
        try await withServer(adjust, handler: Self.echo) { address, _, _ in
            for text in ["GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"] {
                let answer = try await blocking {
                    let client = try RawClient(address)
                    client.send(text)
                    return client.read()
                }
                #expect(answer.hasPrefix("HTTP/1.1 408"))
            }
        }
    }

    @Test func `a streamed body arrives piece by piece`() async throws {
        let goOn = Signal()
        let handler: @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void = { _, responder in
            let writer = responder.stream(status: 200, headers: ["Content-Type": "text/event-stream"])
            try? await writer.write(Array("first".utf8))
            await goOn.wait()
            try? await writer.write(Array("second".utf8))
            writer.finish()
        }
        try await withServer(handler: handler) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                let start = client.read(until: "first")
                goOn.fire()
                return start + "|" + client.read(until: "0\r\n\r\n")
            }
            #expect(answer.contains("first\r\n|"))
            #expect(answer.hasSuffix("second\r\n0\r\n\r\n"))
        }
    }

    @Test(arguments: [true, false])
    func `a client that leaves cancels its handler`(isHalfClosed: Bool) async throws {
        let started = Signal()
        let cancelled = Signal()
        let handler: @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void = { request, responder in
            started.fire()
            await request.loop.sleep(milliseconds: 60_000)
            if Task.isCancelled { cancelled.fire() }
            responder.send(HTTPResponse(status: 499))
        }
        try await withServer(handler: handler) { address, _, _ in
            var client: RawClient? = try RawClient(address)
            client?.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await started.wait()
            if isHalfClosed { client?.closeSendingSide() } else { client = nil }
            await cancelled.wait()
        }
    }

    @Test func `a client that stops reading makes the writer wait, and leaving frees it`() async throws {
        let filled = Signal()
        let freed = Signal()
        let handler: @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void = { request, responder in
            let writer = responder.stream(status: 200, headers: HeaderFields())
            let piece = [UInt8](repeating: 120, count: 64 << 10)
            var count = 0
            do {
                while true {
                    if count == 100 { filled.fire() }
                    count += 1
                    try await writer.write(piece)
                }
            } catch {
                freed.fire()
            }
        }
        try await withServer({ $0.streamBufferBytes = 256 << 10 }, handler: handler) { address, _, _ in
            do {
                let client = try RawClient(address)
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                try await blocking {
                    var buffer = [UInt8](repeating: 0, count: 1 << 20)
                    var total = 0
                    while total < 8 << 20 { total += recv(client.descriptor, &buffer, buffer.count, 0) }
                }
                await filled.wait()
            }
            await freed.wait()
        }
    }

    @Test func `an aborted stream closes without its proper end`() async throws {
        let handler: @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void = { _, responder in
            let writer = responder.stream(status: 200, headers: HeaderFields())
            try? await writer.write(Array("half".utf8))
            writer.abort()
        }
        try await withServer(handler: handler) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return client.read()
            }
            #expect(answer.hasSuffix("half\r\n"))
        }
    }

    @Test func `a handler that forgets to answer does not leave its client waiting`() async throws {
        try await withServer(handler: { _, responder in _ = consume responder }) { address, _, _ in
            let answer = try await blocking {
                let client = try RawClient(address)
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return client.read(until: "unanswered")
            }
            #expect(answer.hasPrefix("HTTP/1.1 500"))
        }
    }

    @Test func `requests over the limit in flight are refused at once`() async throws {
        let started = Signal()
        let goOn = Signal()
        let handler: @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void = { _, responder in
            started.fire()
            await goOn.wait()
            responder.send(HTTPResponse(status: 200, body: Array("done".utf8)))
        }
        try await withServer({ $0.maximumInFlight = 1 }, handler: handler) { address, _, _ in
            let first = try RawClient(address)
            first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await started.wait()
            let second = try await blocking {
                let client = try RawClient(address)
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return client.read(until: "overloaded")
            }
            #expect(second.hasPrefix("HTTP/1.1 503"))
            goOn.fire()
            let answer = try await blocking { first.read(until: "done") }
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `a shutdown lets a running answer finish`() async throws {
        let started = Signal()
        let goOn = Signal()
        let handler: @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void = { _, responder in
            started.fire()
            await goOn.wait()
            responder.send(HTTPResponse(status: 200, body: Array("done".utf8)))
        }
        try await withServer(handler: handler) { address, _, listener in
            let client = try RawClient(address)
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await started.wait()
            async let ending: Void = listener.shutdown(graceMilliseconds: 20_000)
            goOn.fire()
            let answer = try await blocking { client.read(until: "done") }
            #expect(answer.hasSuffix("done"))
            await ending
            #expect(throws: (any Error).self) { try RawClient(address) }
        }
    }
}
