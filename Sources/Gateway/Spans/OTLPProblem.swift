/// One thing that is wrong with the field `otel`, and where. Holds no value of the field.
public struct OTLPProblem: Hashable, Sendable {
    /// A JSON pointer (RFC 6901) from the object that holds the field.
    public let pointer: String
    /// A sentence for whoever wrote the field.
    public let message: String

    public init(_ pointer: String, _ message: String) {
        self.pointer = pointer
        self.message = message
    }
}

/// Everything that is wrong with the field; never empty.
public struct OTLPProblems: Error, Hashable, Sendable {
    public let problems: [OTLPProblem]

    public init(_ problems: [OTLPProblem]) {
        self.problems = problems
    }
}
