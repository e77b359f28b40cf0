/// What is wrong with something an operator defined, and where.
public struct GatewayProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// A JSON pointer into what was sent.
    public let pointer: String
    public let text: String

    public init(_ pointer: String, _ text: String) {
        self.pointer = pointer
        self.text = text
    }

    public var description: String { pointer.isEmpty ? text : "\(pointer): \(text)" }
}
