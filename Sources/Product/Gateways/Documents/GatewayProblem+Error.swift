public import Domain

extension GatewayError {
    /// More are not listed in one answer.
    private static let mostListedProblems = 20

    /// Everything that is wrong, told at once; the first names the place.
    public init(_ problems: [GatewayProblem]) {
        let listed = problems.prefix(Self.mostListedProblems).map(\.description).joined(separator: "; ")
        let left = problems.count - Self.mostListedProblems
        self.init(
            .invalidValue, left > 0 ? "\(listed); and \(left) more." : "\(listed).", param: problems.first?.pointer)
    }
}
