import Accounts
import Domain
import HTTPCore
import HTTPServer
import JSON
import MemoryStores
import Routing
import Synchronization
import Testing

@testable import AccountDoor

@Suite("Who may call what", .timeLimit(.minutes(1)))
struct RouteTableTests {
    /// The whole table once more, so that nothing gets in or is opened by accident.
    static let expected = """
        GET /v1/keys admin
        POST /v1/keys admin
        GET /v1/keys/{id} admin
        PATCH /v1/keys/{id} admin
        DELETE /v1/keys/{id} admin
        POST /v1/keys/{id}/rotate admin
        GET /v1/sub-accounts admin
        POST /v1/sub-accounts admin
        GET /v1/sub-accounts/{id} admin
        PATCH /v1/sub-accounts/{id} admin
        DELETE /v1/sub-accounts/{id} admin
        GET /v1/sub-accounts/{id}/usage admin
        GET /v1/budgets admin
        POST /v1/budgets admin
        GET /v1/budgets/{id} admin
        PATCH /v1/budgets/{id} admin
        DELETE /v1/budgets/{id} admin
        GET /v1/vendor-keys admin
        POST /v1/vendor-keys admin
        PATCH /v1/vendor-keys/{id} admin
        DELETE /v1/vendor-keys/{id} admin
        GET /v1/balance member
        GET /v1/balance/auto-reload admin
        PUT /v1/balance/auto-reload admin
        DELETE /v1/balance/auto-reload admin
        GET /v1/statements/{month} admin
        GET /v1/usage key-only, sub-accounts
        GET /v1/usage/by-tag key-only, sub-accounts
        GET /v1/usage/by-sub-account member
        GET /v1/usage/recent key-only, sub-accounts
        GET /v1/accounts root
        POST /v1/accounts root
        GET /v1/accounts/{id} root
        PATCH /v1/accounts/{id} root
        DELETE /v1/accounts/{id} root
        POST /v1/accounts/{id}/top-ups root
        POST /v1/accounts/{id}/adjustments root
        POST /v1/accounts/{id}/refunds root
        GET /v1/ledger root
        """

    @Test func `the table is what it is meant to be`() {
        let lines = RouteTable.own.map { route -> String in
            guard case .role(let role, let subAccounts) = route.access else { return "\(route.pattern) open" }
            return "\(route.method) \(route.pattern) \(role.rawValue)\(subAccounts ? ", sub-accounts" : "")"
        }
        #expect(lines.joined(separator: "\n") == Self.expected)
    }

    @Test func `no line hides another`() {
        let lines = RouteTable.own.map { "\($0.method) \($0.pattern)" }
        #expect(Set(lines).count == lines.count)
        for route in RouteTable.own {
            let first = RouteTable.own.first { $0.method == route.method && $0.match(route.pattern) != nil }
            #expect(first?.pattern == route.pattern)
        }
    }

    struct Visit: Sendable, CustomTestStringConvertible {
        enum Who: String, CaseIterable {
            case nobody, stranger, revoked
            case keyOnly = "key-only"
            case member, admin, root
            case subMember = "a sub-account's key"
            case subAdmin = "a sub-account's key that says it is an admin's"
        }

        let who: Who
        let route: Route
        var testDescription: String { "\(route.method) \(route.pattern) as \(who.rawValue)" }

        var role: Role? {
            switch who {
            case .nobody, .stranger, .revoked: nil
            case .keyOnly: .keyOnly
            case .member, .subMember: .member
            case .admin, .subAdmin: .admin
            case .root: .root
            }
        }

        var isOfSubAccount: Bool { who == .subMember || who == .subAdmin }

        /// 401, 403, or nil for let in.
        var refusal: Int? {
            guard let role else { return 401 }
            guard case .role(let least, let subAccounts) = route.access else { return nil }
            return role < least || (isOfSubAccount && !subAccounts) ? 403 : nil
        }
    }

    static let visits = RouteTable.own.flatMap { route in Visit.Who.allCases.map { Visit(who: $0, route: route) } }

    @Test(arguments: visits)
    func `each route lets in whom the table says, and nobody else`(visit: Visit) async throws {
        let house = try House()
        let key: String?
        switch visit.who {
        case .nobody: key = nil
        case .stranger: key = "sk-aig-" + String(repeating: "x", count: 40)
        case .revoked:
            let revoked = try house.key(.admin)
            _ = try house.issuer.revoke(KeyID(revoked.id))
            key = revoked.secret
        case .root: key = try house.key(.root, of: Account.root).secret
        case .subMember: key = try house.key(.member, of: House.tenant).secret
        case .subAdmin: key = try house.key(.admin, of: House.tenant).secret
        case .keyOnly, .member, .admin: key = try house.key(try #require(visit.role)).secret
        }
        let before = try house.store.keyGeneration()
        let path = visit.route.pattern.replacing("{id}", with: "some-id").replacing("{month}", with: "2026-04")
        let answer = try await house.ask("\(visit.route.method) \(path)", as: key)
        switch visit.refusal {
        case nil: #expect(![401, 403].contains(answer.status) && answer.status < 500, "\(answer.text)")
        case let status:
            #expect(answer.status == status)
            #expect(answer.reason == (status == 401 ? "invalid_key" : "role_not_allowed"))
            #expect(answer.json["error"]?["type"] == (status == 401 ? "authentication_error" : "scope_exceeded"))
            #expect(try house.store.keyGeneration() == before)
            #expect(house.changes.load(ordering: .relaxed) == 0)
        }
    }

    @Test(arguments: [
        "/", "/v1", "/v1/", "/v1/key", "/v1/keys/", "/v1/keys/a/b", "/v1/keys//rotate", "/v1/keys/a/rotate/",
        "/v1/keys/a/revoke", "//v1/keys", "/v1//keys", "/V1/keys", "/v1/Keys", "/v1/keys%2Fa", "/v1/balance/x",
        "/v1/usage/by-key", "/v1/accounts/a/b/top-ups", "/v1/chat/completions", "v1/keys", "", "/v1/keys/%zz",
        "/v1/keys/%ff",
    ])
    func `what is not in the table is not served`(path: String) throws {
        let door = try House().door()
        for method in ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"] {
            #expect(door.endpoint(method: method, path: path) == nil)
        }
    }

    @Test(
        "Another method on a path that is served is told which there are",
        arguments: [
            ("PUT /v1/keys", "GET, HEAD, POST"), ("DELETE /v1/keys", "GET, HEAD, POST"),
            ("POST /v1/keys/a", "GET, HEAD, PATCH, DELETE"), ("GET /v1/keys/a/rotate", "POST"),
            ("get /v1/balance", "GET, HEAD"), ("POST /v1/ledger", "GET, HEAD"),
        ])
    func wrongMethod(target: String, allowed: String) async throws {
        let answer = try await House().ask(target)
        #expect(answer.status == 405)
        #expect(answer.headers.first("allow") == allowed)
    }

    @Test func `HEAD is answered like GET`() async throws {
        let house = try House()
        #expect(try await house.ask("HEAD /v1/balance", as: house.key(.member).secret).status == 200)
        #expect(try await house.ask("HEAD /v1/balance").status == 401)
    }

    @Test func `an id may be percent-encoded`() async throws {
        let house = try House()
        let admin = try house.key(.admin)
        let encoded = admin.id.replacing("_", with: "%5F")
        #expect(try await house.ask("GET /v1/keys/\(encoded)", as: admin.secret).id == admin.id)
    }

    // MARK: Routes of others

    @Test func `routes of others are let in by the same rules`() async throws {
        let house = try House()
        let seen = Mutex<[String]>([])
        let hook = Route("POST", "/v1/stripe/webhook", access: .withoutKey, maximumBodyBytes: 10) {
            call, _ throws(GatewayError) in
            seen.withLock { $0.append("\(call.principal == nil) \(call.account == nil) \(call.request.body.count)") }
            return .json(["received": true])
        }
        let checkout = Route("POST", "/v1/top-ups/checkout", access: .role(.admin, subAccounts: false)) {
            call, _ throws(GatewayError) in .json(["for": .string(call.account?.id.rawValue ?? "")], status: 201)
        }
        func ask(_ target: String, _ key: String?, bytes: Int = 10) async throws -> House.Answer {
            try await house.ask(
                target, as: key, bytes: [UInt8](repeating: 0x20, count: bytes), extra: [hook, checkout])
        }
        #expect(try await ask("POST /v1/stripe/webhook", nil).json == ["received": true])
        #expect(seen.withLock { $0 } == ["true true 10"])
        #expect(try await ask("POST /v1/stripe/webhook", nil, bytes: 11).status == 413)
        #expect(try await ask("POST /v1/top-ups/checkout", nil).status == 401)
        #expect(try await ask("POST /v1/top-ups/checkout", house.key(.member).secret).status == 403)
        let answer = try await ask("POST /v1/top-ups/checkout", house.key(.admin).secret)
        #expect(answer.status == 201)
        #expect(answer["for"] == "acc_acme")
        #expect(house.changes.load(ordering: .relaxed) == 2)
    }
}
