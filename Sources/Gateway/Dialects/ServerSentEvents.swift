/// One block of a `text/event-stream`, up to and with the blank line that ends it.
public struct ServerSentEvent: Equatable, Sendable {
    /// The values of all `data` lines, joined by line feeds.
    public var data: [UInt8]
    /// Whether there was a `data` line at all, be it an empty one.
    public var hasData: Bool
    /// The value of the last `event` line.
    public var event: String?
    /// The value of the last `id` line.
    public var id: String?
    /// The value of the last `retry` line, in milliseconds.
    public var retry: Int?
    /// The block byte for byte, with blank lines that came before it and the one that ends it: all `raw` together are
    /// the stream.
    public var raw: [UInt8]

    public init(
        data: [UInt8] = [], hasData: Bool = true, event: String? = nil, id: String? = nil, retry: Int? = nil,
        raw: [UInt8] = []
    ) {
        self.data = data
        self.hasData = hasData
        self.event = event
        self.id = id
        self.retry = retry
        self.raw = raw
    }

    /// Whether nothing but comments (or fields nobody knows) was there, as in a sign of life.
    public var isComment: Bool {
        !hasData && event == nil && id == nil && retry == nil
    }

    /// Whether it is one `data` line and nothing else, spelled as `ServerSentEventWriter` does.
    var isPlain: Bool {
        raw.count == data.count + 8 && raw.holds("data: ", at: 0) && raw.holds("\n\n", at: raw.count - 2)
    }

    /// Whether this is the `[DONE]` with which OpenAI's dialect ends a stream.
    public var isDone: Bool {
        data.count == 6 && data.elementsEqual("[DONE]".utf8)
    }
}

/// Why a stream cannot be read on. Holds nothing of the stream.
public enum ServerSentEventError: Error, Equatable, Sendable {
    case eventTooLarge(limit: Int)
}

extension ServerSentEventError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .eventTooLarge(let limit): "An event of the stream is larger than \(limit) bytes."
        }
    }
}

let lineFeed = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
