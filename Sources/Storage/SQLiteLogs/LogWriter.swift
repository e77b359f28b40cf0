import Domain
import OperatingSystem
import SQLite
import Synchronization

/// Both files, as the writer's thread has them.
final class LogFiles {
    let index: IndexWriter
    let bodies: BodyWriter

    init(index: Database, bodies: Database) throws(SQLiteError) {
        self.index = try IndexWriter(index)
        self.bodies = try BodyWriter(bodies)
    }
}

/// Something else to do on the writer's thread, in its turn.
struct WriteOrder: Sendable {
    let run: @Sendable (LogFiles) -> Void
}

/// One thread writes whatever waits, in groups; orders are served between entries, in the order they came.
final class LogWriter: Sendable {
    enum Work: Sendable {
        case entry(PendingEntry)
        case order(WriteOrder)
    }

    /// Orders that may wait besides entries: one for each thread that asks.
    private static let waitingOrders = 4_096
    /// Entries of one transaction.
    private static let batchLimit = 2_000
    /// How long the thread rests after a group, for the next one to gather. An entry that finds it resting wakes nobody.
    private static let restMilliseconds = 4

    private let queue: BatchQueue<Work>
    private let progress = WriteProgress()
    private let thread: WorkerThread
    private let gate: LogGate

    init(
        _ files: sending LogFiles, gate: LogGate, limits: LogLimits, onFailure: @escaping @Sendable (StoreError) -> Void
    ) throws(StoreError) {
        let queue = BatchQueue<Work>(limit: limits.waitingEntries + Self.waitingOrders)
        let progress = progress
        do throws(WorkerThread.Refused) {
            thread = try WorkerThread(name: "log-writer", scheduling: .gathering) {
                let shift = WriterShift(files, gate, onFailure)
                var batch: [Work] = []
                while queue.takeAll(into: &batch) {
                    let hadOrders = shift.work(through: batch, batchLimit: Self.batchLimit)
                    progress.add(batch.count)
                    batch.removeAll(keepingCapacity: true)
                    if !hadOrders { WorkerThread.pause(milliseconds: Self.restMilliseconds) }
                }
            }
        } catch {
            throw .unusable("no thread for the log writer, errno \(error.errno)")
        }
        self.queue = queue
        self.gate = gate
    }

    /// Never waits. Returns whether the entry will be written.
    func append(_ pending: PendingEntry) -> Bool {
        if queue.append(.entry(pending)) == .accepted { return true }
        gate.turnAway(pending)
        return false
    }

    /// Waits until everything that was accepted before has been written, or has failed.
    func waitForAll() {
        progress.wait(for: queue.acceptedCount)
    }

    /// Does something on the writer's thread, after what was accepted before, and waits for it.
    func perform<Success: Sendable>(
        _ body: @escaping @Sendable (LogFiles) throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success {
        let outcome = Outcome<Success>()
        let order = WriteOrder { files in
            do throws(SQLiteError) {
                outcome.set(.success(try body(files)))
            } catch {
                outcome.set(.failure(StoreError(writing: error)))
            }
        }
        switch queue.append(.order(order)) {
        case .accepted: return try outcome.wait().get()
        case .full: throw .notWritten("too much waits to be written to the logs")
        case .closed: throw .closed
        }
    }

    /// Writes what was accepted, then ends the thread.
    func close() {
        queue.close()
        thread.join()
    }
}

/// What an order has come to, for the one thread that waits for it.
private final class Outcome<Success: Sendable>: Sendable {
    private let result = Mutex<Result<Success, StoreError>?>(nil)
    private let isThere = Semaphore()

    func set(_ value: Result<Success, StoreError>) {
        result.withLock { result in result = value }
        isThere.signal()
    }

    func wait() -> Result<Success, StoreError> {
        isThere.wait()
        return result.withLock { result in result } ?? .failure(.closed)
    }
}
