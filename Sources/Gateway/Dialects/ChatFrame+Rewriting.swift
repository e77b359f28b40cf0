import Domain
import JSON

extension ChatFrame {
    private static let reasoningKey: StaticString = "reasoning_content"

    /// The frame with the gateway's name for the model, as JSON text, and for the thinking. All else stays byte for
    /// byte; a frame that names no model is not given one.
    func rewritten(model name: [UInt8], before prefix: StaticString = "", after suffix: StaticString = "") -> [UInt8] {
        var rewritten: [UInt8] = []
        rewritten.reserveCapacity(
            bytes.count + name.count + prefix.utf8CodeUnitCount + suffix.utf8CodeUnitCount
                + choices.count * Self.reasoningKey.utf8CodeUnitCount)
        rewritten.append(prefix)
        var copied = 0
        var modelRange = model.map { outline[$0].range }
        for choice in choices {
            guard let key = renamedKey(choice) else { continue }
            if let range = modelRange, range.lowerBound < key.lowerBound {
                replace(range, &copied, in: &rewritten) { $0.append(contentsOf: name) }
                modelRange = nil
            }
            replace(key, &copied, in: &rewritten) { $0.append(Self.reasoningKey) }
        }
        if let range = modelRange { replace(range, &copied, in: &rewritten) { $0.append(contentsOf: name) } }
        rewritten.append(contentsOf: bytes[copied...])
        rewritten.append(suffix)
        return rewritten
    }

    /// The same with what it cost in its usage, which stands behind everything else that changes.
    func rewritten(model name: [UInt8], costing cost: Nanodollars?) -> [UInt8] {
        var rewritten = rewritten(model: name)
        guard let cost, let usage else { return rewritten }
        let end = outline[usage].range.upperBound + rewritten.count - bytes.count
        rewritten.insert(contentsOf: UsageCost.member(cost), at: end - 1)
        return rewritten
    }

    /// Whether usage stands behind model and choices, is not empty and tells no cost, so that ours can be put in.
    var isUsageLast: Bool {
        guard let usage, usageText != nil else { return false }
        let begin = outline[usage].range.lowerBound
        return [model, list].allSatisfy { place in place.map { outline[$0].range.upperBound <= begin } ?? true }
    }

    /// Usage in the vendor's words; nil when it is empty or tells a cost of its own.
    var usageText: [UInt8]? {
        guard let usage, hasUsage, outline.firstChild(of: usage) != nil,
            outline.member("cost", of: usage, in: bytes) == nil
        else { return nil }
        return text(of: usage)
    }

    /// The same with usage: this, or none but what is null.
    func rewritten(model name: [UInt8], usage: [UInt8]?, _ patch: consuming JSONPatch) -> [UInt8] {
        if let model { patch.replace(outline[model].range, with: name) }
        if let usage {
            patch.set("usage", to: usage, in: outline.index(of: outline.root), of: bytes)
        } else if let place = self.usage, !outline[place].isNull {
            patch.replace(outline[place].range, with: Array("null".utf8))
        }
        return (try? patch.applied(to: bytes)) ?? bytes
    }

    /// The edits that give the thinking its one name.
    func renaming() -> JSONPatch {
        var patch = JSONPatch()
        for choice in choices {
            if let key = renamedKey(choice) {
                patch.replace(key, with: Self.reasoningKey.bytes)
            } else if let slot = choice.reasoningSlot, let text = choice.reasoning {
                patch.replace(outline[slot].range, with: Array(bytes[outline[text].range]))
            }
        }
        return patch
    }

    /// Whether the model already has this name, or none.
    func isNamed(_ name: [UInt8]) -> Bool {
        guard let range = model.map({ outline[$0].range }) else { return true }
        return range.count == name.count && bytes[range].elementsEqual(name)
    }

    var hasUsage: Bool { usage.map { outline[$0].kind == .object } ?? false }

    /// Whether thinking stands beside a `reasoning_content` that is null or empty: then it takes that place, for two
    /// members of one name would be one too many.
    var hasFilledSlot: Bool { choices.contains { $0.isReasoningRenamed && $0.reasoningSlot != nil } }

    var isRenamed: Bool { choices.contains(where: \.isReasoningRenamed) }

    /// What stands there, as it is spelled.
    func text(of place: Place) -> [UInt8] { Array(bytes[outline[place].range]) }

    private func renamedKey(_ choice: ChatChoice) -> Range<Int>? {
        guard choice.isReasoningRenamed, choice.reasoningSlot == nil, let text = choice.reasoning else { return nil }
        return outline.field(text).keyRange
    }

    private func replace(
        _ range: Range<Int>, _ copied: inout Int, in rewritten: inout [UInt8], _ append: (inout [UInt8]) -> Void
    ) {
        rewritten.append(contentsOf: bytes[copied..<range.lowerBound])
        append(&rewritten)
        copied = range.upperBound
    }
}

extension [UInt8] {
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}
