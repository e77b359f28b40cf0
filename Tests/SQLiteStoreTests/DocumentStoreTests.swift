import Domain
import MemoryStores
import SQLite
import Testing

@testable import SQLiteStore

/// What every store of documents must show.
@Suite("Documents")
struct DocumentStoreTests {
    enum Engine: String, CaseIterable, CustomTestStringConvertible {
        case memory, sqlite
        var testDescription: String { rawValue }
    }

    static let acme = AccountID("acc_acme")
    static let other = AccountID("acc_other")
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A store with two accounts.
    private func open(_ engine: Engine) throws -> any DocumentStore & KeyStore {
        let store: any DocumentStore & KeyStore =
            switch engine {
            case .memory: MemoryStore()
            case .sqlite: try SQLiteStore.open(directory: directory.path)
            }
        for id in [Self.acme, Self.other] {
            try store.insert(Account(id: id, name: id.rawValue, createdAt: Timestamp(seconds: 1)))
        }
        return store
    }

    private func document(
        _ id: String, _ kind: DocumentKind = .route, of account: AccountID = acme, in gateway: String? = "default",
        name: String? = nil, body: String = "{}", at seconds: Int64 = 100
    ) -> StoredDocument {
        StoredDocument(
            kind: kind, account: account, gateway: gateway.map { GatewayID($0) }, id: id, name: name ?? "n-\(id)",
            body: body, createdAt: Timestamp(seconds: seconds), modifiedAt: Timestamp(seconds: seconds))
    }

    @Test(arguments: Engine.allCases) func `a document comes back as it was inserted`(engine: Engine) throws {
        let store = try open(engine)
        let ours = document("a", body: #"{"ü":"\u0000 \n"}"#)
        let ofAccount = document("a", .customProvider, in: nil)
        try store.insert(ours)
        try store.insert(ofAccount)
        #expect(try store.document(.route, "a", account: Self.acme) == ours)
        #expect(try store.document(.customProvider, "a", account: Self.acme) == ofAccount)
        #expect(try store.document(.route, "a", account: Self.other) == nil)
        #expect(try store.document(.route, "b", account: Self.acme) == nil)
        #expect(try store.document(.dataset, "a", account: Self.acme) == nil)
    }

    @Test(arguments: Engine.allCases)
    func `documents are listed in the order they were made, by account and gateway`(engine: Engine) throws {
        let store = try open(engine)
        let made = [
            document("z", at: 300), document("a", in: "two", at: 200), document("m", of: Self.other, at: 100),
            document("k", at: 100),
        ]
        for document in made { try store.insert(document) }
        try store.insert(document("z", .dataset))
        func ids(_ account: AccountID?, _ gateway: String?) throws -> [String] {
            try store.documents(.route, account: account, gateway: gateway.map { GatewayID($0) }).map(\.id)
        }
        #expect(try store.documents(.route, account: nil, gateway: nil) == made)
        #expect(try ids(Self.acme, nil) == ["z", "a", "k"])
        #expect(try ids(Self.acme, "default") == ["z", "k"])
        #expect(try ids(nil, "default") == ["z", "m", "k"])
        #expect(try ids(Self.other, "two").isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `an id is taken once in an account, a name once in a gateway`(engine: Engine) throws {
        let store = try open(engine)
        func isDuplicate(_ document: StoredDocument) -> Bool {
            do throws(StoreError) {
                try store.insert(document)
                return false
            } catch {
                return error.duplicate != nil
            }
        }
        try store.insert(document("a", name: "one"))
        #expect(isDuplicate(document("a", name: "two")))
        #expect(isDuplicate(document("a", in: "two", name: "two")))
        #expect(isDuplicate(document("b", name: "one")))
        #expect(!isDuplicate(document("b", in: "two", name: "one")))
        #expect(!isDuplicate(document("a", .dataset, name: "one")))
        #expect(!isDuplicate(document("a", of: Self.other, name: "one")))
        try store.insert(document("c", .customProvider, in: nil, name: "one"))
        #expect(isDuplicate(document("d", .customProvider, in: nil, name: "one")))
        #expect(try store.documents(.route, account: Self.acme, gateway: nil).map(\.id) == ["a", "b"])
    }

    @Test(arguments: Engine.allCases)
    func `an update writes name, body and time of change, and nothing else`(engine: Engine) throws {
        let store = try open(engine)
        let before = document("a")
        try store.insert(before)
        try store.insert(document("b", name: "taken"))
        var changed = document("a", in: "two", name: "new", body: "[]", at: 500)
        #expect(try store.update(changed))
        var expected = before
        expected.name = "new"
        expected.body = "[]"
        expected.modifiedAt = Timestamp(seconds: 500)
        #expect(try store.document(.route, "a", account: Self.acme) == expected)
        #expect(try store.documents(.route, account: Self.acme, gateway: nil).map(\.id) == ["a", "b"])
        changed.name = "taken"
        let error = #expect(throws: StoreError.self) { try store.update(changed) }
        #expect(error?.duplicate != nil)
        #expect(try !store.update(document("c")))
        #expect(try !store.update(document("a", of: Self.other)))
        #expect(try store.document(.route, "a", account: Self.acme) == expected)
    }

    @Test(arguments: Engine.allCases) func `a deleted document is gone, and its name free`(engine: Engine) throws {
        let store = try open(engine)
        try store.insert(document("a", name: "one"))
        try store.insert(document("a", of: Self.other, name: "one"))
        #expect(try !store.delete(.dataset, "a", account: Self.acme))
        #expect(try store.delete(.route, "a", account: Self.acme))
        #expect(try !store.delete(.route, "a", account: Self.acme))
        #expect(try store.document(.route, "a", account: Self.acme) == nil)
        #expect(try store.document(.route, "a", account: Self.other) != nil)
        try store.insert(document("b", name: "one"))
    }

    @Test(arguments: Engine.allCases)
    func `the generation grows with each change and with nothing else`(engine: Engine) throws {
        let store = try open(engine)
        var seen = try store.documentGeneration()
        func grew() throws -> Bool {
            defer { seen = (try? store.documentGeneration()) ?? seen }
            return try store.documentGeneration() > seen
        }
        try store.insert(document("a"))
        #expect(try grew())
        _ = try store.update(document("a", body: "[]"))
        #expect(try grew())
        try? store.insert(document("a"))
        _ = try store.update(document("b"))
        _ = try store.delete(.route, "b", account: Self.acme)
        _ = try store.documents(.route, account: nil, gateway: nil)
        try store.insert(Account(id: AccountID("acc_new"), name: "new", createdAt: Timestamp(seconds: 1)))
        #expect(try !grew())
        _ = try store.delete(.route, "a", account: Self.acme)
        #expect(try grew())
    }

    @Test func `documents survive the store, and another store's changes are seen`() throws {
        _ = try open(.sqlite)
        let store = try SQLiteStore.open(directory: directory.path)
        let other = try SQLiteStore.open(directory: directory.path)
        let before = try store.documentGeneration()
        try other.insert(document("a"))
        #expect(try store.documentGeneration() > before)
        store.close()
        other.close()
        #expect(try SQLiteStore.open(directory: directory.path).document(.route, "a", account: Self.acme) != nil)
        #expect(throws: StoreError.closed) { try store.documentGeneration() }
    }

    @Test func `a document needs its account`() throws {
        let store = try open(.sqlite)
        let error = #expect(throws: StoreError.self) {
            try store.insert(document("a", of: AccountID("acc_none")))
        }
        #expect(error?.notWritten?.hasPrefix("the account does not exist") == true)
    }
}
