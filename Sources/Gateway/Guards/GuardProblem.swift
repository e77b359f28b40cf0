/// One thing that is wrong with a setting, and where. Holds nothing secret; what it quotes is cut.
public struct GuardProblem: Hashable, Sendable {
    /// A JSON pointer (RFC 6901) from the object that holds the setting.
    public let pointer: String
    /// A sentence for whoever wrote the setting.
    public let message: String

    public init(_ pointer: String, _ message: String) {
        self.pointer = pointer
        self.message = message
    }
}

/// Everything that is wrong with a setting; never empty.
public struct GuardProblems: Error, Hashable, Sendable {
    public let problems: [GuardProblem]

    public init(_ problems: [GuardProblem]) {
        self.problems = problems
    }
}
