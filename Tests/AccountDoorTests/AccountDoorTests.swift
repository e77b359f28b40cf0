import Domain
import EventLoop
import HTTPClient
import HTTPCore
import HTTPServer
import JSON
import MemoryStores
import Routing
import Synchronization
import Telemetry
import Testing

@testable import AccountDoor

@Suite("The account door", .timeLimit(.minutes(1)))
struct AccountDoorTests {
    @Test func `stores are never touched on a loop`() async throws {
        let house = try House()
        let admin = try house.key(.admin).secret
        let uses = Mutex((onLoop: 0, off: 0))
        // Finding out who is calling is the running gateway's, from memory; here it takes one look at the keys and one
        // at the accounts.
        let looks = 2
        house.store.onUse {
            uses.withLock { if House.loop.isCurrent { $0.onLoop += 1 } else { $0.off += 1 } }
        }
        let answer = try await house.ask("POST /v1/keys", as: admin, ["name": "a"])
        house.store.onUse(nil)
        #expect(answer.status == 201)
        #expect(uses.withLock { $0.onLoop } == looks)
        #expect(uses.withLock { $0.off } >= 2)
    }

    @Test func `a store that fails is said to, and nothing of it is told`() async throws {
        let house = try House()
        let root = try house.key(.root, of: Account.root).secret
        let principal = try house.principal(root)
        house.store.fail(.notWritten("/var/secret/path: disk full"))
        // The others read no store.
        let targets = RouteTable.own
            .filter { $0.isReading && $0.pattern != "/v1/vendor-keys" && !$0.pattern.hasPrefix("/v1/balance") }
            .map(\.pattern)
        for pattern in targets {
            let path = pattern.replacing("{id}", with: "x").replacing("{month}", with: "2026-04")
            let endpoint = ManagementEndpoint(
                route: try #require(RouteTable.own.first { $0.method == "GET" && $0.pattern == pattern }),
                id: "2026-04",
                services: AccountDoor.Services(
                    desks: house.desks, authenticate: { _ throws(GatewayError) in principal }, changed: {},
                    log: house.log))
            let request = HTTPRequest(method: "GET", path: path, loop: House.loop)
            let response = await endpoint.response(to: request, requestID: RequestID("req_1"))
            let body = String(decoding: response.body, as: UTF8.self)
            #expect(response.status == 503, "\(pattern) \(body)")
            #expect(response.headers.first("retry-after") == "1")
            #expect(!body.contains("secret"))
        }
        let lines = house.collector.lines.filter { $0.contains("management call failed") }
        #expect(lines.count == targets.count)
        #expect(lines.allSatisfy { $0.contains("req_1") && $0.contains("record_failed") })
    }

    @Test func `a change is told and logged once it is made, a failed one is not`() async throws {
        let house = try House()
        let admin = try house.key(.admin)
        try await house.ask("GET /v1/keys", as: admin.secret)
        try await house.ask("POST /v1/keys", as: admin.secret, ["nmae": "a"])
        #expect(house.changes.load(ordering: .relaxed) == 0)
        try await house.ask("POST /v1/keys", as: admin.secret, ["name": "a"])
        #expect(house.changes.load(ordering: .relaxed) == 1)
        let lines = house.collector.lines.filter { $0.contains("\"managed\"") }
        #expect(lines.count == 1)
        #expect(lines.first.map { $0.contains("POST /v1/keys") && $0.contains(admin.id) } == true)
    }

    @Test func `errors are in OpenAI's envelope`() async throws {
        let answer = try await House().ask("GET /v1/keys")
        #expect(answer.status == 401)
        #expect(answer.json["error"]?["code"] == 401)
        #expect(answer.json["error"]?["request_id"] == "req_test")
        #expect(answer.headers.first("x-request-id") == "req_test")
    }

    @Test func `it stands behind the front door`() async throws {
        let house = try House()
        let loop = LoopThread(name: "server")
        let door = house.door()
        let listener = try await HTTPListener(
            ServerConfiguration(host: "127.0.0.1", port: 0), loops: [loop], handler: FrontDoor([door], fallback: door))
        let client = await HTTPClient.make(on: loop, ClientConfiguration())
        let key = try house.key(.admin).secret
        let answer = await Task(executorPreference: loop) {
            let template = RequestTemplate(
                .post, url: "http://\(listener.address)/v1/keys",
                headers: [("Authorization", "Bearer \(key)"), ("X-Request-Id", "mine")], avoidsProxy: true)
            let response = try await client.send(
                template, body: Array(#"{"name":"over the wire"}"#.utf8), deadlines: RequestDeadlines())
            return (response.status, response.headers.first("x-request-id"), try await response.collect(limit: 1 << 20))
        }.result
        await loop.run { client.close() }
        await listener.shutdown(graceMilliseconds: 500)
        loop.stop()
        let (status, id, body) = try answer.get()
        #expect(status == 201 && id == "mine")
        #expect(try JSONValue(parsing: body)["name"] == "over the wire")
    }
}
