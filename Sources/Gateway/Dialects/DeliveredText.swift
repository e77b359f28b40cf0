public import Domain
import JSON

/// How much text an answer has delivered so far: content, thinking, refusals, and calls with their arguments. Counted
/// alike in whole answers and in streams, so that both come to the same estimate.
public struct DeliveredText: Hashable, Sendable {
    /// In UTF-8, unescaped.
    private var bytes = 0
    private var choices = 0

    init() {}

    mutating func sawChoice(_ index: Int) {
        choices = max(choices, index + 1)
    }

    mutating func add(_ text: JSONSlice, in body: [UInt8]) {
        guard text.kind == .string else { return }
        let range = text.range
        let spelling = body[(range.lowerBound + 1)..<(range.upperBound - 1)]
        bytes += text.hasEscapes ? Self.unescapedCount(spelling) : spelling.count
    }

    /// A value that is no text, such as the arguments of a call, by the bytes it is spelled in.
    mutating func addRaw(_ value: JSONSlice) {
        bytes += value.range.count
    }

    /// What the call may have used, for a vendor that does not say.
    public func usage(prompt: Int) -> TokenUsage {
        let completion = TextEstimate.tokens(bytes: bytes, messages: choices)
        return TokenUsage(promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion)
    }

    private static func unescapedCount(_ spelling: ArraySlice<UInt8>) -> Int {
        var count = 0
        var at = spelling.startIndex
        while at < spelling.endIndex {
            guard spelling[at] == UInt8(ascii: "\\") else {
                count += 1
                at += 1
                continue
            }
            let isUnit = at + 1 < spelling.endIndex && spelling[at + 1] == UInt8(ascii: "u")
            count += isUnit ? utf8Count(spelling[min(at + 2, spelling.endIndex)...].prefix(4)) : 1
            at += isUnit ? 6 : 2
        }
        return count
    }

    /// Of one code unit in hex. The halves of a pair make two bytes each of its four.
    private static func utf8Count(_ hex: ArraySlice<UInt8>) -> Int {
        guard let unit = UInt16(String(decoding: hex, as: UTF8.self), radix: 16) else { return 1 }
        return switch unit {
        case ..<0x80: 1
        case ..<0x800: 2
        case 0xd800..<0xe000: 2
        default: 3
        }
    }
}
