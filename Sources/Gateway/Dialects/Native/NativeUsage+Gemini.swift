import Domain
import JSON

extension NativeUsage {
    private static let geminiCounts = NameTable<NativeCounts.Count>([
        "promptTokenCount": .input, "candidatesTokenCount": .output, "totalTokenCount": .total,
        "cachedContentTokenCount": .cached, "thoughtsTokenCount": .reasoning, "toolUsePromptTokenCount": .toolInput,
    ])

    /// Chunks of a stream have the form of whole answers.
    mutating func readGemini(_ frame: NativeFrame) {
        note(model: frame.member("modelVersion"), in: frame)
        if let usage = frame.member("usageMetadata") {
            counts.read(Self.geminiCounts, of: usage, in: frame)
            readDetails("promptTokensDetails", of: usage, audio: .inputAudio, image: .inputImage, frame)
            readDetails("candidatesTokensDetails", of: usage, audio: .outputAudio, image: .outputImage, frame)
        }
        for candidate in frame.elements(of: frame.member("candidates")) {
            if frame.member("finishReason", of: candidate) != nil { isComplete = true }
            for part in frame.elements(of: frame.member("content", "parts", from: candidate)) {
                deliver(frame.member("text", of: part), of: frame)
                if let call = frame.member("functionCall", of: part) { delivered.addRaw(frame[call]) }
            }
        }
        // A prompt that is refused has no candidates.
        if frame.member("promptFeedback", "blockReason") != nil { isComplete = true }
    }

    private mutating func readDetails(
        _ name: StaticString, of usage: NativeFrame.Place, audio: NativeCounts.Count, image: NativeCounts.Count,
        _ frame: NativeFrame
    ) {
        for detail in frame.elements(of: frame.member(name, of: usage)) {
            let count = frame.int(frame.member("tokenCount", of: detail))
            let modality = frame.member("modality", of: detail)
            if frame.isText("AUDIO", at: modality) { counts.set(audio, count) }
            if frame.isText("IMAGE", at: modality) { counts.set(image, count) }
        }
    }

    /// What was cached is part of the prompt; thinking, and what tools of the vendor's own read, are counted apart.
    var geminiUsage: TokenUsage {
        let prompt = counts.told(.input) + counts.told(.toolInput)
        let completion = counts.told(.output) + counts.told(.reasoning)
        return TokenUsage(
            promptTokens: prompt, completionTokens: completion, totalTokens: counts[.total] ?? prompt + completion,
            cachedPromptTokens: counts.told(.cached), reasoningTokens: counts.told(.reasoning),
            promptAudioTokens: counts.told(.inputAudio), promptImageTokens: counts.told(.inputImage),
            completionAudioTokens: counts.told(.outputAudio), completionImageTokens: counts.told(.outputImage))
    }
}
