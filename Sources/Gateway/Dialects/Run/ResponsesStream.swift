public import JSON

/// Turns the bytes of a stream of chat chunks into the events of Responses.
public struct ResponsesStream: Sendable {
    /// Whether the stream came to its end, or failed; nothing is sent from then on.
    public private(set) var isOver = false
    private let input: ResponsesInput
    private let maximumAnswerBytes: Int
    private var events: ServerSentEventReader
    private var sequence = 0
    /// From the first chunk on.
    private var form: ResponsesForm?
    private var open: ResponsesStreamItem?
    private var items: [[UInt8]] = []
    private var calls = 0
    private var text: [UInt8] = []
    private var finish: String?
    private var usage: [UInt8]?

    /// Texts that end are told once more as a whole, so they are kept up to this.
    public static let defaultMaximumAnswerBytes = 64 << 20

    public init(
        for input: ResponsesInput, maximumEventBytes: Int = ServerSentEventReader.defaultMaximumEventBytes,
        maximumAnswerBytes: Int = ResponsesStream.defaultMaximumAnswerBytes
    ) {
        self.input = input
        self.maximumAnswerBytes = maximumAnswerBytes
        events = ServerSentEventReader(maximumEventBytes: maximumEventBytes)
    }

    /// Takes what came next, cut anywhere, and gives what is to be sent for it.
    public mutating func convert(_ bytes: [UInt8], scanner: JSONScanner) -> [UInt8] {
        guard !isOver else { return [] }
        events.feed(bytes)
        var sent: [UInt8] = []
        do {
            while !isOver, let event = try events.next() { sent += take(event, scanner) }
        } catch {
            sent += fail(error.description)
        }
        return sent
    }

    private mutating func take(_ event: ServerSentEvent, _ scanner: JSONScanner) -> [UInt8] {
        guard event.hasData else { return event.raw }
        if event.isDone { return complete() }
        guard let frame = NativeFrame(event.data, levels: ChatFrame.levels, scanner: scanner) else {
            return fail("The provider sent a part of the stream that was not readable.")
        }
        if let error = frame.member("error") {
            return fail(frame.string(frame.member("message", of: error)) ?? "The provider failed.")
        }
        var sent = begin(frame)
        if let place = frame.member("usage") { usage = ResponsesForm.usage(at: place, in: frame) ?? usage }
        // There is one answer in this form.
        for choice in frame.elements(of: frame.member("choices")).prefix(1) { sent += take(choice, frame) }
        if text.count + (open?.text.count ?? 0) > maximumAnswerBytes { sent += fail("The answer is too large.") }
        return sent
    }

    private mutating func take(_ choice: NativeFrame.Place, _ frame: NativeFrame) -> [UInt8] {
        let delta = frame.member("delta", of: choice)
        var sent: [UInt8] = []
        if let piece = frame.spelling(frame.member("reasoning_content", of: delta)) {
            sent += add(piece, to: .reasoning)
        }
        if let piece = frame.spelling(frame.member("content", of: delta)) {
            sent += add(piece, to: .message)
            text += piece
        }
        if let piece = frame.spelling(frame.member("refusal", of: delta)) { sent += add(piece, to: .refusal) }
        for call in frame.elements(of: frame.member("tool_calls", of: delta)) where !isOver { sent += add(call, frame) }
        if let reason = frame.string(frame.member("finish_reason", of: choice)) { finish = reason }
        return sent
    }

    // MARK: The answer

    private mutating func begin(_ frame: NativeFrame) -> [UInt8] {
        guard form == nil else { return [] }
        let form = ResponsesForm(frame, input)
        self.form = form
        let response = form.response(.inProgress, items: [], text: [], usage: nil)
        return send("response.created") { $0.raw("response", response) }
            + send("response.in_progress") { $0.raw("response", response) }
    }

    private mutating func complete() -> [UInt8] {
        guard let form else { return fail("The provider sent no answer.") }
        let status = ResponsesForm.Status(finish: finish)
        var sent = end(status)
        let response = form.response(status, items: items, text: text, usage: usage)
        let name: StaticString = status == .completed ? "response.completed" : "response.incomplete"
        sent += send(name) { $0.raw("response", response) }
        isOver = true
        return sent
    }

    private mutating func fail(_ message: String) -> [UInt8] {
        isOver = true
        guard let form else {
            return send("error") { writer in
                writer.member("code", "server_error")
                writer.member("message", .string(message))
                writer.member("param", .null)
            }
        }
        let response = form.response(.failed(message: message), items: items, text: text, usage: usage)
        return send("response.failed") { $0.raw("response", response) }
    }

    // MARK: Items

    private mutating func add(_ piece: [UInt8], to kind: ResponsesStreamItem.Kind) -> [UInt8] {
        let sent = begin(ResponsesStreamItem(kind: kind))
        return sent + add(piece)
    }

    private mutating func add(_ piece: [UInt8]) -> [UInt8] {
        guard let kind = open?.kind, let form else { return [] }
        open?.text += piece
        return tell(kind.delta) { $0.raw("delta", form.quoted(piece)) }
    }

    private mutating func add(_ call: NativeFrame.Place, _ frame: NativeFrame) -> [UInt8] {
        let vendorIndex = frame.int(frame.member("index", of: call)) ?? calls
        var sent: [UInt8] = []
        if case .call(_, vendorIndex)? = open?.kind {
            // Goes on.
        } else {
            // A call that has ended cannot go on: its end was told.
            guard let id = frame.member("id", of: call) else {
                return fail("The provider sent the calls of its answer in an order that cannot be told.")
            }
            sent += begin(
                ResponsesStreamItem(
                    kind: .call(index: calls, vendorIndex: vendorIndex), callID: frame.text(id),
                    name: frame.text(frame.member("function", "name", from: call))))
            calls += 1
        }
        let piece = frame.spelling(frame.member("function", "arguments", from: call))
        return sent + (piece.map { add($0) } ?? [])
    }

    private mutating func begin(_ item: ResponsesStreamItem) -> [UInt8] {
        guard open?.kind != item.kind, let form else { return [] }
        var sent = end(.completed)
        open = item
        let index = items.count
        sent += send("response.output_item.added") { writer in
            writer.member("output_index", .int(index))
            writer.raw("item", item.written(.inProgress, form))
        }
        if let part = item.part(form) { sent += tell(item.kind.partAdded) { $0.raw("part", part) } }
        return sent
    }

    private mutating func end(_ status: ResponsesForm.Status) -> [UInt8] {
        guard let item = open, let form else { return [] }
        var sent = tell(item.kind.done) { $0.raw(item.kind.textName, form.quoted(item.text)) }
        if let part = item.part(form) { sent += tell(item.kind.partDone) { $0.raw("part", part) } }
        let whole = item.written(status, form)
        let index = items.count
        sent += send("response.output_item.done") { writer in
            writer.member("output_index", .int(index))
            writer.raw("item", whole)
        }
        items.append(whole)
        open = nil
        return sent
    }

    // MARK: Events

    /// An event about the open item.
    private mutating func tell(_ name: StaticString, _ told: (inout JSONWriter) -> Void) -> [UInt8] {
        guard let item = open, let form else { return [] }
        let index = items.count
        return send(name) { writer in
            writer.member("item_id", .string(item.id(form)))
            writer.member("output_index", .int(index))
            if let place = item.kind.placeName { writer.member(place, 0) }
            told(&writer)
        }
    }

    private mutating func send(_ name: StaticString, _ told: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", .string("\(name)"))
        writer.member("sequence_number", .int(sequence))
        told(&writer)
        writer.endObject()
        sequence += 1
        return ServerSentEventWriter.event(data: writer.bytes, name: name)
    }
}

extension JSONWriter {
    /// A member whose value is JSON text already.
    fileprivate mutating func raw(_ name: String, _ value: [UInt8]) {
        key(name)
        raw(value)
    }
}
