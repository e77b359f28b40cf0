public import Domain
public import JSON

/// A vendor's whole chat answer, made the gateway's own: the model bears its public id, and thinking its one name.
public struct ChatAnswer: Sendable {
    public let body: [UInt8]
    /// Nil when the vendor counted nothing.
    public let usage: TokenUsage?
    public let delivered: DeliveredText

    /// Throws when the vendor's bytes are not an answer at all.
    public init(_ received: [UInt8], model: ModelID, scanner: JSONScanner) throws(GatewayError) {
        guard let outline = try? scanner.outline(received, levels: ChatFrame.levels) else { throw Self.unreadable }
        var delivered = DeliveredText()
        let frame = ChatFrame(received, outline, delivered: &delivered)
        guard frame.hasChoices else { throw Self.unreadable }
        var counts = ChatUsage()
        if let place = frame.usage { counts.read(outline, at: place, in: received) }
        usage = counts.usage
        self.delivered = delivered
        body = frame.rewritten(model: JSONValue.string(model.rawValue).serialized())
    }

    private static let unreadable = GatewayError(
        .providerError, "The provider's answer was not readable. Try again; nothing was charged for it.")
}
