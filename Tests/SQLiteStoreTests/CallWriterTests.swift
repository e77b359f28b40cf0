import Domain
import Foundation
import SQLite
import Synchronization
import Testing

@testable import SQLiteStore

/// Holds the first commit back until the test lets it through.
private final class Gate: Sendable {
    private let commits = Atomic(0)
    private let gate = DispatchSemaphore(value: 0)

    /// Returns which commit this is.
    func pass() -> Int {
        let number = commits.add(1, ordering: .relaxed).oldValue
        if number == 0 { gate.wait() }
        return number
    }

    func waitUntilEntered() async {
        while commits.load(ordering: .relaxed) == 0 { await Task.yield() }
    }

    func letThrough() { gate.signal() }
}

/// Writes nothing; the test chooses its answers.
private final class GatedSink: CallSink, Sendable {
    let gate = Gate()
    let batches = Mutex<[[String]]>([])
    let failures: [Int: StoreError]

    init(failures: [Int: StoreError] = [:]) {
        self.failures = failures
    }

    func commit(_ batch: [PendingCall]) throws(StoreError) {
        batches.withLock { batches in batches.append(batch.map { $0.record?.requestID.rawValue ?? "probe" }) }
        if let failure = failures[gate.pass()] { throw failure }
    }
}

/// The real log over a database that may not grow until there is room.
private final class SmallDisk: CallSink {
    private let database: Database
    private let log: CallLog
    private let room: Room
    private let gate: Gate?

    final class Room: Sendable {
        let isThere = Atomic(false)
    }

    init(_ directory: TemporaryDirectory, pages: Int64, room: Room, gate: Gate? = nil) throws {
        database = try Database(path: directory.file(), mode: .readWrite)
        try database.setPragma(.maxPageCount, to: try database.pragma(.pageCount) + pages)
        log = try CallLog(database, clock: JournalClock(SystemWallClock(), after: Timestamp(seconds: 0)))
        self.room = room
        self.gate = gate
    }

    func commit(_ batch: [PendingCall]) throws(StoreError) {
        _ = gate?.pass()
        if room.isThere.load(ordering: .relaxed) { try? database.setPragma(.maxPageCount, to: 100_000) }
        try log.commit(batch)
    }
}

@Suite("Group commit")
struct CallWriterTests {
    private func outcomes(_ writer: CallWriter, _ ids: [String]) async -> [StoreError?] {
        await withTaskGroup { group in
            for id in ids {
                group.addTask { () -> StoreError? in
                    do throws(StoreError) {
                        try await writer.record(Samples.call(id))
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { all, outcome in all.append(outcome) }
        }
    }

    /// Ids in the order of their rows.
    private func recorded(_ directory: TemporaryDirectory) throws -> [String] {
        try Database(path: directory.file(), mode: .readOnly)
            .statement("SELECT request_id FROM calls ORDER BY id").rows { row in row.text(at: 0) }
    }

    @Test func `what comes during a commit goes into the next one`() async throws {
        let sink = GatedSink()
        let writer = try CallWriter(queueLimit: 100, sink: sink)
        async let first = outcomes(writer, ["first"])
        await sink.gate.waitUntilEntered()
        async let rest = outcomes(writer, ["a", "b", "c"])
        while writer.queuedCount < 3 { await Task.yield() }
        sink.gate.letThrough()
        #expect(await first == [nil])
        #expect(await rest == [nil, nil, nil])
        let batches = sink.batches.withLock { batches in batches.map { batch in batch.sorted() } }
        #expect(batches == [["first"], ["a", "b", "c"]])
        #expect(writer.commitCount == 2)
        writer.close()
    }

    @Test func `a batch that fails fails for all of it, and the next one goes on`() async throws {
        let full = StoreError.notWritten("the disk is full")
        let sink = GatedSink(failures: [1: full])
        let writer = try CallWriter(queueLimit: 100, sink: sink)
        async let first = outcomes(writer, ["first"])
        await sink.gate.waitUntilEntered()
        async let second = outcomes(writer, ["a", "b"])
        while writer.queuedCount < 2 { await Task.yield() }
        sink.gate.letThrough()
        #expect(await first == [nil])
        #expect(await second == [full, full])
        #expect(await outcomes(writer, ["c"]) == [nil])
        #expect(writer.commitCount == 2)
        writer.close()
    }

    @Test func `calls beyond the queue's limit are told so at once`() async throws {
        let sink = GatedSink()
        let writer = try CallWriter(queueLimit: 2, sink: sink)
        async let first = outcomes(writer, ["first"])
        await sink.gate.waitUntilEntered()
        async let accepted = outcomes(writer, ["a", "b"])
        while writer.queuedCount < 2 { await Task.yield() }
        #expect(await outcomes(writer, ["c"]) == [.notWritten("the queue is full (2 calls wait)")])
        sink.gate.letThrough()
        #expect(await first == [nil])
        #expect(await accepted == [nil, nil])
        #expect(await outcomes(writer, ["d"]) == [nil])
        writer.close()
    }

    @Test func `a full disk fails calls until there is room again`() async throws {
        let directory = try TemporaryDirectory()
        try SQLiteStore.open(directory: directory.path).close()
        let room = SmallDisk.Room()
        let writer = try CallWriter(queueLimit: 1_000, sink: SmallDisk(directory, pages: 1, room: room))
        var written: [String] = []
        var failure: StoreError?
        while failure == nil && written.count < 1_000 {
            let id = "req_\(written.count)"
            failure = await outcomes(writer, [id]).first ?? nil
            if failure == nil { written.append(id) }
        }
        let reason = try #require(failure?.notWritten)
        #expect(reason.hasPrefix("the disk is full"))
        room.isThere.store(true, ordering: .relaxed)
        #expect(await outcomes(writer, ["after"]) == [nil])
        writer.close()
        #expect(try recorded(directory) == written + ["after"])
        #expect(try SQLiteStore.open(directory: directory.path).verify().differences.isEmpty)
    }

    @Test func `a batch for which there is not enough room leaves nothing behind`() async throws {
        let directory = try TemporaryDirectory()
        try SQLiteStore.open(directory: directory.path).close()
        let (room, gate) = (SmallDisk.Room(), Gate())
        let writer = try CallWriter(queueLimit: 1_000, sink: SmallDisk(directory, pages: 2, room: room, gate: gate))
        async let first = outcomes(writer, ["first"])
        await gate.waitUntilEntered()
        async let batch = outcomes(writer, (0..<200).map { number in "req_\(number)" })
        while writer.queuedCount < 200 { await Task.yield() }
        gate.letThrough()
        #expect(await first == [nil])
        #expect(await batch.allSatisfy { outcome in outcome?.notWritten != nil })
        #expect(await outcomes(writer, ["after"]) == [nil])
        writer.close()
        #expect(try recorded(directory) == ["first", "after"])
        let store = try SQLiteStore.open(directory: directory.path)
        #expect(try store.verify() == LedgerReport(calls: 2, postings: 0, transfers: 4, differences: []))
    }

    @Test func `a failed commit is told until one succeeds`() async throws {
        let full = StoreError.notWritten("the disk is full")
        let sink = GatedSink(failures: [0: full, 1: full, 3: full])
        let writer = try CallWriter(queueLimit: 100, sink: sink)
        sink.gate.letThrough()
        #expect(!writer.isFailing)
        #expect(await outcomes(writer, ["a"]) == [full])
        #expect(writer.isFailing)
        await #expect(throws: full) { try await writer.probe() }
        #expect(writer.isFailing)
        try await writer.probe()
        #expect(!writer.isFailing)
        #expect(await outcomes(writer, ["b"]) == [full])
        #expect(writer.isFailing)
        #expect(await outcomes(writer, ["c"]) == [nil])
        #expect(!writer.isFailing)
        #expect(sink.batches.withLock { $0 } == [["a"], ["probe"], ["probe"], ["b"], ["c"]])
        writer.close()
    }

    @Test func `a probe fails while the disk is full`() async throws {
        let directory = try TemporaryDirectory()
        try SQLiteStore.open(directory: directory.path).close()
        let room = SmallDisk.Room()
        let writer = try CallWriter(queueLimit: 10, sink: SmallDisk(directory, pages: 1, room: room))
        let error = await #expect(throws: StoreError.self) { try await writer.probe() }
        #expect(error?.notWritten?.hasPrefix("the disk is full") == true)
        #expect(writer.isFailing)
        room.isThere.store(true, ordering: .relaxed)
        try await writer.probe()
        #expect(!writer.isFailing)
        #expect(try recorded(directory).isEmpty)
        writer.close()
    }

    @Test func `a database that became read-only fails calls`() async throws {
        let directory = try TemporaryDirectory()
        try SQLiteStore.open(directory: directory.path).close()
        let log = try CallLog(
            Database(path: directory.file(), mode: .readOnly),
            clock: JournalClock(SystemWallClock(), after: Timestamp(seconds: 0)))
        let writer = try CallWriter(queueLimit: 10, sink: log)
        let outcome = await outcomes(writer, ["a"]).first ?? nil
        let reason = try #require(outcome?.notWritten)
        #expect(reason.hasPrefix("the database is read-only"))
        writer.close()
    }
}
