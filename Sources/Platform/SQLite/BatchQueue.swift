import Synchronization

/// A bounded queue from many threads to one, which takes everything that waits at once.
public final class BatchQueue<Element: Sendable>: Sendable {
    public enum Admission: Hashable, Sendable {
        case accepted
        case full
        case closed
    }

    private struct State {
        var waiting: [Element] = []
        var acceptedCount = 0
        var isClosed = false
        /// The taker sleeps and nobody has rung yet.
        var takerSleeps = false

        mutating func takerMustWake() -> Bool {
            defer { takerSleeps = false }
            return takerSleeps
        }
    }

    public let limit: Int
    private let state = Mutex(State())
    private let bell = Semaphore()

    public init(limit: Int) {
        self.limit = limit
    }

    /// Elements that no batch has taken yet.
    public var count: Int { state.withLock { state in state.waiting.count } }

    /// Elements accepted so far, taken or not.
    public var acceptedCount: Int { state.withLock { state in state.acceptedCount } }

    public func append(_ element: Element) -> Admission {
        let (admission, mustRing) = state.withLock { state -> (Admission, Bool) in
            if state.isClosed { return (.closed, false) }
            if state.waiting.count >= limit { return (.full, false) }
            state.waiting.append(element)
            state.acceptedCount += 1
            return (.accepted, state.takerMustWake())
        }
        if mustRing { bell.signal() }
        return admission
    }

    /// Waits until there is something, then moves all of it into the empty `batch`.
    /// Returns false once the queue is closed and everything was taken. One thread may call it.
    ///
    /// `makeRoom` is called between waiting and taking: what it lets others add comes along.
    public func takeAll(into batch: inout [Element], makeRoom: () -> Void = {}) -> Bool {
        while true {
            makeRoom()
            let isClosed = state.withLock { state -> Bool in
                // The two arrays change places, so neither is ever allocated again.
                swap(&state.waiting, &batch)
                state.takerSleeps = batch.isEmpty && !state.isClosed
                return state.isClosed
            }
            if !batch.isEmpty { return true }
            if isClosed { return false }
            bell.wait()
        }
    }

    /// Nothing more is accepted; what waits can still be taken.
    public func close() {
        let mustRing = state.withLock { state -> Bool in
            state.isClosed = true
            return state.takerMustWake()
        }
        if mustRing { bell.signal() }
    }
}
