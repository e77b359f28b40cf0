import Domain
import OperatingSystem
import SQLite
import Synchronization

/// A call on its way to the disk, and who waits for it.
@safe
struct PendingCall: Sendable {
    /// Nil for a write that only tries the disk.
    let record: CallRecord?
    /// Resumed exactly once: with nil when the record is committed, else with why it is not.
    private let continuation: UnsafeContinuation<StoreError?, Never>

    init(_ record: CallRecord?, waitingIn continuation: UnsafeContinuation<StoreError?, Never>) {
        self.record = record
        unsafe self.continuation = continuation
    }

    func resume(_ failure: StoreError?) {
        unsafe continuation.resume(returning: failure)
    }
}

/// Where batches go.
protocol CallSink {
    /// Makes the whole batch durable, or throws and leaves nothing of it.
    func commit(_ batch: [PendingCall]) throws(StoreError)
}

/// Group commit: one thread takes whatever waits, commits it at once, and wakes everyone it was for.
/// While a commit runs the next group gathers, so the groups grow with the load and need no timer.
final class CallWriter: Sendable {
    private let queue: BatchQueue<PendingCall>
    private let thread: WorkerThread
    private let commits: CommitTally

    /// Calls after which the checkpointer is asked; at most 10 MiB of log, at five pages for a lone call.
    private static let callsPerCheckpoint = 1_000

    init(queueLimit: Int, sink: sending any CallSink, checkpointer: Checkpointer? = nil) throws(StoreError) {
        let queue = BatchQueue<PendingCall>(limit: queueLimit)
        let commits = CommitTally()
        do throws(WorkerThread.Refused) {
            thread = try WorkerThread(name: "call-writer", scheduling: .gathering) {
                Self.run(queue, sink, commits, checkpointer)
            }
        } catch {
            throw .unusable("no thread for the call writer, errno \(error.errno)")
        }
        self.queue = queue
        self.commits = commits
    }

    /// Batches committed so far.
    var commitCount: Int { commits.count }

    /// Whether the latest commit failed.
    var isFailing: Bool { commits.isFailing }

    /// Calls accepted so far.
    var acceptedCount: Int { queue.acceptedCount }

    /// Calls that no batch has taken yet.
    var queuedCount: Int { queue.count }

    func record(_ record: CallRecord) async throws(StoreError) {
        try await submit(record)
    }

    /// Commits a write that holds no call.
    func probe() async throws(StoreError) {
        try await submit(nil)
    }

    private func submit(_ record: CallRecord?) async throws(StoreError) {
        let failure = unsafe await withUnsafeContinuation { continuation in
            let pending = unsafe PendingCall(record, waitingIn: continuation)
            switch queue.append(pending) {
            case .accepted: break
            case .full: pending.resume(.notWritten("the queue is full (\(queue.limit) calls wait)"))
            case .closed: pending.resume(.closed)
            }
        }
        if let failure { throw failure }
    }

    /// Commits what was accepted, then ends the thread.
    func close() {
        queue.close()
        thread.join()
    }

    private static func run(
        _ queue: BatchQueue<PendingCall>, _ sink: any CallSink, _ commits: CommitTally, _ checkpointer: Checkpointer?
    ) {
        var batch: [PendingCall] = []
        var sinceCheckpoint = 0
        var lastCount = 0
        while queue.takeAll(into: &batch, makeRoom: { if lastCount > 1 { gather(queue) } }) {
            lastCount = batch.count
            let failure = attempt(batch, sink)
            commits.add(failed: failure != nil)
            for pending in batch { pending.resume(failure) }
            sinceCheckpoint += batch.count
            if sinceCheckpoint >= callsPerCheckpoint {
                sinceCheckpoint = 0
                checkpointer?.request()
            }
            batch.removeAll(keepingCapacity: true)
        }
    }

    /// Gives way while that makes the group grow. Where a processor is idle nobody needs the way and it costs
    /// nothing; where all are busy, fewer and larger groups leave them more time. A lone call never waits.
    private static func gather(_ queue: BatchQueue<PendingCall>) {
        var seen = queue.count
        for _ in 0..<gatherLimit {
            WorkerThread.giveWay()
            let now = queue.count
            if now == seen { return }
            seen = now
        }
    }

    private static let gatherLimit = 8

    private static func attempt(_ batch: [PendingCall], _ sink: any CallSink) -> StoreError? {
        do throws(StoreError) {
            try sink.commit(batch)
            return nil
        } catch {
            return error
        }
    }
}

/// Written on the writer's thread, read anywhere.
private final class CommitTally: Sendable {
    private let successes = Atomic(0)
    private let latestFailed = Atomic(false)

    var count: Int { successes.load(ordering: .relaxed) }
    var isFailing: Bool { latestFailed.load(ordering: .relaxed) }

    func add(failed: Bool) {
        if !failed { successes.add(1, ordering: .relaxed) }
        // Seldom changes, and a store would take the line from every thread that reads it.
        if failed != isFailing { latestFailed.store(failed, ordering: .relaxed) }
    }
}
