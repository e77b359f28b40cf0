import SQLite
import Synchronization

/// How far a queue has been worked through, for those who wait for a place in it.
final class WriteProgress: Sendable {
    private struct State {
        var done = 0
        var waiting: [(place: Int, bell: Semaphore)] = []
    }

    private let state = Mutex(State())

    func add(_ count: Int) {
        let reached = state.withLock { state in
            state.done += count
            if state.waiting.isEmpty { return [] as [Semaphore] }
            let done = state.done
            let reached = state.waiting.filter { $0.place <= done }
            state.waiting.removeAll { $0.place <= done }
            return reached.map(\.bell)
        }
        for bell in reached { bell.signal() }
    }

    func wait(for place: Int) {
        let bell = state.withLock { state -> Semaphore? in
            if state.done >= place { return nil }
            let bell = Semaphore()
            state.waiting.append((place, bell))
            return bell
        }
        bell?.wait()
    }
}
