import Accounts
import Domain
import Synchronization

/// Works on evaluations one after another, off the requests that made them.
///
/// What is queued lies in the store: after a crash it is found there again.
public final class EvaluationQueue: Sendable {
    private let office: GatewayOffice
    private let logs: any GatewayLogStore
    private let begin: @Sendable (@escaping @Sendable () async -> Void) -> Void
    private let state = Mutex((waiting: [DocumentPlace](), isWorking: false))

    init(
        _ office: GatewayOffice, logs: any GatewayLogStore,
        start: @escaping @Sendable (@escaping @Sendable () async -> Void) -> Void
    ) {
        self.office = office
        self.logs = logs
        begin = start
    }

    /// On threads that may block, behind everything that somebody waits for.
    public static func start(_ work: @escaping @Sendable () async -> Void) {
        Task(executorPreference: globalConcurrentExecutor, priority: .utility) { await work() }
    }

    /// There are never more than evaluations in the store, whose number is bounded for each gateway.
    func add(_ place: DocumentPlace) {
        let isFirst = state.withLock { state in
            state.waiting.append(place)
            defer { state.isWorking = true }
            return !state.isWorking
        }
        if isFirst { begin { [self] in work() } }
    }

    private func work() {
        while let place = next() { evaluate(place) }
    }

    private func next() -> DocumentPlace? {
        state.withLock { state in
            guard let first = state.waiting.first else {
                state.isWorking = false
                return nil
            }
            state.waiting.removeFirst()
            return first
        }
    }

    private func evaluate(_ place: DocumentPlace) {
        let begun = office.now()
        // A store that cannot be written leaves the evaluation as it is, to be taken up at the next start.
        guard let evaluation = try? change(place, { $0.began(at: begun) }) else { return }
        do {
            let conditions = try evaluation.datasets.map { try $0.conditions }
            let sums = try LogSums.ofUnion(
                conditions, account: evaluation.account, gateway: evaluation.gateway, upTo: begun, in: logs)
            _ = try change(place) { $0.answered(sums, at: office.now()) }
        } catch {
            _ = try? change(place) { $0.failed("the logs could not be read", at: office.now()) }
        }
    }

    /// Nil when it was deleted meanwhile.
    private func change(
        _ place: DocumentPlace, _ work: (inout Evaluation) -> Void
    ) throws(StoreError) -> Evaluation? {
        try office.turn.take { () throws(StoreError) in
            guard let document = try office.store.document(.evaluation, place.id, account: place.account),
                var evaluation = Evaluation(document)
            else { return nil }
            work(&evaluation)
            return try office.store.update(evaluation.stored) ? evaluation : nil
        }
    }
}
