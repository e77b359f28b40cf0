/// A parameter of a request as a model publishes it. What is nil or empty is not limited.
public struct PublishedParameter: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case number, integer, boolean, string
    }

    public var name: String
    /// Nil when anything may stand there.
    public var kind: Kind?
    public var minimum: Double?
    public var maximum: Double?
    public var exclusiveMinimum: Double?
    public var exclusiveMaximum: Double?
    /// The only texts that are allowed.
    public var choices: [String]

    public init(
        name: String, kind: Kind? = nil, minimum: Double? = nil, maximum: Double? = nil,
        exclusiveMinimum: Double? = nil, exclusiveMaximum: Double? = nil, choices: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.minimum = minimum
        self.maximum = maximum
        self.exclusiveMinimum = exclusiveMinimum
        self.exclusiveMaximum = exclusiveMaximum
        self.choices = choices
    }
}
