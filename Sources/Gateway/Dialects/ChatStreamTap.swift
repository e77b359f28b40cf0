public import Domain
public import JSON

/// Watches a chat stream go by: says what to send on, and keeps what must be known at its end.
///
/// Frames that keep to the form go on as they came, but for the model's name. Others are taken apart: each choice is
/// told its role alone, then one thing in each frame, then its finish alone. What says nothing is not sent.
///
/// Clients that did not ask for a usage chunk get usage on their finish chunk instead, because many read `choices[0]`
/// of every chunk and would fail on one without choices. So the last finish chunk waits for the end of the stream.
public struct ChatStreamTap: Sendable {
    public private(set) var sawFinish = false
    public private(set) var delivered = DeliveredText()
    private var counts = ChatUsage()
    private var tracks = ChatTracks()
    /// The model's public name as JSON text.
    private let name: [UInt8]
    private let wantsUsageChunk: Bool
    private let promptEstimate: Int
    private let cost: @Sendable (TokenUsage) -> Nanodollars?
    private var heldFinish: ChatPiece?
    /// The latest frame with usage in it.
    private var lastUsage: ChatFrame?
    /// What a usage chunk is made from: the vendor's own, or its finish chunk.
    private var usageForm: ChatFrame?

    public enum Step: Sendable {
        /// Send these bytes now; they may be empty.
        case pass([UInt8])
        /// The vendor said it is done. Send what `end` gives, then the end mark.
        case done
        /// The vendor said it failed.
        case failed(GatewayError)
    }

    /// `promptEstimate` counts where the vendor does not; `cost` says what usage costs, for `usage.cost`.
    public init(
        model: ModelID, wantsUsageChunk: Bool, promptEstimate: Int,
        cost: @escaping @Sendable (TokenUsage) -> Nanodollars? = { _ in nil }
    ) {
        name = JSONValue.string(model.rawValue).serialized()
        self.wantsUsageChunk = wantsUsageChunk
        self.promptEstimate = promptEstimate
        self.cost = cost
    }

    /// Of each count the latest that any chunk told; nil when none did.
    public var usage: TokenUsage? { counts.usage }

    /// What the call may have used up to here.
    public var estimate: TokenUsage { delivered.usage(prompt: promptEstimate) }

    public mutating func take(_ event: ServerSentEvent, scanner: JSONScanner) -> Step {
        guard event.hasData else { return .pass(event.raw) }
        if event.isDone { return .done }
        guard let outline = try? scanner.outline(event.data, levels: ChatFrame.levels),
            outline[outline.root].kind == .object
        else {
            return .failed(
                GatewayError(.providerError, "The provider sent a part of the stream that was not readable."))
        }
        let frame = ChatFrame(event.data, outline, .streamed, tracks: &tracks, delivered: &delivered)
        if let error = frame.error, !outline[error].isNull {
            return .failed(VendorError.inStream(outline[error], in: event.data, scanner: scanner))
        }
        if frame.hasUsage { note(frame) }
        return .pass(chunk(frame, event))
    }

    /// What is still to be sent when the vendor has ended: once, and nothing from then on. The usage chunk is only for
    /// answers that are complete.
    public mutating func end(isComplete: Bool) -> [UInt8] {
        var sent: [UInt8] = []
        if let finish = heldFinish.take() {
            let usage = wantsUsageChunk ? nil : usageText()
            sent = ServerSentEventWriter.event(data: finish.data(model: name, usage: usage))
        }
        if wantsUsageChunk, isComplete, let form = usageForm.take() {
            sent += ServerSentEventWriter.event(data: usageChunk(form))
        }
        return sent
    }

    // MARK: Chunks

    private mutating func chunk(_ frame: ChatFrame, _ event: ServerSentEvent) -> [UInt8] {
        // The usual case, and all of it where a stream keeps to the form.
        if heldFinish == nil, frame.choices.count == 1, !frame.choices[0].finishes,
            frame.choices[0].isPlain(after: tracks)
        {
            if frame.choices[0].role != nil { tracks.sentRole(frame.choices[0].index) }
            return plain(frame, event)
        }
        var sent: [UInt8] = []
        for piece in pieces(of: frame) { send(piece, to: &sent) }
        return sent
    }

    private func plain(_ frame: ChatFrame, _ event: ServerSentEvent) -> [UInt8] {
        // Data of several lines needs a field for each.
        if frame.hasUsage || !event.isPlain && frame.bytes.contains(UInt8(ascii: "\n")) {
            return ServerSentEventWriter.event(data: frame.rewritten(model: name, usage: nil, frame.renaming()))
        }
        if event.isPlain, frame.isNamed(name), !frame.isRenamed { return event.raw }
        return frame.rewritten(model: name, before: "data: ", after: "\n\n")
    }

    private mutating func pieces(of frame: ChatFrame) -> [ChatPiece] {
        if frame.choices.count == 1, frame.choices[0].isPlain(after: tracks) {
            let choice = frame.choices[0]
            if choice.role != nil { tracks.sentRole(choice.index) }
            if choice.finishes { tracks.finish(choice.index) }
            return [
                ChatPiece(frame: frame, choice: choice.index, finishes: choice.finishes, patch: frame.renaming())
            ]
        }
        return frame.choices.flatMap { ChatPieces.pieces(of: $0, in: frame, &tracks) }
    }

    private mutating func send(_ piece: ChatPiece, to sent: inout [UInt8]) {
        if let held = heldFinish, held.choice != piece.choice {
            heldFinish = nil
            sent += ServerSentEventWriter.event(data: held.data(model: name))
        }
        if piece.finishes {
            sawFinish = true
            if usageForm?.choices.isEmpty != true { usageForm = piece.frame }
            heldFinish = piece
            return
        }
        sent += ServerSentEventWriter.event(data: piece.data(model: name))
    }

    // MARK: Usage

    private mutating func note(_ frame: ChatFrame) {
        guard let place = frame.usage else { return }
        counts.read(frame.outline, at: place, in: frame.bytes)
        lastUsage = frame
        if frame.choices.isEmpty, frame.list != nil { usageForm = frame }
    }

    private func usageChunk(_ form: ChatFrame) -> [UInt8] {
        var patch = JSONPatch()
        if let list = form.list, !form.choices.isEmpty {
            patch.replace(form.outline[list].range, with: Array("[]".utf8))
        }
        return form.rewritten(model: name, usage: usageText(), patch)
    }

    private func usageText() -> [UInt8] {
        UsageCost.added(cost(usage ?? estimate), to: toldUsage())
    }

    /// The vendor's own words where its last ones say all; else what its frames told together, or our estimate.
    private func toldUsage() -> [UInt8] {
        guard counts.usage != nil, let frame = lastUsage, let place = frame.usage else { return estimate.estimateText }
        var last = ChatUsage()
        last.read(frame.outline, at: place, in: frame.bytes)
        return last == counts ? frame.usageText ?? counts.text : counts.text
    }
}
