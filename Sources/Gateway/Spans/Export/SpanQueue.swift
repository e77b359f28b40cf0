/// What waits to be sent, by destination. A value that decides; sending is somebody else's.
struct SpanQueue {
    private let bounds: ExporterBounds
    private var lines: [SpanLine] = []
    private var places: [OTLPDestination: Int] = [:]
    /// Whose turn it is, so that no destination is passed over for long.
    private var turn = 0
    private var spans = 0
    private var bytes = 0
    private var requests = 0
    private var dropped = 0

    struct Batch: Sendable {
        let destination: OTLPDestination
        let spans: [GatewaySpan]
    }

    init(bounds: ExporterBounds) {
        self.bounds = bounds
    }

    /// Whether nothing waits and nothing is on its way.
    var isEmpty: Bool { spans == 0 && requests == 0 }
    /// Whether no further request may begin before one has ended.
    var isAtLimit: Bool { requests >= bounds.concurrentRequests }

    /// How many destinations are remembered.
    var destinations: Int { lines.count }

    /// Adds a span. Tells whether there is now a whole batch to be sent without waiting.
    mutating func add(_ span: GatewaySpan, to destination: OTLPDestination) -> Bool {
        let entry = SpanLine.Entry(span: span, bytes: span.byteCount)
        guard bounds.queuedSpans > 0, entry.bytes <= bounds.queuedBytes else {
            dropped += 1
            return false
        }
        let place = place(of: destination)
        lines[place].append(entry)
        spans += 1
        bytes += entry.bytes
        let isWhole = !lines[place].isBusy && lines[place].count >= bounds.batchSpans
        while spans > bounds.queuedSpans || bytes > bounds.queuedBytes { dropOldest() }
        return isWhole
    }

    private mutating func place(of destination: OTLPDestination) -> Int {
        if let place = places[destination] { return place }
        places[destination] = lines.count
        lines.append(SpanLine(destination))
        return lines.count - 1
    }

    /// The oldest of whoever has most waiting, so that a destination that is away costs the others nothing.
    private mutating func dropOldest() {
        guard let longest = lines.indices.max(by: { lines[$0].count < lines[$1].count }),
            let entry = lines[longest].takeFirst()
        else { return }
        left(entry)
        dropped += 1
        forgetIfIdle(longest)
    }

    private mutating func left(_ entry: SpanLine.Entry) {
        spans -= 1
        bytes -= entry.bytes
    }

    private mutating func forgetIfIdle(_ place: Int) {
        guard lines[place].isIdle else { return }
        places.removeValue(forKey: lines[place].destination)
        let last = lines.removeLast()
        guard place < lines.count else { return }
        lines[place] = last
        places[last.destination] = place
    }

    /// What is to be sent now. Each destination gets one request at a time.
    ///
    /// - Parameter all: Also what makes no whole batch, as soon as there is room for a request.
    mutating func due(all: Bool) -> [Batch] {
        if all { for place in lines.indices where lines[place].count > 0 { lines[place].isFlushing = true } }
        var batches: [Batch] = []
        let start = turn
        for offset in lines.indices {
            guard !isAtLimit else { break }
            let place = (start + offset) % lines.count
            guard isDue(lines[place]) else { continue }
            batches.append(takeBatch(at: place))
            turn = place + 1
        }
        return batches
    }

    private func isDue(_ line: SpanLine) -> Bool {
        !line.isBusy && line.count >= (line.isFlushing ? 1 : bounds.batchSpans)
    }

    private mutating func takeBatch(at place: Int) -> Batch {
        var taken: [GatewaySpan] = []
        var size = 0
        while taken.count < bounds.batchSpans, let next = lines[place].first,
            taken.isEmpty || size + next.bytes <= bounds.batchBytes, let entry = lines[place].takeFirst()
        {
            left(entry)
            taken.append(entry.span)
            size += entry.bytes
        }
        lines[place].isBusy = true
        lines[place].isFlushing = lines[place].isFlushing && lines[place].count > 0
        requests += 1
        return Batch(destination: lines[place].destination, spans: taken)
    }

    /// A request has ended, well or badly.
    mutating func ended(_ destination: OTLPDestination) {
        guard let place = places[destination], lines[place].isBusy else { return }
        lines[place].isBusy = false
        requests -= 1
        forgetIfIdle(place)
    }

    /// How many spans were let go since the last time.
    mutating func takeDropped() -> Int {
        defer { dropped = 0 }
        return dropped
    }

    /// Lets everything go that waits, and counts it.
    mutating func dropAll() {
        for place in lines.indices.reversed() {
            dropped += lines[place].takeAll()
            forgetIfIdle(place)
        }
        spans = 0
        bytes = 0
    }
}
