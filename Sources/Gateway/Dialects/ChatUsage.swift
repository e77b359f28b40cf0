public import Domain
public import JSON

/// Reads the `usage` object of OpenAI's chat answers.
public enum ChatUsage {
    /// No vendor counts further; a larger figure is a mistake, and adding two such would overflow.
    private static let largestCount = 1 << 40

    /// Nil when the object holds no count at all, so that absence is never taken for zero.
    public static func read(_ field: JSONField, in body: [UInt8], scanner: JSONScanner) -> TokenUsage? {
        guard field.kind == .object, let index = try? scanner.scan(body, in: field.range) else { return nil }
        let prompt = count("prompt_tokens", index, body)
        let completion = count("completion_tokens", index, body)
        guard prompt != nil || completion != nil else { return nil }
        var usage = TokenUsage()
        usage.promptTokens = prompt ?? 0
        usage.completionTokens = completion ?? 0
        usage.totalTokens = count("total_tokens", index, body) ?? usage.promptTokens + usage.completionTokens
        usage.cachedPromptTokens = detail("cached_tokens", of: "prompt_tokens_details", index, body, scanner)
        usage.reasoningTokens = detail("reasoning_tokens", of: "completion_tokens_details", index, body, scanner)
        return usage
    }

    private static func count(_ name: StaticString, _ index: JSONIndex, _ body: [UInt8]) -> Int? {
        guard let value = index.first(named: name, in: body)?.int(in: body), (0...largestCount).contains(value) else {
            return nil
        }
        return value
    }

    private static func detail(
        _ name: StaticString, of object: StaticString, _ index: JSONIndex, _ body: [UInt8], _ scanner: JSONScanner
    ) -> Int {
        guard let field = index.first(named: object, in: body), field.kind == .object,
            let details = try? scanner.scan(body, in: field.range)
        else { return 0 }
        return count(name, details, body) ?? 0
    }
}
