public import JSON

/// Reads what a stream of a vendor says it used, while its bytes go by. Keeps one event at a time, never all of it.
public struct NativeUsageStream: Sendable {
    /// How the vendor sets the parts of its stream apart.
    public enum Framing: Sendable {
        /// `text/event-stream`.
        case events
        /// One JSON array, as Gemini sends it unless it is asked for events.
        case array
    }

    /// What was read so far.
    public private(set) var found: NativeUsage
    /// Whether the rest of the stream cannot be read, because one event was too large. The stream itself goes on.
    public private(set) var isUnreadable = false
    private var events: ServerSentEventReader
    private var elements: JSONArrayReader
    private let framing: Framing

    /// - Parameter maximumEventBytes: Of one event. A stream with a larger one is not read on.
    public init(
        _ wire: NativeWire, framing: Framing = .events,
        maximumEventBytes: Int = ServerSentEventReader.defaultMaximumEventBytes
    ) {
        found = NativeUsage(wire)
        self.framing = framing
        events = ServerSentEventReader(maximumEventBytes: maximumEventBytes)
        elements = JSONArrayReader(maximumElementBytes: maximumEventBytes)
    }

    /// Takes what came next, cut anywhere.
    public mutating func feed(_ bytes: [UInt8], scanner: JSONScanner) {
        guard !isUnreadable, !bytes.isEmpty else { return }
        switch framing {
        case .events:
            events.feed(bytes)
            readEvents(scanner)
        case .array:
            for element in elements.feed(bytes) { found.read(element, .streamed, scanner) }
            if elements.isTooLarge { isUnreadable = true }
        }
    }

    /// Says that nothing more will come. Call it once.
    public mutating func finish(scanner: JSONScanner) {
        guard !isUnreadable, framing == .events else { return }
        _ = events.finish()
        readEvents(scanner)
        // Some vendors leave out the last blank line.
        if let event = events.takeUnfinishedEvent() { read(event, scanner) }
    }

    private mutating func readEvents(_ scanner: JSONScanner) {
        do {
            while let event = try events.next() { read(event, scanner) }
        } catch {
            isUnreadable = true
        }
    }

    private mutating func read(_ event: ServerSentEvent, _ scanner: JSONScanner) {
        if event.isDone {
            found.isComplete = true
        } else if event.hasData {
            found.read(event.data, .streamed, scanner)
        }
    }
}
