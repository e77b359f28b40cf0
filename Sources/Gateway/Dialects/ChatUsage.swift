import Domain
import JSON

/// The counts of OpenAI's `usage` objects, as they were seen: of each the latest, nil what nobody told.
struct ChatUsage: Equatable, Sendable {
    private enum Count: Int, CaseIterable {
        case prompt, completion, total, cached, cacheWrite, reasoning
        case promptAudio, promptImage, completionAudio, completionImage
        /// Cached tokens under other vendors' names, which count when there is no `cached_tokens`.
        case cacheRead
    }

    private enum Member {
        case count(Count)
        case promptDetails, completionDetails
    }

    /// No vendor counts further; a larger figure is a mistake, and adding two such would overflow.
    private static let largestCount = 1 << 40

    private static let members = NameTable<Member>([
        "prompt_tokens": .count(.prompt), "completion_tokens": .count(.completion), "total_tokens": .count(.total),
        "prompt_tokens_details": .promptDetails, "completion_tokens_details": .completionDetails,
        "cache_creation_input_tokens": .count(.cacheWrite), "cache_read_input_tokens": .count(.cacheRead),
        "prompt_cache_hit_tokens": .count(.cacheRead),
    ])
    private static let promptDetails = NameTable<Count>([
        "cached_tokens": .cached, "audio_tokens": .promptAudio, "image_tokens": .promptImage,
        "cache_write_tokens": .cacheWrite, "cache_creation_tokens": .cacheWrite,
    ])
    private static let completionDetails = NameTable<Count>([
        "reasoning_tokens": .reasoning, "audio_tokens": .completionAudio, "image_tokens": .completionImage,
    ])

    private var counts = [Int?](repeating: nil, count: Count.allCases.count)

    /// Nil as long as nobody told prompt or completion, so that absence is never taken for zero.
    var usage: TokenUsage? {
        guard self[.prompt] != nil || self[.completion] != nil else { return nil }
        let prompt = self[.prompt] ?? 0
        let completion = self[.completion] ?? 0
        return TokenUsage(
            promptTokens: prompt, completionTokens: completion, totalTokens: self[.total] ?? prompt + completion,
            cachedPromptTokens: self[.cached] ?? self[.cacheRead] ?? 0, reasoningTokens: self[.reasoning] ?? 0,
            cacheWriteTokens: self[.cacheWrite] ?? 0, promptAudioTokens: self[.promptAudio] ?? 0,
            promptImageTokens: self[.promptImage] ?? 0, completionAudioTokens: self[.completionAudio] ?? 0,
            completionImageTokens: self[.completionImage] ?? 0)
    }

    /// Takes in what one frame says.
    mutating func read(_ outline: JSONOutline, at usage: JSONOutline.Place, in bytes: [UInt8]) {
        guard outline[usage].kind == .object else { return }
        var next = outline.firstChild(of: usage)
        while let place = next {
            switch Self.members.value(of: outline.field(place), in: bytes) {
            case .count(let count)?: set(count, outline[place], bytes)
            case .promptDetails?: read(Self.promptDetails, outline, at: place, bytes)
            case .completionDetails?: read(Self.completionDetails, outline, at: place, bytes)
            case nil: break
            }
            next = outline.sibling(after: place, in: usage)
        }
    }

    private mutating func read(
        _ names: NameTable<Count>, _ outline: JSONOutline, at details: JSONOutline.Place, _ bytes: [UInt8]
    ) {
        guard outline[details].kind == .object else { return }
        var next = outline.firstChild(of: details)
        while let place = next {
            if let count = names.value(of: outline.field(place), in: bytes) { set(count, outline[place], bytes) }
            next = outline.sibling(after: place, in: details)
        }
    }

    private mutating func set(_ count: Count, _ slice: JSONSlice, _ bytes: [UInt8]) {
        guard slice.kind == .number, let value = ChatNumber.int(slice, in: bytes),
            (0...Self.largestCount).contains(value)
        else { return }
        counts[count.rawValue] = value
    }

    private subscript(count: Count) -> Int? { counts[count.rawValue] }
}
