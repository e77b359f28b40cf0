import Domain
import Foundation
import SQLite
import Synchronization
import Testing

@testable import SQLiteLogs

@Suite("Files of logs")
struct LogFileTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static let names = ["logs.db", "logs.db-wal", "log-bodies.db", "log-bodies.db-wal"]

    /// As the files lie on the disk when a process dies at this moment.
    private func copy() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for name in Self.names where FileManager.default.fileExists(atPath: directory.file(name)) {
            try FileManager.default.copyItem(atPath: directory.file(name), toPath: copy.file(name))
        }
        return copy
    }

    @Test func `what was read once is there after a crash`() throws {
        let store = try SQLiteLogStore.open(directory: directory.path)
        for number in 1...50 { store.append(Samples.fullEntry(number), bodies: Samples.bodies("\(number)")) }
        _ = try store.patch(
            Samples.id(7), account: Samples.account, gateway: Samples.gateway, LogPatch(score: .some(3)))
        let newest = Samples.query([LogFilter(.createdAt, .greater, [.time(Samples.entry(40).createdAt)])])
        #expect(try store.delete(newest, limit: nil) == 10)
        let copy = try copy()
        let after = try SQLiteLogStore.open(directory: copy.path)
        let expected = try store.page(Samples.query(), offset: 0, limit: 100)
        #expect(expected.entries.count == 40)
        #expect(try after.page(Samples.query(), offset: 0, limit: 100) == expected)
        #expect(
            try after.bodies(Samples.id(9), account: Samples.account, gateway: Samples.gateway) == Samples.bodies("9"))
        #expect(after.count(account: Samples.account, gateway: Samples.gateway) == 40)
        // Numbers go on, so nothing is mistaken for something else.
        after.append(Samples.entry(60), bodies: nil)
        #expect(try after.page(Samples.query(), offset: 0, limit: 1).entries == [Samples.entry(60)])
    }

    @Test func `bodies without the index lead nowhere`() throws {
        let store = try SQLiteLogStore.open(directory: directory.path)
        store.append(Samples.entry(1), bodies: Samples.bodies("1"))
        store.close()
        try FileManager.default.removeItem(atPath: directory.file("logs.db"))
        let again = try SQLiteLogStore.open(directory: directory.path)
        #expect(try again.bodies(Samples.id(1), account: Samples.account, gateway: Samples.gateway) == nil)
        again.append(Samples.entry(2), bodies: nil)
        #expect(try again.bodies(Samples.id(1), account: Samples.account, gateway: Samples.gateway) == nil)
        again.append(Samples.entry(1, account: AccountID("acc_two")), bodies: nil)
        #expect(try again.bodies(Samples.id(1), account: AccountID("acc_two"), gateway: Samples.gateway) == nil)
    }

    @Test(arguments: names) func `only the owner may read the files`(_ name: String) throws {
        let store = try SQLiteLogStore.open(directory: directory.path)
        store.append(Samples.entry(1), bodies: Samples.bodies("1"))
        _ = try store.page(Samples.query(), offset: 0, limit: 1)
        #expect(try directory.mode(of: name) == 0o600)
    }

    @Test(arguments: ["logs.db", "log-bodies.db"])
    func `a file of somebody else is refused and left as it is`(_ name: String) throws {
        let other = try Database(path: directory.file(name), mode: .create)
        try other.execute("PRAGMA application_id = 7; CREATE TABLE t (a)")
        let before = try Data(contentsOf: URL(fileURLWithPath: directory.file(name)))
        #expect(
            throws: StoreError.unusable(
                "\(directory.file(name)) is the database of another program (application id 7)")
        ) { try SQLiteLogStore.open(directory: directory.path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.file(name))) == before)
    }

    @Test func `a file of a newer version is refused`() throws {
        try SQLiteLogStore.open(directory: directory.path).close()
        try Database(path: directory.file("logs.db"), mode: .readWrite).setPragma(.userVersion, to: 99)
        #expect(
            throws: StoreError.unusable(
                "\(directory.file("logs.db")) was written by a newer version (layout 99, this one knows up to 1)")
        ) { try SQLiteLogStore.open(directory: directory.path) }
    }

    @Test func `a full disk costs entries, which are counted, until there is room again`() throws {
        let failures = Mutex<[StoreError]>([])
        let store = try SQLiteLogStore.open(directory: directory.path) { failure in
            failures.withLock { failures in failures.append(failure) }
        }
        store.append(Samples.entry(1), bodies: Samples.bodies("1"))
        try limitPages(of: store, index: 1, bodies: 1_000)
        for number in 2...400 {
            #expect(store.append(Samples.entry(number), bodies: Samples.bodies("\(number)")))
        }
        // Those before the file was full are there, the others are not, and all are accounted for.
        let kept = try store.page(Samples.query(), offset: 0, limit: 0).total
        #expect(kept < 400)
        #expect(store.statistics.failed == 400 - kept)
        #expect(store.statistics.written == kept)
        #expect(store.count(account: Samples.account, gateway: Samples.gateway) == kept)
        let told = failures.withLock { failures in failures }
        #expect(told.count >= 1)
        guard case .notWritten(let reason) = told.first else {
            Issue.record("told of \(told)")
            return
        }
        #expect(reason.hasPrefix("the disk is full"))
        try limitPages(of: store, index: 100_000, bodies: 100_000)
        #expect(store.append(Samples.entry(500), bodies: Samples.bodies("500")))
        #expect(
            try store.entry(Samples.id(500), account: Samples.account, gateway: Samples.gateway) == Samples.entry(500))
    }

    @Test func `entries stay when only their bodies find no room`() throws {
        let store = try SQLiteLogStore.open(directory: directory.path)
        try limitPages(of: store, index: 100_000, bodies: 1)
        store.append(Samples.entry(1), bodies: LogBodies(request: Array(repeating: 1, count: 50_000)))
        #expect(try store.entry(Samples.id(1), account: Samples.account, gateway: Samples.gateway) == Samples.entry(1))
        #expect(try store.bodies(Samples.id(1), account: Samples.account, gateway: Samples.gateway) == nil)
        #expect(store.statistics.failedBodies == 1)
        #expect(store.statistics.written == 1)
    }

    @Test func `a failed batch leaves nothing half done`() throws {
        let store = try SQLiteLogStore.open(directory: directory.path)
        try store.writer.perform { (files) throws(SQLiteError) in
            try files.index.database.execute(
                "CREATE TRIGGER t BEFORE INSERT ON entries WHEN NEW.status = 500 BEGIN SELECT RAISE(ABORT, 'no'); END")
        }
        var bad = Samples.fullEntry(1)
        bad.statusCode = 500
        store.append(bad, bodies: nil)
        #expect(try store.page(Samples.query(), offset: 0, limit: 1).total == 0)
        #expect(store.count(account: Samples.account, gateway: Samples.gateway) == 0)
        #expect(store.statistics.failed == 1)
        // The numbers of its texts and its gateway were given out and taken back.
        store.append(Samples.fullEntry(2), bodies: nil)
        #expect(try store.page(Samples.query(), offset: 0, limit: 5).entries == [Samples.fullEntry(2)])
    }

    /// No fewer than there are.
    private func limitPages(of store: SQLiteLogStore, index: Int64, bodies: Int64) throws {
        try store.writer.perform { (files) throws(SQLiteError) in
            try files.index.database.setPragma(.maxPageCount, to: index)
            try files.bodies.database.setPragma(.maxPageCount, to: bodies)
        }
    }
}
