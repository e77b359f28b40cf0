import Domain
import Foundation
import SQLite
import Testing

@testable import SQLiteStore

@Suite("The store's file")
struct StoreFileTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func refusal() -> String? {
        do throws(StoreError) {
            try SQLiteStore.open(directory: directory.path).close()
            return nil
        } catch {
            return error.unusable ?? "not unusable: \(error)"
        }
    }

    @Test func `a new file is ours, logs ahead and is private`() throws {
        let store = try SQLiteStore.open(directory: directory.path + "/")
        let database = try Database(path: directory.file(), mode: .readOnly)
        #expect(try database.pragma(.applicationID) == 0x4149_4757)
        #expect(try database.pragma(.userVersion) == Schema.version)
        #expect(try database.pragma(.pageSize) == StoreFile.pageSize)
        let mode = try database.statement("PRAGMA journal_mode").first { row in row.text(at: 0) }
        #expect(mode == "wal")
        for name in ["gateway.db", "gateway.db-wal", "gateway.db-shm"] {
            #expect(try directory.mode(of: name) == 0o600, "\(name)")
        }
        store.close()
    }

    @Test func `a file that others could read is made private`() throws {
        try SQLiteStore.open(directory: directory.path).close()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: directory.file())
        try SQLiteStore.open(directory: directory.path).close()
        #expect(try directory.mode(of: "gateway.db") == 0o600)
    }

    @Test func `an empty file is taken over`() throws {
        try Data().write(to: URL(fileURLWithPath: directory.file()))
        #expect(refusal() == nil)
    }

    @Test func `another program's database is refused and left as it was`() throws {
        do {
            let database = try Database(path: directory.file(), mode: .create)
            try database.execute("CREATE TABLE recipes (title)")
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: directory.file()))
        #expect(refusal()?.hasSuffix("is the database of another program (application id 0)") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.file())) == before)
    }

    @Test func `another program's application id is refused`() throws {
        do { try Database(path: directory.file(), mode: .create).setPragma(.applicationID, to: 42) }
        #expect(refusal()?.hasSuffix("is the database of another program (application id 42)") == true)
    }

    @Test func `a newer version's file is refused`() throws {
        try SQLiteStore.open(directory: directory.path).close()
        do { try Database(path: directory.file(), mode: .readWrite).setPragma(.userVersion, to: 9_999) }
        #expect(refusal()?.contains("was written by a newer version (layout 9999") == true)
    }

    @Test func `a file that is no database is refused and left as it was`() throws {
        let text = Data("port: 8080\n".utf8) + Data(repeating: 0x20, count: 4_096)
        try text.write(to: URL(fileURLWithPath: directory.file()))
        #expect(refusal()?.hasSuffix("is not an SQLite database") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.file())) == text)
    }

    @Test func `a damaged file is refused`() throws {
        try SQLiteStore.open(directory: directory.path).close()
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: directory.file()))
        try handle.seek(toOffset: 100)
        try handle.write(contentsOf: Data(repeating: 0xFF, count: 3_900))
        try handle.close()
        #expect(refusal()?.contains("is damaged") == true)
    }

    @Test func `a directory that does not exist is told`() {
        let missing = directory.path + "/missing"
        let error = #expect(throws: StoreError.self) { try SQLiteStore.open(directory: missing) }
        #expect(error?.unusable?.contains("\(missing)/gateway.db cannot be opened") == true)
    }

    @Test func `opening again changes nothing`() throws {
        let store = try SQLiteStore.open(directory: directory.path)
        try store.insert(Samples.account)
        store.close()
        let again = try SQLiteStore.open(directory: directory.path)
        #expect(try again.account(Account.root) == Samples.account)
    }

    @Test func `a file of the first layout keeps its calls and takes new ones`() async throws {
        do {
            let database = try Database(path: directory.file(), mode: .create)
            try database.execute(Schema.steps[0])
            try database.execute(
                """
                INSERT INTO calls VALUES (1, 'req_old', 'acc_root', 'key_a', 'm', 'p', 'u', 5, 6, NULL, 1, 0, 200, NULL,
                    9, 3, 12, 4, 2, 0)
                """)
            try database.setPragma(.applicationID, to: Schema.applicationID)
            try database.setPragma(.userVersion, to: 1)
        }
        let store = try SQLiteStore.open(directory: directory.path)
        try await store.record(Samples.call("req_new"))
        let old = try store.call(RequestID("req_old"))?.record
        #expect(
            old?.usage
                == TokenUsage(
                    promptTokens: 9, completionTokens: 3, totalTokens: 12, cachedPromptTokens: 4, reasoningTokens: 2))
        #expect(old?.usageSource == .reported)
        #expect(try store.call(RequestID("req_new"))?.record == Samples.call("req_new"))
    }

    @Test func `a file from before there was money gets an owner, and keeps what it had`() async throws {
        do {
            let database = try Database(path: directory.file(), mode: .create)
            try database.execute(Schema.steps[0])
            try database.execute(Schema.steps[1])
            try database.execute(
                """
                INSERT INTO accounts VALUES ('acc_root', 'Root', 1), ('acc_two', 'Two', 2);
                INSERT INTO keys VALUES
                    ('key_a', 'acc_root', 'a', 'aig_a', x'01', 1, NULL),
                    ('key_b', 'acc_two', 'b', 'aig_b', x'02', 2, 3);
                INSERT INTO calls VALUES (1, 'req_old', 'acc_two', 'key_b', 'm', 'p', 'u', 5, 6, NULL, 1, 0, 200, NULL,
                    9, 3, 12, 4, 2, 0, 1, 0, 0, 0, 0)
                """)
            try database.setPragma(.applicationID, to: Schema.applicationID)
            try database.setPragma(.userVersion, to: 2)
        }
        let store = try SQLiteStore.open(directory: directory.path)
        #expect(
            try store.accounts() == [
                Account(id: Account.root, name: "Root", createdAt: Timestamp(microseconds: 1), plan: .postpaid),
                Account(id: AccountID("acc_two"), name: "Two", createdAt: Timestamp(microseconds: 2)),
            ])
        #expect(try store.allKeys().map(\.role) == [.root, .member])
        #expect(try store.allKeys().map(\.scope) == [KeyScope(), KeyScope()])
        let old = try #require(try store.call(RequestID("req_old")))
        #expect(old.record.charge == Charge(payer: AccountID("acc_two")))
        #expect(old.record.tag == nil)
        #expect(old.committedAt == nil)
        #expect(
            try store.recentCalls(of: RecentCallsQuery(payer: AccountID("acc_two"), limit: 5)).map(\.requestID)
                == [RequestID("req_old")])
        try await store.record(Samples.call("req_new"))
        #expect(try store.verify() == LedgerReport(calls: 2, postings: 0, transfers: 2, differences: []))
    }

    @Test(.serialized, arguments: 0..<20)
    func `stores that open a new file at the same time all succeed`(round: Int) async throws {
        let path = directory.path
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    let store = try SQLiteStore.open(directory: path)
                    try await store.record(Samples.call("req_\(number)"))
                }
            }
            try await group.waitForAll()
        }
        #expect(try SQLiteStore.open(directory: path).callCount() == 8)
    }

    @Test(arguments: [
        (SQLiteError.Code.diskFull, "the disk is full"), (.readOnly, "the database is read-only"),
        (.ioError, "the disk is failing"), (.busy, "another process holds the database"),
        (.corrupt, "the database is damaged"), (.other, "SQLite refused the write"),
    ])
    func `a failed write says why`(_ code: SQLiteError.Code, _ words: String) {
        let error = StoreError(writing: SQLiteError(code: code, extendedCode: 1, message: "text"))
        #expect(error == .notWritten("\(words): text (1)"))
    }
}
