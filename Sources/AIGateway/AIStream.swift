import Dialects
import JSON

/// A streamed answer: its events as they come. It can be read once; dropped early, it ends the call.
public struct AIStream: AsyncSequence, Sendable {
    public typealias Element = AIStreamEvent
    public typealias Failure = AIError

    let response: OpenResponse

    public var logID: String? { response.logID }
    public var requestID: String? { response.requestID }
    public var status: Int { response.status }

    /// Reads the stream to its end and gives all its text.
    public func text() async throws(AIError) -> String {
        var text = ""
        var events = makeAsyncIterator()
        while let event = try await events.next() { text += event.text }
        return text
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(response: response)
    }

    public struct Iterator: AsyncIteratorProtocol {
        private let response: OpenResponse
        private var reader = ServerSentEventReader()
        private var isOver = false

        init(response: OpenResponse) {
            self.response = response
        }

        /// The next event; nil at the end. A stream that breaks off with an error throws it.
        public mutating func next() async throws(AIError) -> AIStreamEvent? {
            guard !isOver else { return nil }
            guard response.mediaType != "application/json" else { return try await wholeAnswer() }
            while true {
                if let event = try nextEvent() {
                    guard !event.isDone else { return end() }
                    return try read(event)
                }
                guard let piece = try await response.nextPiece() else { return end() }
                reader.feed(piece)
            }
        }

        /// A model that cannot stream answers as a whole.
        private mutating func wholeAnswer() async throws(AIError) -> AIStreamEvent? {
            isOver = true
            let body = try await response.collect(limit: AI.longestAnswer)
            let value = try AIValue(parsing: body)
            return AIStreamEvent(value: AI.unwrapped(value), name: nil)
        }

        private mutating func nextEvent() throws(AIError) -> ServerSentEvent? {
            do {
                while let event = try reader.next() {
                    if event.hasData { return event }
                }
                return nil
            } catch {
                isOver = true
                throw .unreadable(error.description)
            }
        }

        private mutating func read(_ event: ServerSentEvent) throws(AIError) -> AIStreamEvent {
            let value = try AIValue(parsing: event.data)
            if let error = value.json["error"], !error.isNull {
                isOver = true
                throw .refused(
                    AIRefusal(
                        name: "InferenceUpstreamError", code: error["code"]?.intValue,
                        message: error["message"]?.stringValue ?? "the stream broke off", status: response.status,
                        requestID: response.requestID))
            }
            return AIStreamEvent(value: value, name: event.event)
        }

        private mutating func end() -> AIStreamEvent? {
            isOver = true
            return nil
        }
    }
}

/// One event of a streamed answer.
public struct AIStreamEvent: Hashable, Sendable {
    /// The event's data.
    public let value: AIValue
    /// The event's name, in dialects that have names.
    public let name: String?

    /// What it adds to the text; empty when it adds none.
    public var text: String {
        value.json["choices"]?[0]?["message"] == nil ? value.json.deltaText : value.json.outputText ?? ""
    }

    /// What it adds to the model's thoughts; empty when it adds none.
    public var reasoning: String { value.json.deltaReasoning }

    /// Why the answer ended, in the event that says so.
    public var finishReason: String? { value.json["choices"]?[0]?["finish_reason"]?.stringValue }

    /// The counts of tokens, in the event that has them.
    public var usage: AIValue? {
        guard let usage = value["usage"], !usage.isNull else { return .none }
        return usage
    }
}
