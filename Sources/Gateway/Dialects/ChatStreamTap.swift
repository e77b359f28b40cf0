public import Domain
public import JSON

/// Watches a chat stream go by: says what to send on, and keeps what must be known at its end.
///
/// Clients that did not ask for a usage chunk get usage on their finish chunk instead, because many
/// read `choices[0]` of every chunk and would fail on one without choices. So the finish chunk waits
/// for the usage chunk, which vendors send right behind it.
public struct ChatStreamTap: Sendable {
    public private(set) var sawFinish = false
    public private(set) var delivered = DeliveredText()
    private var counts = ChatUsage()
    /// The model's public name as JSON text.
    private let name: [UInt8]
    private let wantsUsageChunk: Bool
    private var heldFinish: [UInt8]?

    public enum Step: Sendable {
        /// Send these bytes now; they may be empty.
        case pass([UInt8])
        /// The vendor said it is done. These bytes come before the end mark.
        case done([UInt8])
        /// The vendor said it failed.
        case failed(GatewayError)
    }

    public init(model: ModelID, wantsUsageChunk: Bool) {
        name = JSONValue.string(model.rawValue).serialized()
        self.wantsUsageChunk = wantsUsageChunk
    }

    /// Of each count the latest that any chunk told; nil when none did.
    public var usage: TokenUsage? { counts.usage }

    public mutating func take(_ event: ServerSentEvent, scanner: JSONScanner) -> Step {
        guard event.hasData else { return .pass(event.raw) }
        if event.isDone { return .done(releaseFinish()) }
        guard let outline = try? scanner.outline(event.data, levels: ChatFrame.levels),
            outline[outline.root].kind == .object
        else {
            return .failed(
                GatewayError(.providerError, "The provider sent a part of the stream that was not readable."))
        }
        let frame = ChatFrame(event.data, outline, delivered: &delivered)
        if let error = frame.error, !outline[error].isNull {
            return .failed(VendorError.inStream(outline[error], in: event.data, scanner: scanner))
        }
        return .pass(chunk(frame, scanner))
    }

    /// What is still held when the vendor ends without its end mark.
    public mutating func releaseFinish() -> [UInt8] {
        defer { heldFinish = nil }
        return heldFinish.map { ServerSentEventWriter.event(data: $0) } ?? []
    }

    private mutating func chunk(_ frame: ChatFrame, _ scanner: JSONScanner) -> [UInt8] {
        if let place = frame.usage { counts.read(frame.outline, at: place, in: frame.bytes) }
        if frame.hasFinished { sawFinish = true }
        guard !wantsUsageChunk else { return event(frame) }
        if frame.hasFinished {
            let earlier = releaseFinish()
            heldFinish = frame.rewritten(model: name)
            return earlier
        }
        if frame.choiceCount > 0 { return heldFinish == nil ? event(frame) : releaseFinish() + event(frame) }
        guard let place = frame.usage, frame.outline[place].kind == .object else { return event(frame) }
        return attach(Array(frame.bytes[frame.outline[place].range]), scanner)
    }

    /// A chunk as it goes to the client: made in one piece, because it is made for every event.
    private func event(_ frame: ChatFrame) -> [UInt8] {
        // Data of several lines needs a field for each.
        frame.bytes.contains(UInt8(ascii: "\n"))
            ? ServerSentEventWriter.event(data: frame.rewritten(model: name))
            : frame.rewritten(model: name, before: "data: ", after: "\n\n")
    }

    /// Puts usage on the finish chunk that waited for it. Without one it has nowhere to go but the record.
    private mutating func attach(_ usage: [UInt8], _ scanner: JSONScanner) -> [UInt8] {
        guard let finish = heldFinish, let index = try? scanner.scan(finish) else { return [] }
        var patch = JSONPatch()
        patch.set("usage", to: usage, in: index, of: finish)
        heldFinish = (try? patch.applied(to: finish)) ?? finish
        return releaseFinish()
    }
}
