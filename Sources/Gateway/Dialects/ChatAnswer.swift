public import Domain
public import JSON

/// A vendor's whole chat answer, made the gateway's own: the model bears its public id, and thinking its one name.
public struct ChatAnswer: Sendable {
    public let body: [UInt8]
    /// Nil when the vendor counted nothing.
    public let usage: TokenUsage?
    /// What the call may have used. Stands in the body when the vendor counted nothing.
    public let estimate: TokenUsage

    /// Throws when the vendor's bytes are not an answer at all.
    ///
    /// - Parameter cost: What usage costs, for `usage.cost`; nil where no price is known.
    public init(
        _ received: [UInt8], model: ModelID, promptEstimate: Int, scanner: JSONScanner,
        cost: (TokenUsage) -> Nanodollars? = { _ in nil }
    ) throws(GatewayError) {
        guard let outline = try? scanner.outline(received, levels: ChatFrame.levels) else { throw Self.unreadable }
        var delivered = DeliveredText()
        var tracks = ChatTracks()
        let frame = ChatFrame(received, outline, .whole, tracks: &tracks, delivered: &delivered)
        guard frame.list != nil else { throw Self.unreadable }
        var counts = ChatUsage()
        if let place = frame.usage { counts.read(outline, at: place, in: received) }
        usage = counts.usage
        estimate = delivered.usage(prompt: promptEstimate)
        let name = JSONValue.string(model.rawValue).serialized()
        let amount = cost(usage ?? estimate)
        guard usage != nil, !frame.hasFilledSlot, frame.isUsageLast else {
            let told = usage == nil ? nil : frame.usageText ?? counts.text
            body = frame.rewritten(
                model: name, usage: UsageCost.added(amount, to: told ?? estimate.estimateText), frame.renaming())
            return
        }
        body = frame.rewritten(model: name, costing: amount)
    }

    private static let unreadable = GatewayError(
        .providerError, "The provider's answer was not readable. Try again; nothing was charged for it.")
}
