import Domain
import JSON
import MemoryStores
import Testing

@testable import AccountDoor

@Suite("Requests that were sent twice", .timeLimit(.minutes(1)))
struct IdempotencyTests {
    private let house: House
    private let admin: String
    private let root: String

    init() throws {
        house = try House()
        admin = try house.key(.admin).secret
        root = try house.key(.root, of: Account.root).secret
    }

    private func ask(_ target: String, _ name: String?, _ body: JSONValue, as key: String? = nil) async throws
        -> House.Answer
    {
        try await house.ask(
            "POST \(target)", as: key ?? admin, body, headers: name.map { [("Idempotency-Key", $0)] } ?? [])
    }

    static let targets = ["/v1/keys", "/v1/sub-accounts", "/v1/accounts"]

    @Test(arguments: targets) func `one request makes one thing, and shows its key once`(target: String) async throws {
        let caller = target == "/v1/accounts" ? root : admin
        let before = (house.store.contents.accounts.count, house.store.contents.keys.count)
        let first = try await ask(target, "n-1", ["name": "team"], as: caller)
        #expect(first.status == 201)
        #expect(first.key.hasPrefix("sk-aig-"))
        let made = (house.store.contents.accounts.count, house.store.contents.keys.count)
        #expect(made == (before.0 + (target == "/v1/keys" ? 0 : 1), before.1 + 1))
        for _ in 0..<3 {
            let again = try await ask(target, "n-1", ["name": "team"], as: caller)
            #expect(again.status == 200)
            var expected = try #require(first.json.objectValue)
            for name in ["key", "scoped_key"] where expected[name] != nil { expected[name] = .null }
            #expect(again.json == .object(expected))
            #expect(!again.text.contains(first.key))
        }
        #expect((house.store.contents.accounts.count, house.store.contents.keys.count) == made)
        // Another name, or none, is another request.
        #expect(try await ask(target, "n-2", ["name": "team"], as: caller).id != first.id)
        #expect(try await ask(target, nil, ["name": "team"], as: caller).id != first.id)
    }

    @Test(arguments: targets) func `another body under the same name is a conflict`(target: String) async throws {
        let caller = target == "/v1/accounts" ? root : admin
        #expect(try await ask(target, "n-1", ["name": "a"], as: caller).status == 201)
        let made = house.store.contents.keys.count
        let other = try await ask(target, "n-1", ["name": "b"], as: caller)
        #expect(other.status == 409 && other.reason == "conflict" && other.param == "Idempotency-Key")
        #expect(house.store.contents.keys.count == made)
    }

    @Test func `a name counts for its account and its route`() async throws {
        let other = try house.key(.admin, of: House.other).secret
        let first = try await ask("/v1/keys", "n-1", ["name": "a"])
        #expect(try await ask("/v1/keys", "n-1", ["name": "a"], as: other).status == 201)
        #expect(try await ask("/v1/sub-accounts", "n-1", ["name": "a"]).status == 201)
        // Root that names the account means the same as its administrator.
        let asRoot = try await ask("/v1/keys?account_id=acc_acme", "n-1", ["name": "a"], as: root)
        #expect(asRoot.status == 200 && asRoot.id == first.id)
    }

    @Test func `what came to nothing is tried again`() async throws {
        #expect(try await ask("/v1/sub-accounts", "n-1", ["name": ""]).status == 400)
        house.store.allow(writes: 0)
        #expect(try await ask("/v1/sub-accounts", "n-1", ["name": "a"]).status == 503)
        house.store.allow(writes: .max)
        #expect(try await ask("/v1/sub-accounts", "n-1", ["name": "a"]).status == 201)
        #expect(try await ask("/v1/sub-accounts", "n-1", ["name": "a"]).status == 200)
    }

    @Test func `the thing is shown as it is now`() async throws {
        let first = try await ask("/v1/sub-accounts", "n-1", ["name": "a"])
        try await house.ask("PATCH /v1/sub-accounts/\(first.id)", as: admin, ["spend_cap_cents": 700])
        try await house.ask("DELETE /v1/sub-accounts/\(first.id)", as: admin)
        let again = try await ask("/v1/sub-accounts", "n-1", ["name": "a"])
        #expect(again.id == first.id && again["spend_cap_cents"] == 700 && again["status"] == "closed")
    }

    @Test(arguments: ["", " ", "a b", String(repeating: "n", count: 201), "n\u{e9}"])
    func `a name is short and visible`(name: String) async throws {
        let answer = try await ask("/v1/keys", name, ["name": "a"])
        #expect(answer.status == 400 && answer.param == "Idempotency-Key")
    }

    @Test func `two names are refused`() async throws {
        let names = [("Idempotency-Key", "a"), ("idempotency-key", "a")]
        let answer = try await house.ask("POST /v1/keys", as: admin, ["name": "a"], headers: names)
        #expect(answer.reason == "duplicate_field")
    }

    @Test func `neither names nor bodies nor keys are kept`() async throws {
        let first = try await ask("/v1/keys", "name-of-a-request", ["name": "a"])
        let kept = try #require(house.store.contents.requests.first)
        #expect(kept.objectID == first.id)
        for bytes in [kept.name, kept.body] { #expect(bytes.count == 32) }
        let key = try #require(house.store.contents.keys.last)
        // Nor is a name hashed as keys are, should somebody take one for a name.
        _ = try await ask("/v1/keys", first.key, ["name": "a"])
        #expect(house.store.contents.requests.allSatisfy { $0.name != key.hash })
    }
}
