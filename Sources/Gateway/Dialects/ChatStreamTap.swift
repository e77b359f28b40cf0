public import Domain
public import JSON

/// Watches a chat stream go by: says what to send on, and keeps what must be known at its end.
///
/// Clients that did not ask for a usage chunk get usage on their finish chunk instead, because many
/// read `choices[0]` of every chunk and would fail on one without choices. So the finish chunk waits
/// for the usage chunk, which vendors send right behind it.
public struct ChatStreamTap: Sendable {
    public private(set) var usage: TokenUsage?
    public private(set) var sawFinish = false
    private let renaming: ModelRenaming
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
        renaming = ModelRenaming(to: model)
        self.wantsUsageChunk = wantsUsageChunk
    }

    public mutating func take(_ event: ServerSentEvent, scanner: JSONScanner) -> Step {
        guard event.hasData else { return .pass(event.raw) }
        if event.isDone { return .done(releaseFinish()) }
        guard let outline = try? scanner.outline(event.data, levels: ChatUsage.levels),
            outline[outline.root].kind == .object
        else {
            return .failed(
                GatewayError(.providerError, "The provider sent a part of the stream that was not readable."))
        }
        if let error = outline.member("error", of: outline.root, in: event.data), !outline[error].isNull {
            return .failed(VendorError.inStream(outline[error], in: event.data, scanner: scanner))
        }
        return .pass(chunk(event.data, outline, scanner))
    }

    /// What is still held when the vendor ends without its end mark.
    public mutating func releaseFinish() -> [UInt8] {
        defer { heldFinish = nil }
        return heldFinish.map { ServerSentEventWriter.event(data: $0) } ?? []
    }

    private mutating func chunk(_ data: [UInt8], _ outline: JSONOutline, _ scanner: JSONScanner) -> [UInt8] {
        if let seen = ChatUsage.read(outline, in: data) { usage = seen }
        let shape = Self.shape(outline, in: data)
        if shape == .finish { sawFinish = true }
        guard !wantsUsageChunk, shape != .content || heldFinish != nil else { return event(data, outline) }
        switch shape {
        case .content:
            return releaseFinish() + event(data, outline)
        case .finish:
            let earlier = releaseFinish()
            heldFinish = renaming.renamed(data, outline)
            return earlier
        case .empty:
            guard let place = outline.member("usage", of: outline.root, in: data), outline[place].kind == .object else {
                return event(data, outline)
            }
            return attach(Array(data[outline[place].range]), scanner)
        }
    }

    /// A chunk as it goes to the client: made in one piece, because it is made for every event.
    private func event(_ data: [UInt8], _ outline: JSONOutline) -> [UInt8] {
        // Data of several lines needs a field for each.
        data.contains(UInt8(ascii: "\n"))
            ? ServerSentEventWriter.event(data: renaming.renamed(data, outline))
            : renaming.renamed(data, outline, before: "data: ", after: "\n\n")
    }

    /// Puts usage on the finish chunk that waited for it. Without one it has nowhere to go but the record.
    private mutating func attach(_ usage: [UInt8], _ scanner: JSONScanner) -> [UInt8] {
        guard let finish = heldFinish, let index = try? scanner.scan(finish) else { return [] }
        var patch = JSONPatch()
        patch.set("usage", to: usage, in: index, of: finish)
        heldFinish = (try? patch.applied(to: finish)) ?? finish
        return releaseFinish()
    }

    private enum Shape { case empty, content, finish }

    private static func shape(_ outline: JSONOutline, in data: [UInt8]) -> Shape {
        guard let choices = outline.member("choices", of: outline.root, in: data), outline[choices].kind == .array
        else { return .empty }
        let list = outline.children(of: choices)
        if list.isEmpty { return .empty }
        let hasFinished = list.contains { choice in
            outline.member("finish_reason", of: choice, in: data).map { !outline[$0].isNull } ?? false
        }
        return hasFinished ? .finish : .content
    }
}
