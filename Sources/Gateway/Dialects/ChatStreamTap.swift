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
    private let model: ModelID
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
        self.model = model
        self.wantsUsageChunk = wantsUsageChunk
    }

    public mutating func take(_ event: ServerSentEvent, scanner: JSONScanner) -> Step {
        guard event.hasData else { return .pass(event.raw) }
        if event.isDone { return .done(releaseFinish()) }
        guard let index = try? scanner.scan(event.data), index.kind == .object else {
            return .failed(GatewayError(.providerError, "The provider sent a part of the stream that was not readable."))
        }
        if let error = index.first(named: "error", in: event.data), !error.isNull {
            return .failed(VendorError.inStream(error, in: event.data, scanner: scanner))
        }
        return .pass(chunk(event.data, index, scanner))
    }

    /// What is still held when the vendor ends without its end mark.
    public mutating func releaseFinish() -> [UInt8] {
        defer { heldFinish = nil }
        return heldFinish.map { ServerSentEventWriter.event(data: $0) } ?? []
    }

    private mutating func chunk(_ data: [UInt8], _ index: JSONIndex, _ scanner: JSONScanner) -> [UInt8] {
        let seen = index.first(named: "usage", in: data).flatMap { ChatUsage.read($0, in: data, scanner: scanner) }
        if let seen { usage = seen }
        let choices = index.first(named: "choices", in: data)
        let shape = Self.shape(of: choices, in: data, scanner: scanner)
        if shape == .finish { sawFinish = true }
        let renamed = ChatAnswer.renamed(data, index, to: model)
        guard !wantsUsageChunk else { return ServerSentEventWriter.event(data: renamed) }
        switch shape {
        case .empty:
            guard let usageField = index.first(named: "usage", in: data), usageField.kind == .object else {
                return ServerSentEventWriter.event(data: renamed)
            }
            return attach(Array(data[usageField.range]), scanner)
        case .finish:
            let earlier = releaseFinish()
            heldFinish = renamed
            return earlier
        case .content:
            return releaseFinish() + ServerSentEventWriter.event(data: renamed)
        }
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

    private static func shape(of choices: JSONField?, in data: [UInt8], scanner: JSONScanner) -> Shape {
        guard let choices, choices.kind == .array, let list = try? scanner.scan(data, in: choices.range),
            !list.elements.isEmpty
        else { return .empty }
        for element in list.elements where element.kind == .object {
            guard let choice = try? scanner.scan(data, in: element.range),
                let reason = choice.first(named: "finish_reason", in: data)
            else { continue }
            if !reason.isNull { return .finish }
        }
        return .content
    }
}
