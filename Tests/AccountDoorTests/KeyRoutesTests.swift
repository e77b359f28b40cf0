import Accounts
import Domain
import HTTPCore
import JSON
import MemoryStores
import Synchronization
import Telemetry
import Testing

@testable import AccountDoor

@Suite("Keys over the API", .timeLimit(.minutes(1)))
struct KeyRoutesTests {
    private let house: House
    private let admin: House.Caller

    init() throws {
        house = try House()
        admin = try house.key(.admin)
    }

    @Test func `a key is shown once, works, and is never shown again`() async throws {
        let made = try await house.ask("POST /v1/keys", as: admin.secret, ["name": "ci"])
        #expect(made.status == 201)
        #expect(made.key.hasPrefix("sk-aig-"))
        #expect(made["object"] == "key")
        #expect(made["prefix"]?.stringValue == String(made.key.prefix(12)))
        #expect(made["role"] == "member")
        #expect(try house.principal(made.key).keyID.rawValue == made.id)
        #expect(made.headers.first("cache-control") == "no-store")
        #expect(house.changes.load(ordering: .relaxed) == 1)
        for path in ["/v1/keys", "/v1/keys/\(made.id)"] {
            let shown = try await house.ask("GET \(path)", as: admin.secret)
            #expect(shown.status == 200)
            #expect(!shown.text.contains(made.key))
            #expect(!shown.text.contains("\"key\":\"sk-"))
        }
        #expect(!house.collector.lines.contains { $0.contains(made.key) || $0.contains(admin.secret) })
    }

    @Test func `everything that can be said of a key is kept`() async throws {
        let expiry = House.now.seconds + 60
        let body: JSONValue = [
            "name": "scoped", "role": "key-only", "spend_cap_cents": 12.5, "daily_cap_cents": "0.0000001",
            "rate_limit_rpm": 60, "rate_limit_tpm": 1000, "max_concurrency": 2,
            "allowed_models": ["openai/*", "embedding"], "allowed_ips": ["10.0.0.0/8", "2001:db8::1"],
            "expires_at": .int(expiry),
        ]
        let made = try await house.ask("POST /v1/keys", as: admin.secret, body)
        #expect(made.status == 201, "\(made.text)")
        let key = try #require(try house.store.key(KeyID(made.id)))
        #expect(
            key.scope
                == KeyScope(
                    limits: Limits(
                        requestsPerMinute: 60, tokensPerMinute: 1000, concurrency: 2, daily: Nanodollars(1),
                        monthly: Nanodollars(125_000_000)),
                    allowedModels: ModelAllowList(["openai/*", "embedding"]),
                    allowedAddresses: ["10.0.0.0/8", "2001:db8::1"], expiresAt: Timestamp(seconds: expiry)))
        let shown = try await house.ask("GET /v1/keys/\(made.id)", as: admin.secret)
        for (name, value) in body.objectValue ?? [:] where name != "daily_cap_cents" {
            #expect(shown[name] == value, "\(name)")
        }
        #expect(shown["daily_cap_cents"]?.number == "0.0000001")
        #expect(shown["status"] == "active")
    }

    @Test func `a change touches what it names, and null takes a limit away`() async throws {
        let made = try await house.ask(
            "POST /v1/keys", as: admin.secret, ["name": "a", "spend_cap_cents": 100, "rate_limit_rpm": 5])
        let path = "/v1/keys/\(made.id)"
        let changed = try await house.ask(
            "PATCH \(path)", as: admin.secret, ["name": "b", "rate_limit_rpm": nil, "allowed_ips": ["10.0.0.1"]])
        #expect(changed.status == 200, "\(changed.text)")
        #expect(changed["name"] == "b")
        #expect(changed["spend_cap_cents"] == 100)
        #expect(changed["rate_limit_rpm"] == .null)
        #expect(changed["allowed_ips"] == ["10.0.0.1"])
        #expect(try await house.ask("PATCH \(path)", as: admin.secret, ["allowed_ips": nil])["allowed_ips"] == .null)
        #expect(try await house.ask("PATCH \(path)", as: admin.secret, ["name": nil]).param == "name")
        #expect(try await house.ask("PATCH \(path)", as: admin.secret).status == 200)
    }

    @Test func `a revoked key is dead, stays listed when asked for, and cannot be changed`() async throws {
        let made = try await house.ask("POST /v1/keys", as: admin.secret, ["name": "a"])
        let gone = try await house.ask("DELETE /v1/keys/\(made.id)", as: admin.secret)
        #expect(gone.status == 200)
        #expect(gone.json == ["id": .string(made.id), "object": "key", "deleted": true, "status": "ok"])
        #expect(throws: (any Error).self) { try house.principal(made.key) }
        #expect(try await house.ask("DELETE /v1/keys/\(made.id)", as: admin.secret).status == 200)
        #expect(try await house.ask("PATCH /v1/keys/\(made.id)", as: admin.secret, ["name": "b"]).status == 409)
        #expect(try await house.ask("POST /v1/keys/\(made.id)/rotate", as: admin.secret).status == 409)
        #expect(try await house.ask("GET /v1/keys/\(made.id)", as: admin.secret)["status"] == "revoked")
        #expect(try await house.ask("GET /v1/keys", as: admin.secret).data.map { $0["id"] } == [.string(admin.id)])
        #expect(try await house.ask("GET /v1/keys?status=all", as: admin.secret).data.count == 2)
        #expect(try await house.ask("GET /v1/keys?status=dead", as: admin.secret).param == "status")
    }

    @Test func `an expired key says so`() async throws {
        let old = try house.key(.member, scope: KeyScope(expiresAt: Timestamp(seconds: House.now.seconds)))
        #expect(try await house.ask("GET /v1/keys/\(old.id)", as: admin.secret)["status"] == "expired")
    }

    // MARK: Rotation

    @Test func `a rotated key is the same but for its secret, and names the one it replaces`() async throws {
        let made = try await house.ask(
            "POST /v1/keys", as: admin.secret,
            ["name": "a", "role": "key-only", "spend_cap_cents": 7, "allowed_models": ["openai/*"]])
        let turned = try await house.ask("POST /v1/keys/\(made.id)/rotate", as: admin.secret)
        #expect(turned.status == 201)
        #expect(turned.key != made.key)
        #expect(turned["replaces"]?.stringValue == made.id)
        for field in ["name", "role", "spend_cap_cents", "allowed_models", "account_id"] {
            #expect(turned[field] == made[field])
        }
        // The old one dies when the new one is used; that is not the door's to see.
        #expect(try house.principal(made.key).keyID.rawValue == made.id)
        #expect(try house.principal(turned.key).key.replaces == KeyID(made.id))
    }

    @Test func `a key is rotated once at a time, so that no successor is forgotten`() async throws {
        let made = try await house.ask("POST /v1/keys", as: admin.secret, ["name": "a"])
        let second = try await house.ask("POST /v1/keys/\(made.id)/rotate", as: admin.secret)
        #expect(try await house.ask("POST /v1/keys/\(made.id)/rotate", as: admin.secret).reason == "conflict")
        #expect(try await house.ask("POST /v1/keys/\(second.id)/rotate", as: admin.secret).reason == "conflict")
        try await house.ask("DELETE /v1/keys/\(second.id)", as: admin.secret)
        let third = try await house.ask("POST /v1/keys/\(made.id)/rotate", as: admin.secret)
        #expect(third.status == 201)
        _ = try house.issuer.revoke(KeyID(made.id))
        #expect(try await house.ask("POST /v1/keys/\(third.id)/rotate", as: admin.secret).status == 201)
    }

    // MARK: Who may do what to whom

    @Test(
        "Nobody gives more than they have",
        arguments: [
            (Role.admin, "key-only", 201), (.admin, "member", 201), (.admin, "admin", 201), (.admin, "root", 403),
        ])
    func roles(caller: Role, wanted: String, status: Int) async throws {
        let secret = try house.key(caller).secret
        let made = try await house.ask("POST /v1/keys", as: secret, ["name": "a", "role": .string(wanted)])
        #expect(made.status == status)
        let plain = try await house.ask("POST /v1/keys", as: secret, ["name": "b"])
        let raised = try await house.ask("PATCH /v1/keys/\(plain.id)", as: secret, ["role": .string(wanted)])
        #expect(raised.status == (status == 201 ? 200 : 403))
        if status == 403 {
            #expect(made.reason == "role_not_allowed" && made.param == "role")
            #expect(try house.store.key(KeyID(plain.id))?.role == .member)
        }
    }

    @Test func `root makes root keys, in its own account only`() async throws {
        let root = try house.key(.root, of: Account.root).secret
        #expect(try await house.ask("POST /v1/keys", as: root, ["name": "a", "role": "root"]).status == 201)
        let elsewhere = try await house.ask(
            "POST /v1/keys?account_id=acc_acme", as: root, ["name": "a", "role": "root"])
        #expect(elsewhere.status == 400 && elsewhere.param == "role")
    }

    @Test func `an admin of the root account cannot take a root key over`() async throws {
        let root = try house.key(.root, of: Account.root)
        let lesser = try house.key(.admin, of: Account.root).secret
        let before = try house.store.allKeys()
        #expect(try await house.ask("POST /v1/keys/\(root.id)/rotate", as: lesser).status == 403)
        #expect(try await house.ask("DELETE /v1/keys/\(root.id)", as: lesser).status == 403)
        #expect(try await house.ask("PATCH /v1/keys/\(root.id)", as: lesser, ["role": "member"]).status == 403)
        #expect(try house.store.allKeys() == before)
        #expect(try await house.ask("GET /v1/keys/\(root.id)", as: lesser).status == 200)
    }

    @Test func `keys of another account are not there`() async throws {
        let theirs = try house.key(.member, of: House.other)
        let before = try house.store.allKeys()
        for target in ["GET", "PATCH", "DELETE"].map({ "\($0) /v1/keys/\(theirs.id)" })
            + ["POST /v1/keys/\(theirs.id)/rotate", "GET /v1/keys/key_unknown"]
        {
            let answer = try await house.ask(target, as: admin.secret)
            #expect(answer.status == 404 && answer.reason == "object_not_found", "\(target)")
        }
        #expect(try house.store.allKeys() == before)
        #expect(!(try await house.ask("GET /v1/keys?status=all", as: admin.secret)).text.contains(theirs.id))
        #expect(try await house.ask("GET /v1/keys?account_id=acc_other", as: admin.secret).status == 404)
        let made = try await house.ask("POST /v1/keys?account_id=acc_other", as: admin.secret, ["name": "a"])
        #expect(made.status == 404)
    }

    @Test func `root manages any account it names, and its own when it names none`() async throws {
        let root = try house.key(.root, of: Account.root)
        let theirs = try house.key(.member, of: House.other)
        #expect(try await house.ask("GET /v1/keys/\(theirs.id)", as: root.secret).status == 404)
        #expect(try await house.ask("GET /v1/keys/\(theirs.id)?account_id=acc_other", as: root.secret).status == 200)
        let made = try await house.ask("POST /v1/keys?account_id=acc_other", as: root.secret, ["name": "a"])
        #expect(made["account_id"] == "acc_other")
        #expect(try await house.ask("GET /v1/keys?account_id=acc_nobody", as: root.secret).status == 404)
        #expect(try await house.ask("GET /v1/keys", as: root.secret).data.map { $0["id"] } == [.string(root.id)])
    }

    @Test func `an account manages the keys of its sub-accounts, which manage nothing`() async throws {
        let tenant: JSONValue = "sa_tenant"
        let made = try await house.ask("POST /v1/keys", as: admin.secret, ["name": "t", "sub_account_id": tenant])
        #expect(made.status == 201)
        #expect(made["account_id"] == tenant)
        #expect(try house.principal(made.key).parent?.id == House.acme)
        let high = try await house.ask(
            "POST /v1/keys", as: admin.secret, ["name": "t", "role": "admin", "sub_account_id": tenant])
        #expect(high.status == 400 && high.param == "role")
        let raised = try await house.ask("PATCH /v1/keys/\(made.id)", as: admin.secret, ["role": "admin"])
        #expect(raised.status == 400 && raised.param == "role")
        let listed = try await house.ask("GET /v1/keys?sub_account_id=sa_tenant", as: admin.secret)
        #expect(listed.data.map { $0["id"] } == [.string(made.id)])
        let other = try house.key(.admin, of: House.other).secret
        #expect(try await house.ask("GET /v1/keys?sub_account_id=sa_tenant", as: other).status == 404)
        #expect(
            try await house.ask("POST /v1/keys", as: other, ["name": "t", "sub_account_id": tenant]).status == 404)
        let foreign: JSONValue = ["name": "t", "sub_account_id": "acc_other"]
        #expect(try await house.ask("POST /v1/keys", as: admin.secret, foreign).status == 404)
    }

    // MARK: Lists

    @Test func `a long list comes in pages`() async throws {
        for number in 0..<5 { _ = try house.issuer.issue(name: "\(number)", account: House.acme) }
        var seen: [String] = []
        var path = "/v1/keys?limit=4"
        let first = try await house.ask("GET \(path)", as: admin.secret)
        #expect(first["object"] == "list")
        #expect(first["has_more"] == true)
        seen += first.data.compactMap { $0["id"]?.stringValue }
        path += "&after=\(seen.last ?? "")"
        let rest = try await house.ask("GET \(path)", as: admin.secret)
        #expect(rest["has_more"] == false)
        seen += rest.data.compactMap { $0["id"]?.stringValue }
        #expect(seen == (try house.store.allKeys()).map(\.id.rawValue))
        for query in ["limit=0", "limit=1001", "limit=x", "limit=-1", "after=key_unknown"] {
            #expect(try await house.ask("GET /v1/keys?\(query)", as: admin.secret).status == 400)
        }
    }

    @Test func `what a key has spent is told with it`() async throws {
        try house.call("r1", by: admin.id, cents: 3)
        try house.call("r2", by: admin.id, cents: 4, day: "2026-05-01")
        let shown = try await house.ask("GET /v1/keys/\(admin.id)", as: admin.secret)
        #expect(shown["spent_today_cents"] == 3)
        #expect(shown["spent_month_cents"] == 7)
    }
}
