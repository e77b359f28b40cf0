/// Writes events in the plainest form every client reads.
public enum ServerSentEventWriter {
    /// The `[DONE]` with which OpenAI's dialect ends a stream.
    public static let done = Array("data: [DONE]\n\n".utf8)

    /// An event with this data; data of several lines becomes several `data` lines. A name must be one line.
    public static func event(data: [UInt8], name: StaticString? = nil) -> [UInt8] {
        var event: [UInt8] = []
        event.reserveCapacity(data.count + 64)
        if let name {
            event.append(contentsOf: "event: \(name)\n".utf8)
        }
        event.append(contentsOf: "data: ".utf8)
        if data.contains(where: { $0 == lineFeed || $0 == carriageReturn }) {
            appendLines(of: data, to: &event)
        } else {
            event.append(contentsOf: data)
        }
        event.append(lineFeed)
        event.append(lineFeed)
        return event
    }

    /// A comment, which clients pass over: a sign of life.
    public static func comment(_ text: StaticString = "") -> [UInt8] {
        Array(": \(text)\n\n".utf8)
    }

    private static func appendLines(of data: [UInt8], to event: inout [UInt8]) {
        var last: UInt8 = 0
        for byte in data {
            if byte == lineFeed && last == carriageReturn {
                // The second half of a line end.
            } else if byte == lineFeed || byte == carriageReturn {
                event.append(contentsOf: "\ndata: ".utf8)
            } else {
                event.append(byte)
            }
            last = byte
        }
    }
}
