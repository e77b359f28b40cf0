public import JSON

/// The checked elements of a route: from its one start every way ends, and never comes back.
public struct RouteGraph: Sendable {
    let elements: [RouteElement]
    let start: Int

    public var count: Int { elements.count }

    /// Checks the elements and makes them ready for walks. Throws everything that is wrong with them.
    ///
    /// - Parameter pointer: Where the elements lie in what the caller was given.
    public init(
        _ elements: JSONValue, at pointer: JSONPointer = JSONPointer().member("elements"),
        patterns: any PatternCompiler
    ) throws(RouteProblems) {
        guard let list = elements.arrayValue, (1...RouteBounds.mostElements).contains(list.count) else {
            let text = "must be a list of 1 to \(RouteBounds.mostElements) elements"
            throw RouteProblems(only: JSONProblem(pointer, text))
        }
        var reader = ElementReader(patterns: patterns)
        let drafts = list.enumerated().map { reader.read($1, at: pointer.element($0)) }
        let structure = RouteStructure(drafts, at: pointer)
        if let problems = RouteProblems(reader.problems + structure.problems) { throw problems }
        let compiled = drafts.compactMap { RouteElement($0, structure.positions) }
        guard let start = structure.start, compiled.count == drafts.count else {
            throw RouteProblems(only: JSONProblem(pointer, "cannot be read"))
        }
        self.elements = compiled
        self.start = start
    }

    /// Whether a request that comes to that place has its answer.
    func isEnd(_ position: Int) -> Bool {
        if case .end = elements[position].action { true } else { false }
    }
}

extension RouteElement {
    /// Nil when the draft is not whole.
    fileprivate init?(_ draft: ElementDraft, _ positions: [String: Int]) {
        guard let id = draft.id, let content = draft.content else { return nil }
        func target(_ name: String) -> Int? { draft.target(name).flatMap { positions[$0] } }
        let action: Action? =
            switch content {
            case .start: target("next").map(Action.start(next:))
            case .conditional(let condition):
                if let then = target("true"), let otherwise = target("false") {
                    .conditional(condition, then: then, otherwise: otherwise)
                } else {
                    nil
                }
            case .percentage(let shares):
                .percentage(
                    RouteShares(shares, elementID: id), draft.outputs.compactMap { positions[$0.target] })
            case .rate(let rule): target("success").map { .rate(rule, success: $0, fallback: target("fallback")) }
            case .model(let rule): target("success").map { .model(rule, success: $0, fallback: target("fallback")) }
            case .end: .end
            }
        guard let action else { return nil }
        self.init(id: id, action: action)
    }
}
