import Domain
import EventLoop
import HTTPClient
import HTTPCore
import HTTPServer
import Testing

@testable import Routing

@Suite("Request ids")
struct RequestIDTests {
    private let ids = RequestIDs()

    @Test(arguments: [
        "a", "req_1", "550e8400-e29b-41d4-a716-446655440000", "a.b:c", String(repeating: "x", count: 128),
    ])
    func `a decent id of the caller's is kept`(id: String) {
        #expect(ids.id(for: id).rawValue == id)
    }

    @Test(arguments: ["", " ", "a b", "a\"b", "<x>", "é", "a\nb", "%0d", "a/b", String(repeating: "x", count: 129)])
    func `another is replaced`(id: String) {
        let made = ids.id(for: id)
        #expect(made.rawValue != id)
        #expect(made.rawValue.hasPrefix("req_"))
    }

    @Test func `none is made up for`() {
        #expect(ids.id(for: nil).rawValue.hasPrefix("req_"))
    }

    @Test func `made ids are unique, within a process and between two`() async {
        let made = await withTaskGroup(of: [RequestID].self) { group in
            for _ in 0..<8 { group.addTask { (0..<1000).map { _ in ids.next() } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(made).count == 8000)
        #expect(Set(made).isDisjoint(with: (0..<1000).map { _ in RequestIDs().next() }))
        for id in made { #expect(ids.id(for: id.rawValue) == id) }
    }
}

@Suite("Percent-encoding")
struct PercentEncodingTests {
    @Test(
        "Escapes are undone once",
        arguments: [
            ("", ""), ("openai/o4-mini", "openai/o4-mini"), ("openai%2Fo4-mini", "openai/o4-mini"),
            ("openai%2fo4", "openai/o4"), ("%252F", "%2F"), ("%C3%A9", "é"), ("a+b", "a+b"), ("%00", "\0"),
        ])
    func decoded(text: String, decoded: String) {
        #expect(PercentEncoding.decode(text) == decoded)
    }

    @Test(arguments: ["%", "a%", "%2", "%zz", "%2g", "%g2", "%%", "% 2", "%+1", "%ff", "%c3", "%ed%a0%80"])
    func `what cannot be undone is none`(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }
}

private struct Echo: Endpoint {
    let text: String

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        responder.send(HTTPResponse(status: 200, headers: ["x-id": requestID.rawValue], body: Array(text.utf8)))
    }
}

private struct TestDoor: Door {
    let path: String

    func endpoint(method: String, path: String) -> EndpointMatch? {
        guard path == self.path else { return nil }
        return method == "GET" ? .found(Echo(text: "\(path)!")) : .wrongMethod(allowed: ["GET", "HEAD"])
    }

    func render(_ error: GatewayError, requestID: RequestID) -> HTTPResponse {
        HTTPResponse(
            status: error.reason.status, headers: ["x-reason": error.reason.rawValue, "x-door": path],
            body: Array(error.message.utf8))
    }
}

@Suite("The front door", .timeLimit(.minutes(1)))
struct FrontDoorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let method: RequestTemplate.Method
        let path: String
        let status: Int
        let reason: String?
        let door: String?
        var testDescription: String { "\(method) \(path.prefix(40))" }
    }

    static let cases = [
        Case(method: .get, path: "/a", status: 200, reason: nil, door: nil),
        Case(method: .get, path: "/b?x=/a", status: 200, reason: nil, door: nil),
        Case(method: .post, path: "/a", status: 405, reason: "method_not_allowed", door: "/a"),
        Case(method: .post, path: "/b", status: 405, reason: "method_not_allowed", door: "/b"),
        Case(method: .get, path: "/c", status: 404, reason: "endpoint_not_found", door: "/b"),
        Case(method: .post, path: "/a/", status: 404, reason: "endpoint_not_found", door: "/b"),
        Case(method: .get, path: "/%61", status: 404, reason: "endpoint_not_found", door: "/b"),
        Case(
            method: .get, path: "/" + String(repeating: "x", count: 5000), status: 404, reason: "endpoint_not_found",
            door: "/b"),
    ]

    @Test(arguments: cases)
    func `a request goes to the door it belongs to`(wanted: Case) async throws {
        let loop = LoopThread(name: "test")
        let (first, last) = (TestDoor(path: "/a"), TestDoor(path: "/b"))
        let listener = try await HTTPListener(
            ServerConfiguration(host: "127.0.0.1", port: 0), loops: [loop],
            handler: FrontDoor([first, last], fallback: last))
        let client = await HTTPClient.make(on: loop, ClientConfiguration())
        let answer = await Task(executorPreference: loop) {
            let template = RequestTemplate(
                wanted.method, url: "http://\(listener.address)\(wanted.path)", headers: [("X-Request-Id", "mine")],
                avoidsProxy: true)
            let response = try await client.send(template, deadlines: RequestDeadlines())
            return (response.status, response.headers, try await response.collect(limit: 1 << 20))
        }.result
        await loop.run { client.close() }
        await listener.shutdown(graceMilliseconds: 500)
        loop.stop()
        let (status, headers, body) = try answer.get()
        #expect(status == wanted.status)
        #expect(headers.first("x-reason") == wanted.reason)
        #expect(headers.first("x-door") == wanted.door)
        #expect(headers.first("allow") == (wanted.status == 405 ? "GET, HEAD" : nil))
        #expect(headers.first("x-id") == (wanted.status == 200 ? "mine" : nil))
        #expect(body.count < 1000)
    }

    @Test(
        "What the server refuses by itself has its reason",
        arguments: [
            (ServerRefusal.headerTooLarge(limit: 16), "headers_too_large", 431),
            (.bodyTooLarge(limit: 32), "payload_too_large", 413),
            (.headTimeout(milliseconds: 5), "request_timeout", 408),
            (.bodyTimeout(milliseconds: 5), "request_timeout", 408), (.overloaded(limit: 2), "overloaded", 503),
            (.closing, "overloaded", 503),
            (.unanswered, "internal", 500),
        ])
    func refusals(refusal: ServerRefusal, reason: String, status: Int) {
        let door = TestDoor(path: "/a")
        let response = FrontDoor([door], fallback: door).refuse(refusal)
        #expect(response.status == status)
        #expect(response.headers.first("x-reason") == reason)
    }
}
