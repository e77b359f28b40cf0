import Domain
import JSON

extension NativeUsage {
    private static let messagesCounts = NameTable<NativeCounts.Count>([
        "input_tokens": .input, "output_tokens": .output, "cache_read_input_tokens": .cached,
        "cache_creation_input_tokens": .cacheWrite,
    ])

    mutating func readMessages(_ frame: NativeFrame, _ form: Form) {
        guard form == .streamed else {
            readMessage(frame, frame.root)
            for block in frame.elements(of: frame.member("content")) { readBlock(block, of: frame) }
            return
        }
        switch frame.string(frame.member("type")) {
        case "message_start": if let message = frame.member("message") { readMessage(frame, message) }
        case "content_block_start": if let block = frame.member("content_block") { readBlock(block, of: frame) }
        case "content_block_delta":
            let delta = frame.member("delta")
            for name: StaticString in ["text", "thinking", "partial_json"] {
                deliver(frame.member(name, of: delta), of: frame)
            }
        case "message_delta":
            counts.read(Self.messagesCounts, of: frame.member("usage"), in: frame)
            if frame.member("delta", "stop_reason") != nil { isComplete = true }
        case "message_stop": isComplete = true
        case "error": hasFailed = true
        default: break
        }
    }

    private mutating func readMessage(_ frame: NativeFrame, _ message: NativeFrame.Place) {
        note(model: frame.member("model", of: message), in: frame)
        counts.read(Self.messagesCounts, of: frame.member("usage", of: message), in: frame)
        if frame.isText("error", at: frame.member("type", of: message)) { hasFailed = true }
    }

    private mutating func readBlock(_ block: NativeFrame.Place, of frame: NativeFrame) {
        for name: StaticString in ["text", "thinking", "name"] { deliver(frame.member(name, of: block), of: frame) }
        // A block that only begins has an empty object here.
        if let input = frame.member("input", of: block), frame.outline.firstChild(of: input) != nil {
            delivered.addRaw(frame[input])
        }
    }

    /// What was read from the cache and written to it is counted apart from the input; thinking is not told apart.
    var anthropicUsage: TokenUsage {
        let (cached, written) = (counts.told(.cached), counts.told(.cacheWrite))
        let prompt = counts.told(.input) + cached + written
        return TokenUsage(
            promptTokens: prompt, completionTokens: counts.told(.output),
            totalTokens: prompt + counts.told(.output), cachedPromptTokens: cached, cacheWriteTokens: written)
    }
}
