import Synchronization

/// The catalogue in force. Whoever reads it gets a snapshot that stays as it is.
public final class LiveCatalogue: Sendable {
    private let state: Mutex<State>

    private struct State {
        var catalogue: Catalogue
        var problems: [CatalogueProblem]
    }

    public init(_ catalogue: Catalogue, problems: [CatalogueProblem] = []) {
        state = Mutex(State(catalogue: catalogue, problems: problems))
    }

    public var current: Catalogue { state.withLock { $0.catalogue } }

    /// Why the catalogue is not what the operator's files say; empty when it is.
    public var problems: [CatalogueProblem] { state.withLock { $0.problems } }

    public func replace(with catalogue: Catalogue, problems: [CatalogueProblem] = []) {
        state.withLock { $0 = State(catalogue: catalogue, problems: problems) }
    }

    /// The last good catalogue stays.
    public func keep(noting problems: [CatalogueProblem]) {
        state.withLock { $0.problems = problems }
    }
}
