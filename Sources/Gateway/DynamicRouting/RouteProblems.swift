public import JSON

/// Everything that is wrong with the elements of a route.
public struct RouteProblems: Error, Hashable, Sendable, CustomStringConvertible {
    public let list: [JSONProblem]

    /// Nil when nothing is wrong.
    init?(_ list: [JSONProblem]) {
        guard !list.isEmpty else { return nil }
        self.list = list
    }

    init(only problem: JSONProblem) {
        list = [problem]
    }

    /// One sentence for each, with its place.
    public var description: String { list.map { "\($0)." }.joined(separator: " ") }
}
