import Domain
import JSON

/// How an answer of Responses is written, whole or as the end of a stream.
struct ResponsesForm: Sendable {
    /// What tells the answer apart from others; ids of all its parts end in it.
    private let suffix: String
    /// Seconds since 1970.
    private let created: Int
    /// JSON text, a string.
    private let model: [UInt8]
    private let echo: JSONObject

    /// What an answer repeats of its request, with what stands there when the request does not say.
    static let repeated: [(name: String, standard: JSONValue)] = [
        ("instructions", .null), ("max_output_tokens", .null), ("metadata", [:]), ("parallel_tool_calls", true),
        ("reasoning", ["effort": .null, "summary": .null]), ("temperature", 1), ("text", ["format": ["type": "text"]]),
        ("tool_choice", "auto"), ("tools", []), ("top_p", 1), ("truncation", "disabled"), ("user", .null),
    ]

    /// From a chat answer, or a chunk of one.
    init(_ frame: NativeFrame, _ input: ResponsesInput) {
        let id = frame.string(frame.member("id")) ?? ""
        let own = id.drop { $0 != "-" && $0 != "_" }.dropFirst()
        suffix = own.isEmpty ? id : String(own)
        created = frame.int(frame.member("created")) ?? 0
        model = frame.member("model").map { Array(frame[$0].raw(in: frame.bytes)) } ?? Array("null".utf8)
        echo = input.echo
    }

    enum Status: Hashable {
        case inProgress, completed
        case incomplete(reason: String)
        case failed(message: String)

        /// By the reason a chat answer ended.
        init(finish: String?) {
            switch finish {
            case "length": self = .incomplete(reason: "max_output_tokens")
            case "content_filter": self = .incomplete(reason: "content_filter")
            default: self = .completed
            }
        }

        var name: String {
            switch self {
            case .inProgress: "in_progress"
            case .completed: "completed"
            case .incomplete: "incomplete"
            case .failed: "failed"
            }
        }
    }

    /// - Parameter text: All the text of the items, spelled as in JSON, without quotes.
    func response(_ status: Status, items: [[UInt8]], text: [UInt8], usage: [UInt8]?) -> [UInt8] {
        var writer = JSONWriter(reserving: 1024)
        writer.beginObject()
        writer.member("id", .string("resp_" + suffix))
        writer.member("object", "response")
        writer.member("created_at", .int(created))
        writer.member("status", .string(status.name))
        writer.member("error", error(status))
        writer.member("incomplete_details", details(status))
        writer.key("model")
        writer.raw(model)
        writer.key("output")
        writer.beginArray()
        for item in items { writer.raw(item) }
        writer.endArray()
        writer.key("output_text")
        writer.raw(quoted(text))
        for member in echo.members { writer.member(member.key, member.value) }
        writer.member("previous_response_id", .null)
        writer.member("store", false)
        writer.key("usage")
        writer.raw(usage ?? Array("null".utf8))
        writer.endObject()
        return writer.bytes
    }

    private func error(_ status: Status) -> JSONValue {
        guard case .failed(let message) = status else { return .null }
        return ["code": "server_error", "message": .string(message)]
    }

    private func details(_ status: Status) -> JSONValue {
        guard case .incomplete(let reason) = status else { return .null }
        return ["reason": .string(reason)]
    }

    // MARK: Items

    func id(_ prefix: String, _ index: Int? = nil) -> String {
        prefix + "_" + suffix + (index.map { "_\($0)" } ?? "")
    }

    /// What the model thought, as far as it told.
    func reasoning(_ text: [UInt8]?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", .string(id("rs")))
        writer.member("type", "reasoning")
        writer.key("summary")
        writer.beginArray()
        if let text { writer.raw(summary(text)) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    func summary(_ text: [UInt8]) -> [UInt8] { part("summary_text", "text", text) }

    /// - Parameter part: Nil as long as it has only begun.
    func message(_ status: Status, _ part: [UInt8]?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", .string(id("msg")))
        writer.member("type", "message")
        writer.member("status", .string(status.name))
        writer.member("role", "assistant")
        writer.key("content")
        writer.beginArray()
        if let part { writer.raw(part) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    func outputText(_ text: [UInt8]) -> [UInt8] { part("output_text", "text", text, isOutput: true) }
    func refusal(_ text: [UInt8]) -> [UInt8] { part("refusal", "refusal", text) }

    private func part(_ type: String, _ name: String, _ text: [UInt8], isOutput: Bool = false) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", .string(type))
        writer.key(name)
        writer.raw(quoted(text))
        if isOutput {
            writer.member("annotations", [])
            writer.member("logprobs", [])
        }
        writer.endObject()
        return writer.bytes
    }

    /// - Parameters:
    ///   - callID: JSON text, as is `name`.
    ///   - arguments: Spelled as in JSON, without quotes.
    func call(
        _ index: Int, _ status: Status, callID: [UInt8], name: [UInt8], arguments: [UInt8]
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", .string(id("fc", index)))
        writer.member("type", "function_call")
        writer.member("status", .string(status.name))
        writer.key("call_id")
        writer.raw(callID)
        writer.key("name")
        writer.raw(name)
        writer.key("arguments")
        writer.raw(quoted(arguments))
        writer.endObject()
        return writer.bytes
    }

    func quoted(_ text: [UInt8]) -> [UInt8] { [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")] }

    // MARK: Usage

    /// The counts of a chat answer under the names they have here, with what it cost behind them, where that is told.
    static func usage(at place: NativeFrame.Place, in frame: NativeFrame) -> [UInt8]? {
        var counts = ChatUsage()
        counts.read(frame.outline, at: place, in: frame.bytes)
        guard let usage = counts.usage else { return nil }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("input_tokens", .int(usage.promptTokens))
        writer.member("input_tokens_details", ["cached_tokens": .int(usage.cachedPromptTokens)])
        writer.member("output_tokens", .int(usage.completionTokens))
        writer.member("output_tokens_details", ["reasoning_tokens": .int(usage.reasoningTokens)])
        writer.member("total_tokens", .int(usage.totalTokens))
        for name: StaticString in ["estimated", "cost"] {
            guard let told = frame.member(name, of: place) else { continue }
            writer.key(name)
            writer.raw(frame[told].raw(in: frame.bytes))
        }
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ value: JSONValue) {
        key(name)
        self.value(value)
    }
}

extension NativeFrame {
    /// A string as it is spelled, without its quotes; nil when there is none or it is empty.
    func spelling(_ place: Place?) -> [UInt8]? {
        guard let place, self[place].kind == .string, self[place].range.count > 2 else { return nil }
        return Array(self[place].raw(in: bytes).dropFirst().dropLast())
    }
}
