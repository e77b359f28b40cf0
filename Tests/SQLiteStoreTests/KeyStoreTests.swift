import Domain
import Testing

@testable import SQLiteStore

@Suite("Accounts and keys")
struct KeyStoreTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteStore.open(directory: directory.path)
        try store.insert(Samples.account)
    }

    @Test func `an account comes back as it was inserted`() throws {
        #expect(try store.account(Account.root) == Samples.account)
        #expect(try store.account(AccountID("acc_none")) == nil)
    }

    @Test func `keys come back as they were inserted, oldest first`() throws {
        var revoked = Samples.key("c", created: 3)
        revoked.revokedAt = Timestamp(seconds: 4)
        let keys = [Samples.key("b", created: 1), Samples.key("a", created: 2), revoked]
        for key in keys.reversed() { try store.insert(key) }
        #expect(try store.allKeys() == keys)
        #expect(try store.activeKeys() == Array(keys.prefix(2)))
    }

    @Test func `keys survive the store`() throws {
        try store.insert(Samples.key("a"))
        let generation = try store.keyGeneration()
        store.close()
        let again = try SQLiteStore.open(directory: directory.path)
        #expect(try again.allKeys() == [Samples.key("a")])
        #expect(try again.keyGeneration() == generation)
    }

    @Test func `a revoked key is active no more, and can be revoked once`() throws {
        let moment = Timestamp(seconds: 1_700_000_100)
        try store.insert(Samples.key("a"))
        #expect(try store.revoke(KeyID("key_a"), at: moment))
        #expect(try store.activeKeys().isEmpty)
        #expect(try store.allKeys().map(\.revokedAt) == [moment])
        #expect(try !store.revoke(KeyID("key_a"), at: Timestamp(seconds: 1_800_000_000)))
        #expect(try store.allKeys().map(\.revokedAt) == [moment])
    }

    @Test func `revoking an unknown key says so`() throws {
        #expect(try !store.revoke(KeyID("key_none"), at: Timestamp(seconds: 1)))
    }

    @Test func `the same account, key id or key hash cannot be inserted twice`() throws {
        try store.insert(Samples.key("a"))
        var sameID = Samples.key("b")
        sameID.id = KeyID("key_a")
        var sameHash = Samples.key("c")
        sameHash.hash = Samples.key("a").hash
        expectDuplicate { () throws(StoreError) in try store.insert(Samples.account) }
        expectDuplicate { () throws(StoreError) in try store.insert(sameID) }
        expectDuplicate { () throws(StoreError) in try store.insert(sameHash) }
        #expect(try store.allKeys() == [Samples.key("a")])
    }

    private func expectDuplicate(_ body: () throws(StoreError) -> Void) {
        do throws(StoreError) {
            try body()
            Issue.record("no error")
        } catch {
            #expect(error.duplicate?.contains("UNIQUE constraint failed") == true)
            #expect(error.duplicate?.contains("acc_root") == false)
        }
    }

    @Test func `a key needs its account`() throws {
        let error = #expect(throws: StoreError.self) {
            try store.insert(Samples.key("a", account: AccountID("acc_none")))
        }
        #expect(error?.notWritten?.hasPrefix("the account does not exist") == true)
    }

    @Test func `the generation grows with each change and with nothing else`() async throws {
        var seen = try store.keyGeneration()
        func grew() throws -> Bool {
            defer { seen = (try? store.keyGeneration()) ?? seen }
            return try store.keyGeneration() > seen
        }
        #expect(try !grew())
        try store.insert(Samples.key("a"))
        #expect(try grew())
        _ = try store.revoke(KeyID("key_a"), at: Timestamp(seconds: 2))
        #expect(try grew())
        _ = try store.revoke(KeyID("key_a"), at: Timestamp(seconds: 3))
        #expect(try !grew())
        try store.insert(Account(id: AccountID("acc_two"), name: "Two", createdAt: Timestamp(seconds: 1)))
        #expect(try grew())
        try await store.record(Samples.call("req_1"))
        #expect(try !grew())
    }

    @Test func `a change made through another store is seen`() throws {
        let other = try SQLiteStore.open(directory: directory.path)
        let before = try store.keyGeneration()
        try other.insert(Samples.key("a"))
        #expect(try store.keyGeneration() > before)
        #expect(try store.activeKeys() == [Samples.key("a")])
        let between = try store.keyGeneration()
        #expect(try other.revoke(KeyID("key_a"), at: Timestamp(seconds: 5)))
        #expect(try store.keyGeneration() > between)
        #expect(try store.activeKeys().isEmpty)
    }

    @Test func `a closed store says so`() throws {
        store.close()
        store.close()
        #expect(throws: StoreError.closed) { try store.keyGeneration() }
        #expect(throws: StoreError.closed) { try store.insert(Samples.key("a")) }
        #expect(throws: StoreError.closed) { try store.recentCalls(limit: 1) }
    }
}
