/// What an exporter knows and decides, apart from its doing.
struct ExporterState {
    var queue: SpanQueue
    var losses = ExportLosses()
    /// Whether also what makes no whole batch is to be sent.
    var mayFlush = false
    /// How long the exporter may still go on; nil while nobody wants it to end.
    var shutdownMilliseconds: UInt64?
    var isTimeUp = false
    private(set) var isOver = false

    struct Step {
        var batches: [SpanQueue.Batch] = []
        var shutdownMilliseconds: UInt64?
        var isOver = false
    }

    init(bounds: ExporterBounds) {
        queue = SpanQueue(bounds: bounds)
    }

    /// What to send now, and whether that was all.
    mutating func next() -> Step {
        if isTimeUp { queue.dropAll() }
        isOver = isTimeUp || (shutdownMilliseconds != nil && queue.isEmpty)
        guard !isOver else { return Step(isOver: true) }
        let batches = queue.due(all: mayFlush || shutdownMilliseconds != nil)
        mayFlush = false
        return Step(batches: batches, shutdownMilliseconds: shutdownMilliseconds)
    }

    mutating func takeLosses() -> ExportLosses {
        losses.dropped += queue.takeDropped()
        defer { losses = ExportLosses() }
        return losses
    }
}
