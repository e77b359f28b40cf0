import Domain
import Foundation
import SQLite
import Synchronization
import Testing

@testable import SQLiteStore

/// A sink whose first commit waits until it is let through, and whose answers the test chooses.
private final class GatedSink: CallSink, Sendable {
    let batches = Mutex<[[String]]>([])
    let failures: [Int: StoreError]
    private let gate = DispatchSemaphore(value: 0)

    init(failures: [Int: StoreError] = [:]) {
        self.failures = failures
    }

    func commit(_ batch: [PendingCall]) throws(StoreError) {
        let number = batches.withLock { batches in
            batches.append(batch.map(\.record.requestID.rawValue))
            return batches.count - 1
        }
        if number == 0 { gate.wait() }
        if let failure = failures[number] { throw failure }
    }

    func waitUntilEntered() async {
        while batches.withLock({ batches in batches.isEmpty }) { await Task.yield() }
    }

    func letThrough() { gate.signal() }
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

    @Test func `what comes during a commit goes into the next one`() async throws {
        let sink = GatedSink()
        let writer = try CallWriter(queueLimit: 100, sink: sink)
        async let first = outcomes(writer, ["first"])
        await sink.waitUntilEntered()
        async let rest = outcomes(writer, ["a", "b", "c"])
        while writer.queuedCount < 3 { await Task.yield() }
        sink.letThrough()
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
        await sink.waitUntilEntered()
        async let second = outcomes(writer, ["a", "b"])
        while writer.queuedCount < 2 { await Task.yield() }
        sink.letThrough()
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
        await sink.waitUntilEntered()
        async let accepted = outcomes(writer, ["a", "b"])
        while writer.queuedCount < 2 { await Task.yield() }
        #expect(await outcomes(writer, ["c"]) == [.notWritten("the queue is full (2 calls wait)")])
        sink.letThrough()
        #expect(await first == [nil])
        #expect(await accepted == [nil, nil])
        #expect(await outcomes(writer, ["d"]) == [nil])
        writer.close()
    }

    @Test func `a full disk fails calls until there is room again`() async throws {
        let directory = try TemporaryDirectory()
        try SQLiteStore.open(directory: directory.path).close()
        let room = Atomic(false)
        let sink = try SmallDisk(directory, hasRoom: { room.load(ordering: .relaxed) })
        let writer = try CallWriter(queueLimit: 1_000, sink: sink)
        var written = 0
        var failure: StoreError?
        while failure == nil && written < 1_000 {
            failure = await outcomes(writer, ["req_\(written)"]).first ?? nil
            if failure == nil { written += 1 }
        }
        let reason = try #require(failure?.notWritten)
        #expect(reason.hasPrefix("the disk is full"))
        let batch = (0..<50).map { number in "late_\(number)" }
        let late = await outcomes(writer, batch)
        #expect(late.contains { outcome in outcome != nil })
        room.store(true, ordering: .relaxed)
        #expect(await outcomes(writer, batch).allSatisfy { outcome in outcome == nil })
        writer.close()
        let store = try SQLiteStore.open(directory: directory.path)
        let ids = try store.recentCalls(limit: 1_000).map(\.record.requestID.rawValue)
        #expect(Set(batch).isSubset(of: ids))
        #expect((0..<written).allSatisfy { number in ids.contains("req_\(number)") })
        #expect(!ids.contains("req_\(written)"))
        // A batch that failed left nothing behind.
        #expect(ids.count == written + late.count { outcome in outcome == nil } + batch.count)
    }

    @Test func `a database that became read-only fails calls`() async throws {
        let directory = try TemporaryDirectory()
        try SQLiteStore.open(directory: directory.path).close()
        let log = try CallLog(Database(path: directory.file(), mode: .readOnly))
        let writer = try CallWriter(queueLimit: 10, sink: log)
        let outcome = await outcomes(writer, ["a"]).first ?? nil
        let reason = try #require(outcome?.notWritten)
        #expect(reason.hasPrefix("the database is read-only"))
        writer.close()
    }
}

/// The real log over a database that may not grow until there is room.
private final class SmallDisk: CallSink {
    private let database: Database
    private let log: CallLog
    private let hasRoom: @Sendable () -> Bool

    init(_ directory: TemporaryDirectory, hasRoom: @escaping @Sendable () -> Bool) throws {
        database = try Database(path: directory.file(), mode: .readWrite)
        try database.setPragma(.maxPageCount, to: try database.pragma(.pageCount) + 1)
        log = try CallLog(database)
        self.hasRoom = hasRoom
    }

    func commit(_ batch: [PendingCall]) throws(StoreError) {
        if hasRoom() { try? database.setPragma(.maxPageCount, to: 100_000) }
        try log.commit(batch)
    }
}
