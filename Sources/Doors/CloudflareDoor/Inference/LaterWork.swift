import Domain
import EventLoop
import Synchronization

/// Work that goes on after its request was answered: so much at once, and no more.
public final class LaterWork: Sendable {
    public struct Limits: Sendable {
        /// In all, and of one account.
        public var tasks = 64
        public var tasksPerAccount = 16
        /// Of all inputs together.
        public var bytes = 64 << 20

        public init() {}
    }

    private let limits: Limits
    private let state = Mutex(State())

    private struct State {
        var tasks: [UInt64: Task<Void, Never>] = [:]
        var perAccount: [AccountID: Int] = [:]
        var count = 0
        var bytes = 0
        var nextID: UInt64 = 0
        var isStopped = false
    }

    public init(_ limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Starts the work on that loop, or refuses it as too much.
    func start(
        for account: AccountID, bytes: Int, on loop: LoopThread, _ work: @escaping @Sendable () async -> Void
    ) throws(GatewayError) {
        let isAdmitted = state.withLock { state in
            guard !state.isStopped, state.count < limits.tasks, state.bytes + bytes <= limits.bytes,
                state.perAccount[account, default: 0] < limits.tasksPerAccount
            else { return false }
            state.count += 1
            state.bytes += bytes
            state.perAccount[account, default: 0] += 1
            let id = state.nextID
            state.nextID += 1
            // Cannot end before it is noted: whoever ends it needs the lock that is held here.
            state.tasks[id] = Task(executorPreference: loop) {
                await work()
                self.ended(id, account, bytes)
            }
            return true
        }
        guard isAdmitted else {
            throw GatewayError(
                .noCapacity, "Too much is waiting to be run already. Try again shortly.", retryAfterSeconds: 5)
        }
    }

    private func ended(_ id: UInt64, _ account: AccountID, _ bytes: Int) {
        state.withLock { state in
            state.tasks[id] = nil
            state.count -= 1
            state.bytes -= bytes
            let left = state.perAccount[account, default: 1] - 1
            state.perAccount[account] = left > 0 ? left : nil
        }
    }

    /// Takes nothing more, cancels what runs, and waits for it.
    public func stop() async {
        let running = state.withLock { state in
            state.isStopped = true
            return Array(state.tasks.values)
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
    }
}

/// Names of runs and batches, which only who was told them can know.
enum RunNames {
    static func make(_ prefix: String) -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<2).map { _ in
            let text = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - text.utf8.count) + text
        }
        return prefix + digits.joined()
    }
}
