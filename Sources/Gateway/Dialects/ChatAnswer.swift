public import Domain
public import JSON

/// A vendor's whole chat answer, made the gateway's own: the model bears its public id.
public struct ChatAnswer: Sendable {
    public let body: [UInt8]
    public let usage: TokenUsage?

    /// Throws when the vendor's bytes are not an answer at all.
    public init(_ received: [UInt8], model: ModelID, scanner: JSONScanner) throws(GatewayError) {
        guard let outline = try? scanner.outline(received, levels: ChatUsage.levels),
            let choices = outline.member("choices", of: outline.root, in: received), outline[choices].kind == .array
        else {
            throw GatewayError(
                .providerError, "The provider's answer was not readable. Try again; nothing was charged for it.")
        }
        usage = ChatUsage.read(outline, in: received)
        body = ModelRenaming(to: model).renamed(received, outline)
    }
}
