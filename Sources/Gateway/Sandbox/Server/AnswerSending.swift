import EventLoop
import HTTPCore
import HTTPServer

/// Sends answers under the conditions a request set.
struct AnswerSending {
    let conditions: Conditions
    let loop: LoopThread
    var errors = ErrorDialect.openAI

    /// Bytes gathered before a write, when there is no pace to keep.
    static let batchBytes = 32 << 10
    static let eventStream: HeaderFields = [
        "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache", "X-Sandbox": "true",
    ]
    static let json: HeaderFields = ["Content-Type": "application/json", "X-Sandbox": "true"]

    // MARK: Bodies

    /// Sends a JSON body that is ready as a whole.
    func send(status: Int = 200, headers: HeaderFields = json, body: [UInt8], _ responder: consuming HTTPResponder)
        async
    {
        let faults = conditions.faults
        let isCut = faults.malformedAfterEvents != nil || faults.stallsAfterEvents != nil
        let body = isCut ? Array(body.prefix(body.count / 2)) : body
        guard faults.breaksBodies else {
            return responder.send(HTTPResponse(status: status, headers: headers, body: body))
        }
        var writer = FaultyWriter(
            responder.stream(status: status, headers: headers), faults: faults, loop: loop)
        do {
            try await writer.write(body)
            if faults.stallsAfterEvents != nil { await untilClientLeaves() }
            writer.finish()
        } catch {
            writer.abort()
        }
    }

    /// Waits until the task is cancelled, which happens when the client leaves or the server ends.
    func untilClientLeaves() async {
        while !Task.isCancelled { await loop.sleep(milliseconds: 60_000) }
    }

    // MARK: Streams

    func stream(_ wire: some AnswerWire, _ responder: consuming HTTPResponder) async {
        var wire = wire
        let plan = StreamPlan(wire.events, faults: conditions.faults)
        var writer = FaultyWriter(
            responder.stream(status: 200, headers: wire.streamHeaders), faults: conditions.faults, loop: loop)
        do {
            try await write(plan, &wire, to: &writer)
            if plan.ending == .stalled { await untilClientLeaves() }
            writer.finish()
        } catch {
            writer.abort()
        }
    }

    private func write(
        _ plan: StreamPlan, _ wire: inout some AnswerWire, to writer: inout FaultyWriter
    ) async throws(FaultyWriter.Stop) {
        // A part that says nothing in this dialect leaves the break to the next.
        var breaks = false
        var pace = Pace(tokensPerSecond: conditions.tokensPerSecond, start: loop.now)
        var batch: [UInt8] = []
        for frame in plan.frames {
            guard let event = frame.event else { continue }
            if event.isToken, let wait = pace.waitBeforeNextToken(now: loop.now) {
                try await flush(&batch, to: &writer)
                await loop.sleep(milliseconds: wait)
            }
            let bytes = wire.frame(event)
            breaks = breaks || frame.isBroken
            batch += breaks && !bytes.isEmpty ? Self.half(of: bytes) : bytes
            breaks = breaks && bytes.isEmpty
            guard batch.count >= Self.batchBytes else { continue }
            try await flush(&batch, to: &writer)
            // Lets the loop serve its sockets before the next batch.
            await loop.sleep(milliseconds: 0)
        }
        if plan.ending == .proper { batch += wire.ending() }
        try await flush(&batch, to: &writer)
    }

    private func flush(_ batch: inout [UInt8], to writer: inout FaultyWriter) async throws(FaultyWriter.Stop) {
        guard !batch.isEmpty else { return }
        try await writer.write(batch)
        batch = []
    }

    /// Frames the last of which has JSON that breaks off, and ends as it should.
    static func half(of frames: [UInt8]) -> [UInt8] {
        let end = Array("\n\n".utf8)
        let last = frames.dropLast(end.count).lastIndexPair(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return frames.prefix(last + (frames.count - last) / 2) + end
    }
}

/// When each token of a stream is due.
struct Pace {
    private let tokensPerSecond: Int
    private let start: UInt64
    private var sent: UInt64 = 0

    init(tokensPerSecond: Int, start: UInt64) {
        self.tokensPerSecond = tokensPerSecond
        self.start = start
    }

    /// Milliseconds to wait; nil when the token is due, or there is no pace to keep.
    mutating func waitBeforeNextToken(now: UInt64) -> UInt64? {
        guard tokensPerSecond > 0 else { return nil }
        sent += 1
        let due = start + sent * 1000 / UInt64(tokensPerSecond)
        return due > now ? due - now : nil
    }
}

extension ArraySlice<UInt8> {
    /// Where the second of the last two neighbours lies that both are this byte.
    fileprivate func lastIndexPair(of byte: UInt8) -> Int? {
        indices.dropFirst().last { self[$0] == byte && self[$0 - 1] == byte }
    }
}

extension SandboxFaults {
    /// Whether a body must be written piece by piece to go wrong as asked.
    fileprivate var breaksBodies: Bool {
        resetAfterBytes != nil || splitsUTF8 || stallsAfterEvents != nil
    }
}
