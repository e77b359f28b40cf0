import Domain
import JSON

/// Reads the `usage` object of OpenAI's chat answers.
enum ChatUsage {
    /// No vendor counts further; a larger figure is a mistake, and adding two such would overflow.
    private static let largestCount = 1 << 40

    /// Levels of an answer that must be listed to find its usage: the root, `usage`, and the details in it.
    static let levels = 3

    /// Nil when there is no such object or no count in it, so that absence is never taken for zero.
    static func read(_ outline: JSONOutline, in body: [UInt8]) -> TokenUsage? {
        guard let place = outline.member("usage", of: outline.root, in: body) else { return nil }
        let prompt = count("prompt_tokens", outline, place, body)
        let completion = count("completion_tokens", outline, place, body)
        guard prompt != nil || completion != nil else { return nil }
        var usage = TokenUsage()
        usage.promptTokens = prompt ?? 0
        usage.completionTokens = completion ?? 0
        usage.totalTokens =
            count("total_tokens", outline, place, body) ?? usage.promptTokens + usage.completionTokens
        usage.cachedPromptTokens = detail("cached_tokens", of: "prompt_tokens_details", outline, place, body)
        usage.reasoningTokens = detail("reasoning_tokens", of: "completion_tokens_details", outline, place, body)
        return usage
    }

    private static func count(
        _ name: StaticString, _ outline: JSONOutline, _ place: JSONOutline.Place, _ body: [UInt8]
    ) -> Int? {
        guard let found = outline.member(name, of: place, in: body), let value = outline[found].int(in: body),
            (0...largestCount).contains(value)
        else { return nil }
        return value
    }

    private static func detail(
        _ name: StaticString, of object: StaticString, _ outline: JSONOutline, _ place: JSONOutline.Place,
        _ body: [UInt8]
    ) -> Int {
        guard let details = outline.member(object, of: place, in: body) else { return 0 }
        return count(name, outline, details, body) ?? 0
    }
}
