import Domain
import OperatingSystem
import SQLite
import Synchronization
import Testing

@testable import SQLiteLogs

/// Keeps the writer busy until it is let go.
private final class Hold: Sendable {
    private let isHeld = Semaphore()
    private let mayGo = Semaphore()
    private let thread: Mutex<WorkerThread?> = Mutex(nil)

    init(_ store: SQLiteLogStore) throws {
        let (isHeld, mayGo, writer) = (isHeld, mayGo, store.writer)
        let held = try WorkerThread(name: "hold") {
            try? writer.perform { _ in
                isHeld.signal()
                mayGo.wait()
            }
        }
        thread.withLock { thread in thread = held }
        isHeld.wait()
    }

    func release() {
        mayGo.signal()
        thread.withLock { thread in thread?.join() }
    }
}

@Suite("Log entries that wait to be written")
struct LogQueueTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func open(_ change: (inout LogLimits) -> Void) throws -> SQLiteLogStore {
        var limits = LogLimits()
        change(&limits)
        return try SQLiteLogStore.open(directory: directory.path, limits: limits)
    }

    private func ids(_ store: SQLiteLogStore) throws -> [LogID] {
        try store.page(Samples.query(ascending: true), offset: 0, limit: 100).entries.map(\.id)
    }

    @Test func `when too many wait an entry is turned away and counted`() throws {
        let store = try open { $0.waitingEntries = 3 }
        let hold = try Hold(store)
        let answers = (1...5).map { store.append(Samples.entry($0), bodies: nil) }
        #expect(answers == [true, true, true, false, false])
        #expect(store.statistics.dropped == 2)
        #expect(store.count(account: Samples.account, gateway: Samples.gateway) == 3)
        hold.release()
        #expect(try ids(store) == [1, 2, 3].map { Samples.id($0) })
        #expect(store.append(Samples.entry(6), bodies: nil))
        #expect(try ids(store).count == 4)
        #expect(store.statistics.written == 4)
    }

    @Test func `when too many bytes wait an entry is kept without its bodies`() throws {
        let store = try open { $0.waitingBodyBytes = 250 }
        let hold = try Hold(store)
        let bodies = LogBodies(request: Array(repeating: 1, count: 60), response: Array(repeating: 2, count: 40))
        for number in 1...3 { #expect(store.append(Samples.entry(number), bodies: bodies)) }
        #expect(store.append(Samples.entry(4), bodies: LogBodies(request: Array(repeating: 3, count: 50))))
        #expect(store.statistics.droppedBodies == 1)
        hold.release()
        #expect(try ids(store).count == 4)
        // What was written makes room again.
        #expect(store.append(Samples.entry(5), bodies: bodies))
        let kept = try (1...5).map { number in
            try store.bodies(Samples.id(number), account: Samples.account, gateway: Samples.gateway) != nil
        }
        #expect(kept == [true, true, false, true, true])
    }

    @Test func `bodies over the limit of one entry are not kept`() throws {
        let store = try open { $0.bodyBytes = 100 }
        store.append(Samples.entry(1), bodies: LogBodies(request: Array(repeating: 1, count: 100)))
        store.append(
            Samples.entry(2),
            bodies: LogBodies(request: Array(repeating: 1, count: 60), response: Array(repeating: 1, count: 41)))
        #expect(try store.bodies(Samples.id(1), account: Samples.account, gateway: Samples.gateway) != nil)
        #expect(try store.bodies(Samples.id(2), account: Samples.account, gateway: Samples.gateway) == nil)
        #expect(store.statistics.droppedBodies == 1)
    }

    @Test func `counts tell of entries that wait, and of those of before`() throws {
        let store = try open { _ in }
        let hold = try Hold(store)
        for number in 1...5 { store.append(Samples.entry(number), bodies: nil) }
        store.append(Samples.entry(1, account: AccountID("acc_two")), bodies: nil)
        #expect(store.count(account: Samples.account, gateway: Samples.gateway) == 5)
        hold.release()
        store.close()
        let again = try open { _ in }
        #expect(again.count(account: Samples.account, gateway: Samples.gateway) == 5)
        #expect(again.count(account: AccountID("acc_two"), gateway: Samples.gateway) == 1)
        #expect(again.count(account: AccountID("acc_three"), gateway: Samples.gateway) == 0)
    }

    @Test func `closing writes what waits, and nothing is accepted after`() throws {
        let store = try open { _ in }
        for number in 1...100 { store.append(Samples.entry(number), bodies: Samples.bodies("x")) }
        store.close()
        store.close()
        #expect(!store.append(Samples.entry(101), bodies: nil))
        #expect(store.statistics.dropped == 1)
        #expect(store.count(account: Samples.account, gateway: Samples.gateway) == 100)
        #expect(throws: StoreError.closed) { try store.page(Samples.query(), offset: 0, limit: 1) }
        #expect(throws: StoreError.closed) {
            try store.patch(
                Samples.id(1), account: Samples.account, gateway: Samples.gateway, LogPatch(score: .some(1)))
        }
        #expect(try ids(try open { _ in }).count == 100)
    }

    @Test func `many threads append and read at once`() async throws {
        let store = try open { $0.readers = 2 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    let gateway = GatewayID("gateway-\(thread % 3)")
                    for number in 0..<200 {
                        let entry = Samples.entry(thread * 1_000 + number, gateway: gateway)
                        store.append(entry, bodies: Samples.bodies("\(thread)-\(number)"))
                        if number % 40 != 0 { continue }
                        let read = try store.entry(entry.id, account: entry.account, gateway: gateway)
                        #expect(read == entry)
                        _ = try store.delete(
                            Samples.query([LogFilter(.id, .equal, [.text(entry.id.rawValue)])], gateway: gateway),
                            limit: 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        let totals = try (0..<3).map { number in
            try store.page(Samples.query(gateway: GatewayID("gateway-\(number)")), offset: 0, limit: 0).total
        }
        #expect(totals == [3 * 195, 3 * 195, 2 * 195])
        #expect(store.statistics.written == 1_600)
    }
}
