/// The way of one request through a route. Takes each element once at most, whatever is reported.
///
/// `next` says what is to be done; the driver does it, reports, and asks again.
public struct RouteWalk: Sendable {
    private enum State: Sendable {
        case at(Int)
        case waiting(RouteStep, success: Int, fallback: Int?)
        case ended(RouteEnding)
    }

    private let graph: RouteGraph
    private let draw: UInt64
    private var state: State
    private var lastOutcome: StepOutcome?
    private var hasSuccess = false
    /// The elements passed, for logs.
    public private(set) var path: [String] = []

    /// - Parameter draw: 64 even bits that stay the same for the request. Each percentage element mixes them with
    ///   its id, so that one split does not decide the next.
    public init(_ graph: RouteGraph, draw: UInt64) {
        self.graph = graph
        self.draw = draw
        state = .at(graph.start)
    }

    /// The next thing to do. Asked again without a report, it says the same.
    public mutating func next(_ facts: RouteFacts) -> RouteStep {
        while case .at(let position) = state { visit(position, facts) }
        return switch state {
        case .waiting(let step, _, _): step
        case .ended(let ending): .end(ending)
        // Not so: the loop has left it.
        case .at: .end(.unanswered)
        }
    }

    /// Tells how the step came out that `next` said. Outcomes that do not fit the step change nothing.
    public mutating func report(_ outcome: StepOutcome) {
        guard case .waiting(let step, let success, let fallback) = state else { return }
        switch (step, outcome) {
        case (.call, .succeeded):
            hasSuccess = true
            lastOutcome = outcome
            state = .at(success)
        case (.call, .failed):
            lastOutcome = outcome
            state = fallback.map(State.at) ?? .ended(.lastError)
        case (.checkRate, .allowed):
            state = .at(success)
        case (.checkRate(let question), .exceeded):
            state = fallback.map(State.at) ?? .ended(ending(orElse: .limited(elementID: question.elementID)))
        default:
            break
        }
    }

    private mutating func visit(_ position: Int, _ facts: RouteFacts) {
        let element = graph.elements[position]
        path.append(element.id)
        switch element.action {
        case .start(let next):
            state = .at(next)
        case .conditional(let condition, let then, let otherwise):
            state = .at(condition.holds(for: facts) ? then : otherwise)
        case .percentage(let shares, let targets):
            state = .at(targets[shares.choose(draw)])
        case .rate(let rule, let success, let fallback):
            let question = RateQuestion(
                elementID: element.id, limit: rule.limit, keyValue: facts.text(at: rule.key),
                windowSeconds: rule.windowSeconds)
            state = .waiting(.checkRate(question), success: success, fallback: fallback)
        case .model(let rule, let success, let fallback):
            let step = ModelStep(
                elementID: element.id, provider: rule.provider, model: rule.model,
                timeoutMilliseconds: rule.timeoutMilliseconds, retries: rule.retries,
                isAnswer: graph.isEnd(success))
            state = .waiting(.call(step), success: success, fallback: fallback)
        case .end:
            state = .ended(ending(orElse: .unanswered))
        }
    }

    private func ending(orElse nothing: RouteEnding) -> RouteEnding {
        hasSuccess ? .lastSuccess : lastOutcome == .failed ? .lastError : nothing
    }
}
