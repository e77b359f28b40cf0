public import Domain
public import JSON

/// A vendor's whole chat answer, made the gateway's own: the model bears its public id.
public struct ChatAnswer: Sendable {
    public let body: [UInt8]
    public let usage: TokenUsage?

    /// Throws when the vendor's bytes are not an answer at all.
    public init(_ received: [UInt8], model: ModelID, scanner: JSONScanner) throws(GatewayError) {
        guard let index = try? scanner.scan(received), index.kind == .object,
            index.first(named: "choices", in: received)?.kind == .array
        else {
            throw GatewayError(
                .providerError, "The provider's answer was not readable. Try again; nothing was charged for it.")
        }
        usage = index.first(named: "usage", in: received)
            .flatMap { ChatUsage.read($0, in: received, scanner: scanner) }
        body = Self.renamed(received, index, to: model)
    }

    /// Gives the `model` member its public spelling. An answer without one is left alone.
    static func renamed(_ bytes: [UInt8], _ index: JSONIndex, to model: ModelID) -> [UInt8] {
        guard let field = index.first(named: "model", in: bytes) else { return bytes }
        var patch = JSONPatch()
        patch.replace(field.range, with: JSONValue.string(model.rawValue).serialized())
        return (try? patch.applied(to: bytes)) ?? bytes
    }
}
