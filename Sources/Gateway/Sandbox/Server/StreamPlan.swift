/// What a stream sends, faults that strike mid-stream included.
struct StreamPlan {
    enum Ending { case proper, early, stalled }

    var frames: [Frame]
    var ending: Ending

    struct Frame {
        var event: StreamEvent?
        /// Only its first half is sent, as a frame of its own.
        var isBroken = false
    }

    init(_ events: [StreamEvent], faults: SandboxFaults) {
        frames = events.map { Frame(event: $0) }
        ending = .proper
        if let count = faults.malformedAfterEvents { frames[min(count, frames.count - 1)].isBroken = true }
        if let count = faults.closesAfterEvents { cut(to: count, .early) }
        if let count = faults.stallsAfterEvents, count < frames.count { cut(to: count, .stalled) }
    }

    /// A stream cut short never gets to its first finish chunk.
    private mutating func cut(to count: Int, _ ending: Ending) {
        let finish = frames.firstIndex { if case .finish? = $0.event?.part { true } else { false } }
        frames.removeSubrange(min(count, finish ?? frames.count)...)
        self.ending = ending
    }
}
