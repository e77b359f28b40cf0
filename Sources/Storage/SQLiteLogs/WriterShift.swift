import Domain
import SQLite

/// What the writer's thread does with what it takes from the queue.
final class WriterShift {
    private let files: LogFiles
    private let gate: LogGate
    private let onFailure: @Sendable (StoreError) -> Void
    private var isFailing = false

    init(_ files: LogFiles, _ gate: LogGate, _ onFailure: @escaping @Sendable (StoreError) -> Void) {
        self.files = files
        self.gate = gate
        self.onFailure = onFailure
    }

    /// Returns whether there were orders among it.
    func work(through batch: [LogWriter.Work], batchLimit: Int) -> Bool {
        var entries: [PendingEntry] = []
        var hadOrders = false
        for work in batch {
            switch work {
            case .entry(let pending):
                entries.append(pending)
                if entries.count == batchLimit { write(&entries) }
            case .order(let order):
                write(&entries)
                order.run(files)
                hadOrders = true
            }
        }
        write(&entries)
        return hadOrders
    }

    private func write(_ entries: inout [PendingEntry]) {
        guard !entries.isEmpty else { return }
        let batch = entries[...]
        var failure: SQLiteError?
        var withoutBodies = 0
        // Bodies first: an entry that can be found then has its bodies.
        do throws(SQLiteError) { try files.bodies.write(batch) } catch {
            failure = error
            withoutBodies = batch.count { $0.bodies != nil }
        }
        do throws(SQLiteError) {
            let repeated = try files.index.write(batch)
            gate.wrote(batch, repeated: repeated, withoutBodies: withoutBodies)
        } catch {
            failure = error
            gate.failed(batch)
        }
        report(failure)
        entries.removeAll(keepingCapacity: true)
    }

    /// The first failure after a success is told, not each one.
    private func report(_ failure: SQLiteError?) {
        if let failure, !isFailing { onFailure(StoreError(writing: failure)) }
        isFailing = failure != nil
    }
}
