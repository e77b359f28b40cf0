import Domain
import JSON

extension ChatUsage {
    /// All counts that were told, as an object of OpenAI's form.
    var text: [UInt8] { usage?.text(isEstimate: false) ?? Array("null".utf8) }
}

extension TokenUsage {
    /// As an object of OpenAI's form that says it is the gateway's own guess.
    var estimateText: [UInt8] { text(isEstimate: true) }

    fileprivate func text(isEstimate: Bool) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.count("prompt_tokens", promptTokens)
        writer.count("completion_tokens", completionTokens)
        writer.count("total_tokens", totalTokens)
        if isEstimate {
            writer.key("estimated")
            writer.bool(true)
        } else {
            writer.details(
                "prompt_tokens_details",
                [
                    ("cached_tokens", cachedPromptTokens), ("cache_write_tokens", cacheWriteTokens),
                    ("audio_tokens", promptAudioTokens), ("image_tokens", promptImageTokens),
                ])
            writer.details(
                "completion_tokens_details",
                [
                    ("reasoning_tokens", reasoningTokens), ("audio_tokens", completionAudioTokens),
                    ("image_tokens", completionImageTokens),
                ])
        }
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func count(_ name: StaticString, _ count: Int) {
        key(name)
        int(count)
    }

    fileprivate mutating func details(_ name: StaticString, _ counts: [(StaticString, Int)]) {
        guard counts.contains(where: { $0.1 != 0 }) else { return }
        key(name)
        beginObject()
        for (name, value) in counts where value != 0 { count(name, value) }
        endObject()
    }
}
