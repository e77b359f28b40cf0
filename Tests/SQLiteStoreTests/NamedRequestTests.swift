import Domain
import Testing

@testable import SQLiteStore

@Suite("Named requests in the store")
struct NamedRequestTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteStore.open(directory: directory.path)
        try store.insert(Samples.account)
    }

    private static func request(
        _ name: UInt8, _ subject: NamedRequest.Subject = .subAccount, at seconds: Int64 = 1_000
    ) -> NamedRequest {
        NamedRequest(
            accountID: Account.root, subject: subject, name: [name], body: [9], objectID: "sa_\(name)",
            keyID: KeyID("key_\(name)"), madeAt: Timestamp(seconds: seconds))
    }

    private func find(
        _ name: UInt8, _ subject: NamedRequest.Subject = .subAccount, since: Int64 = 0,
        of account: AccountID = Account.root
    ) throws -> NamedRequest? {
        try store.namedRequest([name], subject, of: account, since: Timestamp(seconds: since))
    }

    @Test func `account, key and request are written together`() throws {
        var account = Samples.account
        account.id = AccountID("sa_1")
        account.parentID = Account.root
        let key = Samples.key("k", account: account.id)
        try store.insert(account, key, for: Self.request(1))
        #expect(try store.account(account.id) == account)
        #expect(try store.key(key.id) == key)
        #expect(try find(1) == Self.request(1))
        #expect(try find(2) == nil)
        #expect(try find(1, .key) == nil)
        #expect(try find(1, of: account.id) == nil)
        #expect(try find(1, since: 1_001) == nil)
    }

    @Test func `where one of them cannot be written, none is`() throws {
        try store.insert(nil, Samples.key("a"), for: Self.request(1))
        var account = Samples.account
        account.id = AccountID("sa_1")
        #expect(throws: StoreError.self) {
            try store.insert(account, Samples.key("b", account: account.id), for: Self.request(1))
        }
        #expect(try store.account(account.id) == nil)
        #expect(try store.key(KeyID("key_b")) == nil)
        #expect(throws: StoreError.self) { try store.insert(account, Samples.key("a"), for: Self.request(2)) }
        #expect(try store.account(account.id) == nil)
        #expect(try find(2) == nil)
    }

    @Test(arguments: NamedRequest.Subject.allCases)
    func `each subject comes back`(_ subject: NamedRequest.Subject) throws {
        try store.insert(nil, Samples.key("a"), for: Self.request(1, subject))
        #expect(try find(1, subject) == Self.request(1, subject))
    }

    @Test func `a day later they are gone, and the name is free`() throws {
        let later = 1_000 + NamedRequest.keptSeconds
        try store.insert(nil, Samples.key("a"), for: Self.request(1))
        try store.insert(nil, Samples.key("b"), for: Self.request(2, at: later))
        #expect(try store.namedRequests(of: Account.root, since: Timestamp(seconds: 0)) == 2)
        #expect(try store.namedRequests(of: Account.root, since: Timestamp(seconds: 1_001)) == 1)
        try store.insert(nil, Samples.key("c"), for: Self.request(1, at: later + 1))
        #expect(try store.namedRequests(of: Account.root, since: Timestamp(seconds: 0)) == 2)
        #expect(try find(1)?.madeAt == Timestamp(seconds: later + 1))
    }
}
