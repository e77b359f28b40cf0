import Domain
import JSON

extension NativeUsage {
    // MARK: Chat

    mutating func readChat(_ frame: NativeFrame, _ form: Form) {
        let chunk = ChatFrame(
            frame.bytes, frame.outline, form == .whole ? .whole : .streamed, tracks: &tracks, delivered: &delivered)
        note(model: chunk.model, in: frame)
        if let usage = chunk.usage { chat.read(frame.outline, at: usage, in: frame.bytes) }
        // The usage may follow in a chunk of its own.
        if chunk.choices.contains(where: \.finishes) { isComplete = true }
    }

    // MARK: Embeddings

    mutating func readEmbeddings(_ frame: NativeFrame) {
        note(model: frame.member("model"), in: frame)
        if let usage = frame.member("usage") { chat.read(frame.outline, at: usage, in: frame.bytes) }
    }

    // MARK: Cloudflare's run

    /// The answer may lie in the envelope of Cloudflare's management interface.
    mutating func readRun(_ frame: NativeFrame) {
        let result = frame.member("result") ?? frame.root
        note(model: frame.member("model", of: result), in: frame)
        if let usage = frame.member("usage", of: result) { chat.read(frame.outline, at: usage, in: frame.bytes) }
        deliver(frame.member("response", of: result), of: frame)
        for call in frame.elements(of: frame.member("tool_calls", of: result)) {
            deliver(frame.member("name", of: call), of: frame)
            if let arguments = frame.member("arguments", of: call) { delivered.addRaw(frame[arguments]) }
        }
    }

    // MARK: Responses

    private static let responsesCounts = NameTable<NativeCounts.Count>([
        "input_tokens": .input, "output_tokens": .output, "total_tokens": .total,
    ])
    private static let inputDetails = NameTable<NativeCounts.Count>([
        "cached_tokens": .cached, "audio_tokens": .inputAudio, "image_tokens": .inputImage,
    ])
    private static let outputDetails = NameTable<NativeCounts.Count>([
        "reasoning_tokens": .reasoning, "audio_tokens": .outputAudio, "image_tokens": .outputImage,
    ])

    mutating func readResponses(_ frame: NativeFrame, _ form: Form) {
        guard form == .streamed else { return readResponse(frame, frame.root, deliversText: true) }
        if let response = frame.member("response") { readResponse(frame, response, deliversText: false) }
        let type = frame.string(frame.member("type")) ?? ""
        switch type {
        case "response.completed", "response.incomplete": isComplete = true
        case "response.failed", "error": hasFailed = true
        // Sound and pictures come in pieces of base64.
        case let delta where delta.hasSuffix(".delta") && !delta.hasSuffix("audio.delta"):
            deliver(frame.member("delta"), of: frame)
        default: break
        }
    }

    private mutating func readResponse(_ frame: NativeFrame, _ response: NativeFrame.Place, deliversText: Bool) {
        note(model: frame.member("model", of: response), in: frame)
        let usage = frame.member("usage", of: response)
        counts.read(Self.responsesCounts, of: usage, in: frame)
        counts.read(Self.inputDetails, of: frame.member("input_tokens_details", of: usage), in: frame)
        counts.read(Self.outputDetails, of: frame.member("output_tokens_details", of: usage), in: frame)
        if frame.isText("failed", at: frame.member("status", of: response)) { hasFailed = true }
        guard deliversText else { return }
        for item in frame.elements(of: frame.member("output", of: response)) {
            deliver(frame.member("arguments", of: item), of: frame)
            for part in frame.elements(of: frame.member("content", of: item)) {
                deliver(frame.member("text", of: part) ?? frame.member("refusal", of: part), of: frame)
            }
            for part in frame.elements(of: frame.member("summary", of: item)) {
                deliver(frame.member("text", of: part), of: frame)
            }
        }
    }

    /// As in chat, cached tokens are part of the input and thinking part of the output.
    var responsesUsage: TokenUsage {
        let (input, output) = (counts.told(.input), counts.told(.output))
        return TokenUsage(
            promptTokens: input, completionTokens: output, totalTokens: counts[.total] ?? input + output,
            cachedPromptTokens: counts.told(.cached), reasoningTokens: counts.told(.reasoning),
            promptAudioTokens: counts.told(.inputAudio), promptImageTokens: counts.told(.inputImage),
            completionAudioTokens: counts.told(.outputAudio), completionImageTokens: counts.told(.outputImage))
    }
}
