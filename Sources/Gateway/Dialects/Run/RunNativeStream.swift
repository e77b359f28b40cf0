public import JSON

/// Turns the bytes of a stream of chat chunks into Cloudflare's own form for hosted models: `{"response":"…"}` for
/// each piece of text, calls when they are whole, usage last, and `[DONE]`.
public struct RunNativeStream: Sendable {
    /// Whether the stream came to its end, or failed; nothing is sent from then on.
    public private(set) var isOver = false
    private var events: ServerSentEventReader
    private var calls: [(index: Int, call: NativeCall)] = []
    private var callBytes = 0
    private var usage: [UInt8]?
    private let maximumCallBytes: Int

    /// - Parameter maximumEventBytes: Of one event, and of all calls together.
    public init(maximumEventBytes: Int = ServerSentEventReader.defaultMaximumEventBytes) {
        events = ServerSentEventReader(maximumEventBytes: maximumEventBytes)
        maximumCallBytes = maximumEventBytes
    }

    /// Takes what came next, cut anywhere, and gives what is to be sent for it.
    public mutating func convert(_ bytes: [UInt8], scanner: JSONScanner) -> [UInt8] {
        guard !isOver else { return [] }
        events.feed(bytes)
        var sent: [UInt8] = []
        do {
            while !isOver, let event = try events.next() { sent += take(event, scanner) }
        } catch {
            sent += failure(error.description)
        }
        return sent
    }

    private mutating func take(_ event: ServerSentEvent, _ scanner: JSONScanner) -> [UInt8] {
        guard event.hasData else { return event.raw }
        if event.isDone { return end(scanner) }
        guard let frame = NativeFrame(event.data, levels: ChatFrame.levels, scanner: scanner) else {
            return failure("The provider sent a part of the stream that was not readable.")
        }
        if frame.member("error") != nil {
            isOver = true
            return ServerSentEventWriter.event(data: event.data)
        }
        if let place = frame.member("usage") { usage = Array(frame[place].raw(in: event.data)) }
        var sent: [UInt8] = []
        // There is one answer in this form.
        for choice in frame.elements(of: frame.member("choices")).prefix(1) {
            let delta = frame.member("delta", of: choice)
            if let text = frame.member("content", of: delta), frame[text].kind == .string, frame[text].range.count > 2 {
                sent += Self.event { $0.raw(frame[text].raw(in: event.data)) }
            }
            for call in frame.elements(of: frame.member("tool_calls", of: delta)) { note(call, frame) }
            if callBytes > maximumCallBytes { return sent + failure("The calls of the answer are too large.") }
            if frame.member("finish_reason", of: choice) != nil { sent += takeCalls(scanner) }
        }
        return sent
    }

    private mutating func end(_ scanner: JSONScanner) -> [UInt8] {
        isOver = true
        var sent = takeCalls(scanner)
        if let usage {
            sent += Self.event { writer in
                writer.string("")
                writer.key("usage")
                writer.raw(usage)
            }
        }
        return sent + ServerSentEventWriter.done
    }

    private mutating func failure(_ message: String) -> [UInt8] {
        isOver = true
        let error: JSONValue = ["error": ["message": .string(message)]]
        return ServerSentEventWriter.event(data: error.serialized())
    }

    // MARK: Calls

    private mutating func note(_ place: NativeFrame.Place, _ frame: NativeFrame) {
        let index = frame.int(frame.member("index", of: place)) ?? calls.count
        let piece = NativeCall(place, frame)
        callBytes += piece.arguments.utf8.count
        if let known = calls.firstIndex(where: { $0.index == index }) {
            calls[known].call.arguments += piece.arguments
        } else {
            callBytes += piece.name.count
            calls.append((index, piece))
        }
    }

    private mutating func takeCalls(_ scanner: JSONScanner) -> [UInt8] {
        guard !calls.isEmpty else { return [] }
        defer { calls = [] }
        return Self.event { writer in
            writer.string("")
            writer.key("tool_calls")
            writer.runCalls(calls.map(\.call), scanner)
        }
    }

    private static func event(_ response: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(reserving: 64)
        writer.beginObject()
        writer.key("response")
        response(&writer)
        writer.endObject()
        return ServerSentEventWriter.event(data: writer.bytes)
    }
}
