import Domain
import JSON

extension NativeUsage {
    private static let cohereCounts = NameTable<NativeCounts.Count>([
        "input_tokens": .input, "output_tokens": .output,
    ])

    mutating func readCohere(_ frame: NativeFrame, _ form: Form) {
        guard form == .streamed else {
            readCohereUsage(frame.member("usage"), frame)
            for part in frame.elements(of: frame.member("message", "content")) { readCohereText(part, frame) }
            for call in frame.elements(of: frame.member("message", "tool_calls")) { readCohereCall(call, frame) }
            return
        }
        if let content = frame.member("delta", "message", "content") { readCohereText(content, frame) }
        if let call = frame.member("delta", "message", "tool_calls") { readCohereCall(call, frame) }
        if let plan = frame.member("delta", "message", "tool_plan") { deliver(plan, of: frame) }
        guard frame.isText("message-end", at: frame.member("type")) else { return }
        isComplete = true
        if frame.isText("ERROR", at: frame.member("delta", "finish_reason")) { hasFailed = true }
        readCohereUsage(frame.member("delta", "usage"), frame)
    }

    /// What is billed is what counts; the tokens themselves include a frame that is not.
    private mutating func readCohereUsage(_ usage: NativeFrame.Place?, _ frame: NativeFrame) {
        counts.read(Self.cohereCounts, of: frame.member("tokens", of: usage), in: frame)
        counts.read(Self.cohereCounts, of: frame.member("billed_units", of: usage), in: frame)
    }

    private mutating func readCohereText(_ part: NativeFrame.Place, _ frame: NativeFrame) {
        deliver(frame.member("text", of: part) ?? frame.member("thinking", of: part), of: frame)
    }

    private mutating func readCohereCall(_ call: NativeFrame.Place, _ frame: NativeFrame) {
        deliver(frame.member("function", "name", from: call), of: frame)
        deliver(frame.member("function", "arguments", from: call), of: frame)
    }

    var cohereUsage: TokenUsage {
        let (input, output) = (counts.told(.input), counts.told(.output))
        return TokenUsage(promptTokens: input, completionTokens: output, totalTokens: input + output)
    }
}
