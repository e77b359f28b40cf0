import EventLoop
import Foundation
import HTTPClient
import HTTPCore
import HTTPServer
import Synchronization
import Testing

@Suite("HTTP client: reach", .timeLimit(.minutes(1)))
struct ReachTests {
    /// What a client asked about addresses, and what a server was asked by it.
    private final class Seen: Sendable {
        private let state = Mutex<(addresses: [[UInt8]], requests: [String])>(([], []))

        var addresses: [[UInt8]] { state.withLock { $0.addresses } }
        var requests: [String] { state.withLock { $0.requests } }

        func note(address: [UInt8]) { state.withLock { $0.addresses.append(address) } }
        func note(request: String) { state.withLock { $0.requests.append(request) } }
    }

    /// - Parameter allowing: Whether the client takes an address for a public one.
    private func withPair(
        allowing: (@Sendable ([UInt8]) -> Bool)?,
        _ body: @escaping @Sendable (HTTPClient, _ port: Substring, Seen) async throws -> Void
    ) async throws {
        let seen = Seen()
        let handler: ClientTests.Handler = { request, responder in
            seen.note(request: request.path)
            responder.send(HTTPResponse(status: 200))
        }
        try await withServer(handler: handler) { address, loop, _ in
            var configuration = ClientConfiguration()
            if let allowing {
                configuration.isPublic = { address in
                    seen.note(address: address)
                    return allowing(address)
                }
            }
            let client = await HTTPClient.make(on: loop, configuration)
            let task = Task(executorPreference: loop) {
                try await body(client, address.split(separator: ":")[1], seen)
            }
            let result = await task.result
            await loop.run { client.close() }
            try result.get()
        }
    }

    private static func get(
        _ url: String, _ reach: Reach, on client: HTTPClient, deadlines: RequestDeadlines = RequestDeadlines()
    ) async throws -> Int {
        let template = RequestTemplate(.get, url: url, headers: [], reach: reach)
        let answer = try await client.send(template, deadlines: deadlines)
        _ = try await answer.collect(limit: 100)
        return answer.status
    }

    @Test(arguments: ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
    func `a private address is refused however it is written, and nothing arrives there`(host: String) async throws {
        try await withPair(allowing: { _ in false }) { client, port, seen in
            await #expect(throws: HTTPClientError.notAllowed) {
                try await Self.get("http://\(host):\(port)/refused", .publicOnly, on: client)
            }
            let asked = seen.addresses
            #expect(!asked.isEmpty)
            for address in asked {
                let loopback: [[UInt8]] = [
                    [127, 0, 0, 1], [UInt8](repeating: 0, count: 10) + [255, 255, 127, 0, 0, 1],
                    [UInt8](repeating: 0, count: 15) + [1],
                ]
                #expect(loopback.contains(address))
            }
            // A request behind it would have been served after it.
            let status = try await Self.get("http://127.0.0.1:\(port)/allowed", .anywhere, on: client)
            #expect(status == 200)
            #expect(seen.requests == ["/allowed"])
        }
    }

    @Test func `nothing is public to a client that was not told what is`() async throws {
        try await withPair(allowing: nil) { client, port, seen in
            await #expect(throws: HTTPClientError.notAllowed) {
                try await Self.get("http://127.0.0.1:\(port)/", .publicOnly, on: client)
            }
            #expect(seen.requests.isEmpty)
        }
    }

    @Test func `an address that is let through is reached, and its connection is kept`() async throws {
        try await withPair(allowing: { $0 == [127, 0, 0, 1] }) { client, port, seen in
            for _ in 0..<3 {
                let status = try await Self.get("http://localhost:\(port)/", .publicOnly, on: client)
                #expect(status == 200)
            }
            #expect(seen.requests.count == 3)
            #expect(seen.addresses.count { $0 == [127, 0, 0, 1] } == 1)
        }
    }

    @Test func `a connection opened for anywhere serves nobody else`() async throws {
        try await withPair(allowing: { _ in false }) { client, port, seen in
            let url = "http://localhost:\(port)/"
            for _ in 0..<2 {
                let status = try await Self.get(url, .anywhere, on: client)
                #expect(status == 200)
                await #expect(throws: HTTPClientError.notAllowed) {
                    try await Self.get(url, .publicOnly, on: client)
                }
            }
            #expect(seen.requests.count == 2)
        }
    }

    /// The library closes what it looks up names with by itself, and the next connection gets its number.
    @Test func `a name that was refused does not stand in the way of others`() async throws {
        let machine = ProcessInfo.processInfo.hostName
        // A socket that nobody watches is looked at when the time to connect is over, and not before.
        let deadlines = RequestDeadlines(firstByteMilliseconds: 4_000)
        try await withPair(allowing: { _ in false }) { client, port, _ in
            for host in ["127.0.0.1", "127.1", "localhost"] {
                // Whether anybody is there does not matter.
                _ = try? await Self.get("http://\(machine):1/", .publicOnly, on: client)
                let status = try await Self.get(
                    "http://\(host):\(port)/", .anywhere, on: client, deadlines: deadlines)
                #expect(status == 200)
            }
        }
    }

    @Test func `a public address that does not answer is no private one`() async throws {
        try await withPair(allowing: { _ in true }) { client, _, _ in
            await #expect {
                try await Self.get("http://127.0.0.1:1/", .publicOnly, on: client)
            } throws: { error in
                if case HTTPClientError.cannotConnect = error { true } else { false }
            }
        }
    }

    @Test func `requests of anywhere are not asked about`() async throws {
        try await withPair(allowing: { _ in false }) { client, port, seen in
            let status = try await Self.get("http://localhost:\(port)/", .anywhere, on: client)
            #expect(status == 200)
            #expect(seen.addresses.isEmpty)
        }
    }
}
