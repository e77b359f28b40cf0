public import Domain
public import JSON

/// Cloudflare's own form of a hosted model's answer, made from OpenAI's.
public enum RunNative {
    /// A whole chat answer: `response`, `tool_calls` where there are any, and `usage`.
    ///
    /// - Parameter wantsJSON: Whether the text must be JSON, and is told as the value it is.
    public static func answer(
        _ chat: [UInt8], wantsJSON: Bool = false, scanner: JSONScanner
    ) throws(GatewayError) -> [UInt8] {
        guard let frame = NativeFrame(chat, levels: ChatFrame.levels, scanner: scanner),
            let choice = frame.elements(of: frame.member("choices")).first
        else { throw unreadable }
        let message = frame.member("message", of: choice)
        let calls = frame.elements(of: frame.member("tool_calls", of: message))
        var writer = JSONWriter(reserving: chat.count)
        writer.beginObject()
        writer.key("response")
        if let content = frame.member("content", of: message) {
            let isValue = wantsJSON && calls.isEmpty
            writer.raw(isValue ? try value(of: frame[content], in: chat, scanner) : Array(frame[content].raw(in: chat)))
        } else {
            writer.null()
        }
        if !calls.isEmpty {
            writer.key("tool_calls")
            writer.runCalls(calls.map { NativeCall($0, frame) }, scanner)
        }
        if let usage = frame.member("usage") {
            writer.key("usage")
            writer.raw(frame[usage].raw(in: chat))
        }
        writer.endObject()
        return writer.bytes
    }

    /// Vectors: how many there are and how long, then the vectors themselves in the order of the texts.
    public static func embeddings(_ answer: [UInt8], scanner: JSONScanner) throws(GatewayError) -> [UInt8] {
        guard let frame = NativeFrame(answer, levels: 3, scanner: scanner), let data = frame.member("data") else {
            throw unreadable
        }
        var vectors: [(index: Int, numbers: ArraySlice<UInt8>)] = []
        for (position, entry) in frame.elements(of: data).enumerated() {
            guard let vector = frame.member("embedding", of: entry), frame[vector].kind == .array else {
                throw unreadable
            }
            let index = frame.int(frame.member("index", of: entry)) ?? position
            vectors.append((index, frame[vector].raw(in: answer)))
        }
        vectors.sort { $0.index < $1.index }
        let length = vectors.first.map { count(of: $0.numbers) } ?? 0
        guard vectors.allSatisfy({ count(of: $0.numbers) == length }) else { throw unreadable }
        var writer = JSONWriter(reserving: answer.count)
        writer.beginObject()
        writer.key("shape")
        writer.value([.int(vectors.count), .int(length)])
        writer.key("data")
        writer.beginArray()
        for vector in vectors { writer.raw(vector.numbers) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// Of an array of numbers, which hold no commas themselves.
    private static func count(of numbers: ArraySlice<UInt8>) -> Int {
        let hasSome = numbers.contains { $0 &- UInt8(ascii: "0") < 10 }
        return hasSome ? numbers.count { $0 == UInt8(ascii: ",") } + 1 : 0
    }

    private static func value(
        of content: JSONSlice, in chat: [UInt8], _ scanner: JSONScanner
    ) throws(GatewayError) -> [UInt8] {
        let text = Array((content.string(in: chat) ?? "").utf8)
        guard let root = try? scanner.scan(text).root, root.kind == .object || root.kind == .array else {
            throw GatewayError(.providerError, "JSON Mode couldn't be met")
        }
        return Array(root.raw(in: text))
    }

    static let unreadable = GatewayError(
        .providerError, "The provider's answer was not readable. Try again; nothing was charged for it.")
}

/// One call of a function, as OpenAI tells it.
struct NativeCall: Sendable {
    /// JSON text, a string.
    var name: [UInt8]
    /// The arguments as text.
    var arguments: String

    init(name: [UInt8], arguments: String = "") {
        self.name = name
        self.arguments = arguments
    }

    init(_ call: NativeFrame.Place, _ frame: NativeFrame) {
        let function = frame.member("function", of: call)
        let name = frame.member("name", of: function)
        self.init(
            name: name.map { Array(frame[$0].raw(in: frame.bytes)) } ?? Array(#""""#.utf8),
            arguments: frame.string(frame.member("arguments", of: function)) ?? "")
    }
}

extension JSONWriter {
    /// Calls in Cloudflare's form: the arguments are a value, or the text itself where that is none.
    mutating func runCalls(_ calls: [NativeCall], _ scanner: JSONScanner) {
        beginArray()
        for call in calls {
            beginObject()
            key("name")
            raw(call.name)
            key("arguments")
            let text = Array(call.arguments.utf8)
            if text.isEmpty {
                raw("{}".utf8)
            } else if (try? scanner.scan(text)) != nil {
                raw(text)
            } else {
                string(call.arguments)
            }
            endObject()
        }
        endArray()
    }
}
