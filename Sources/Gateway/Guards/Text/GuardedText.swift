public import JSON

/// The texts of an exchange that people and models wrote, taken out of the bodies of all dialects that pass here.
///
/// What is not text (pictures, sound, parameters, the definitions of tools) is left out. Each text comes by itself;
/// ``joined(_:)`` puts them together for a classifier.
public enum GuardedText {
    /// What stands between two texts that are put together.
    static let separator = "\n\n"

    /// Of a request: messages of all roles with the results of tools, `system`, `input`, `prompt`, Gemini's `contents`.
    public static func request(_ body: JSONValue) -> [String] {
        var texts = TextCollector()
        texts.addRequest(body)
        return texts.found
    }

    /// Of a whole answer: chat, messages, responses, Gemini, and the plain ones of the run interface.
    public static func response(_ body: JSONValue) -> [String] {
        var texts = TextCollector()
        texts.addResponse(body)
        return texts.found
    }

    /// Of an answer as it was recorded, whole or streamed. A body that is neither has no texts.
    public static func response(_ body: [UInt8]) -> [String] {
        guard looksLikeJSON(body) else { return streamed(body) }
        guard let value = try? JSONValue(parsing: body) else { return [] }
        return response(value)
    }

    /// Of the events of a stream: the pieces of each text put together. None when the body is no stream.
    public static func streamed(_ body: [UInt8]) -> [String] {
        guard looksLikeStream(body) else { return [] }
        var texts = StreamCollector()
        texts.add(body)
        return texts.found
    }

    public static func joined(_ texts: [String]) -> String {
        texts.joined(separator: separator)
    }

    /// Whether the first line is one of an event.
    private static func looksLikeStream(_ body: [UInt8]) -> Bool {
        let start = body.prefix(streamStartBytes).drop { $0 <= 0x20 || $0 > 0x7F }
        return streamStarts.contains { start.starts(with: $0.utf8) }
    }

    private static let streamStarts = ["data:", "event:", "id:", "retry:", ":"]
    private static let streamStartBytes = 64

    private static func looksLikeJSON(_ body: [UInt8]) -> Bool {
        let first = body.first { $0 > 0x20 }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }
}
