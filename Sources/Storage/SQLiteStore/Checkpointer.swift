import Domain
import OperatingSystem
import SQLite

/// Moves what the write-ahead log holds into the database, on a thread and a connection of its own.
///
/// That waits for the disk, which may take seconds while something else writes much. Done by the writer, as SQLite
/// does by itself, it would hold up every call behind it.
final class Checkpointer: Sendable {
    private let requests = BatchQueue<Void>(limit: 1)
    private let thread: WorkerThread

    init(_ database: sending Database) throws(StoreError) {
        let requests = requests
        do throws(WorkerThread.Refused) {
            thread = try WorkerThread(name: "checkpointer", scheduling: .gathering) {
                var taken: [Void] = []
                while requests.takeAll(into: &taken) {
                    taken.removeAll(keepingCapacity: true)
                    // What cannot be moved now stays in the log, which loses nothing; the next request tries again.
                    try? database.checkpoint()
                }
            }
        } catch {
            throw .unusable("no thread for the checkpointer, errno \(error.errno)")
        }
    }

    /// Asks for a checkpoint soon. Never waits; one request stands for all that come before it is served.
    func request() {
        _ = requests.append(())
    }

    func close() {
        requests.close()
        thread.join()
    }
}
