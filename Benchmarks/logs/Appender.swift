import Domain
import OperatingSystem
import SQLiteLogs
import Synchronization

/// Appends five hundred entries a second while something else goes on, and watches how it fares.
final class Appender: Sendable {
    private struct State {
        var isStopped = false
        var appended = 0
        var longest: UInt64 = 0
        var mostWaiting = 0
    }

    /// Of both threads.
    private final class Notes: Sendable {
        let value = Mutex(State())
    }

    private let notes: Notes
    private let thread: WorkerThread

    init(_ store: SQLiteLogStore, from number: Int) throws {
        let notes = Notes()
        self.notes = notes
        let accepted = store.statistics
        thread = try WorkerThread(name: "appender") {
            let clock = SystemClock()
            var entries = Entries()
            var appended = 0
            while !notes.value.withLock({ $0.isStopped }) {
                let entry = entries.entry(number + appended)
                let began = clock.monotonicNanoseconds()
                let isTaken = store.append(entry, bodies: nil)
                let took = clock.monotonicNanoseconds() - began
                if isTaken { appended += 1 }
                let now = store.statistics
                let written =
                    now.written + now.repeated + now.failed - accepted.written - accepted.repeated - accepted.failed
                let waiting = appended - written
                notes.value.withLock { state in
                    state.appended = appended
                    state.longest = max(state.longest, took)
                    state.mostWaiting = max(state.mostWaiting, waiting)
                }
                WorkerThread.pause(milliseconds: 2)
            }
        }
    }

    func stop() -> (appended: Int, longest: String, waiting: Int) {
        notes.value.withLock { state in state.isStopped = true }
        thread.join()
        return notes.value.withLock { state in
            (state.appended, tenths(Double(state.longest) / 1e6), state.mostWaiting)
        }
    }
}
