/// What waits for one destination, oldest first.
struct SpanLine {
    let destination: OTLPDestination
    /// Whether a request is on its way.
    var isBusy = false
    /// Whether what waits goes as soon as no request is on its way, be it little.
    var isFlushing = false
    private var waiting: [Entry] = []
    /// Where the waiting begin; what is before is gone.
    private var head = 0

    struct Entry {
        let span: GatewaySpan
        let bytes: Int
    }

    init(_ destination: OTLPDestination) {
        self.destination = destination
    }

    var count: Int { waiting.count - head }
    var isIdle: Bool { !isBusy && count == 0 }
    var first: Entry? { head < waiting.count ? waiting[head] : nil }

    mutating func append(_ entry: Entry) {
        waiting.append(entry)
    }

    mutating func takeFirst() -> Entry? {
        guard let entry = first else { return nil }
        head += 1
        if head * 2 > waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
        return entry
    }

    mutating func takeAll() -> Int {
        defer {
            waiting = []
            head = 0
        }
        return count
    }
}
