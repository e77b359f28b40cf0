import Domain
import OperatingSystem
import SQLite
import Synchronization

/// A call on its way to the disk, and who waits for it.
@safe
struct PendingCall: Sendable {
    let record: CallRecord
    /// Resumed exactly once: with nil when the record is committed, else with why it is not.
    private let continuation: UnsafeContinuation<StoreError?, Never>

    init(_ record: CallRecord, waitingIn continuation: UnsafeContinuation<StoreError?, Never>) {
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
    private let commits: CommitCounter

    /// Calls after which the checkpointer is asked; at most 8 MiB of log, at two pages for a lone call.
    private static let callsPerCheckpoint = 2_000

    init(queueLimit: Int, sink: sending any CallSink, checkpointer: Checkpointer? = nil) throws(StoreError) {
        let queue = BatchQueue<PendingCall>(limit: queueLimit)
        let commits = CommitCounter()
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
    var commitCount: Int { commits.value }

    /// Calls accepted so far.
    var acceptedCount: Int { queue.acceptedCount }

    /// Calls that no batch has taken yet.
    var queuedCount: Int { queue.count }

    func record(_ record: CallRecord) async throws(StoreError) {
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
        _ queue: BatchQueue<PendingCall>, _ sink: any CallSink, _ commits: CommitCounter, _ checkpointer: Checkpointer?
    ) {
        var batch: [PendingCall] = []
        var sinceCheckpoint = 0
        var lastCount = 0
        while queue.takeAll(into: &batch, makeRoom: { if lastCount > 1 { gather(queue) } }) {
            lastCount = batch.count
            let failure = attempt(batch, sink)
            if failure == nil { commits.add() }
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

/// Counted on the writer's thread, read anywhere.
private final class CommitCounter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add() {
        count.add(1, ordering: .relaxed)
    }
}
