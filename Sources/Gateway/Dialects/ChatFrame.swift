import Domain
import JSON

/// An answer, or one chunk of a stream: where in it lies what the gateway reads or rewrites. Read in one pass.
struct ChatFrame {
    typealias Place = JSONOutline.Place

    /// Levels that must be listed: down to the arguments of a call, in a call, in the delta, of a choice, of choices.
    static let levels = 7

    let bytes: [UInt8]
    let outline: JSONOutline
    private(set) var model: Place?
    private(set) var usage: Place?
    private(set) var error: Place?
    private(set) var hasChoices = false
    private(set) var choiceCount = 0
    private(set) var hasFinished = false
    /// Keys under which vendors give their models' thinking, and that become `reasoning_content`.
    private var reasoningKeys: [Range<Int>] = []

    private enum Member { case model, choices, usage, error }
    private enum ChoiceMember { case index, delta, finishReason }
    private enum DeltaMember { case text, reasoning, otherReasoning, toolCalls, call }
    private enum CallMember { case function, text }

    private static let members = NameTable<Member>([
        "choices": .choices, "model": .model, "usage": .usage, "error": .error,
    ])
    private static let choiceMembers = NameTable<ChoiceMember>([
        "index": .index, "delta": .delta, "message": .delta, "finish_reason": .finishReason,
    ])
    private static let deltaMembers = NameTable<DeltaMember>([
        "content": .text, "refusal": .text, "reasoning_content": .reasoning, "reasoning": .otherReasoning,
        "thinking": .otherReasoning, "tool_calls": .toolCalls, "function_call": .call,
    ])
    private static let callMembers = NameTable<CallMember>([
        "function": .function, "name": .text, "arguments": .text,
    ])

    /// Adds what the frame delivers to `delivered`.
    init(_ bytes: [UInt8], _ outline: JSONOutline, delivered: inout DeliveredText) {
        self.bytes = bytes
        self.outline = outline
        forEach(in: outline.root, Self.members) { frame, member, place in
            switch member {
            case .model: frame.model = frame.model ?? place
            case .usage: frame.usage = frame.usage ?? place
            case .error: frame.error = frame.error ?? place
            case .choices: frame.readChoices(place, &delivered)
            }
        }
    }

    private mutating func readChoices(_ choices: Place, _ delivered: inout DeliveredText) {
        guard outline[choices].kind == .array else { return }
        hasChoices = true
        var next = outline.firstChild(of: choices)
        while let choice = next {
            readChoice(choice, position: choiceCount, &delivered)
            choiceCount += 1
            next = outline.sibling(after: choice, in: choices)
        }
    }

    private mutating func readChoice(_ choice: Place, position: Int, _ delivered: inout DeliveredText) {
        var index = position
        forEach(in: choice, Self.choiceMembers) { frame, member, place in
            switch member {
            case .index: index = ChatNumber.index(frame.outline[place], in: frame.bytes) ?? index
            case .finishReason: if !frame.outline[place].isNull { frame.hasFinished = true }
            case .delta: frame.readDelta(place, &delivered)
            }
        }
        delivered.sawChoice(index)
    }

    private mutating func readDelta(_ delta: Place, _ delivered: inout DeliveredText) {
        var (reasoning, other): (JSONSlice?, Place?)
        forEach(in: delta, Self.deltaMembers) { frame, member, place in
            switch member {
            case .text: delivered.add(frame.outline[place], in: frame.bytes)
            case .reasoning: reasoning = frame.outline[place]
            case .otherReasoning: if frame.outline[place].kind == .string { other = other ?? place }
            case .call: frame.readCall(place, &delivered)
            case .toolCalls: for call in frame.outline.children(of: place) { frame.readCall(call, &delivered) }
            }
        }
        // Some vendors send the same text under two names: it is one text, and has its name already.
        if let reasoning {
            delivered.add(reasoning, in: bytes)
        } else if let other {
            delivered.add(outline[other], in: bytes)
            reasoningKeys.append(outline.field(other).keyRange)
        }
    }

    /// A call's function, or the function itself.
    private mutating func readCall(_ call: Place, _ delivered: inout DeliveredText) {
        forEach(in: call, Self.callMembers) { frame, member, place in
            switch member {
            case .function: frame.readCall(place, &delivered)
            case .text: delivered.add(frame.outline[place], in: frame.bytes)
            }
        }
    }

    private mutating func forEach<Name>(
        in place: Place, _ names: NameTable<Name>, _ body: (inout ChatFrame, Name, Place) -> Void
    ) {
        guard outline[place].kind == .object else { return }
        var next = outline.firstChild(of: place)
        while let child = next {
            if let name = names.value(of: outline.field(child), in: bytes) { body(&self, name, child) }
            next = outline.sibling(after: child, in: place)
        }
    }

    // MARK: Rewriting

    private static let reasoningKey: StaticString = "reasoning_content"

    /// The frame with the gateway's name for the model, as JSON text, and for the thinking. All else stays byte for
    /// byte; a frame that names no model is not given one.
    func rewritten(model name: [UInt8], before prefix: StaticString = "", after suffix: StaticString = "") -> [UInt8] {
        var rewritten: [UInt8] = []
        rewritten.reserveCapacity(
            bytes.count + name.count + prefix.utf8CodeUnitCount + suffix.utf8CodeUnitCount
                + reasoningKeys.count * Self.reasoningKey.utf8CodeUnitCount)
        rewritten.append(prefix)
        var copied = 0
        var modelRange = model.map { outline[$0].range }
        for key in reasoningKeys {
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

    private func replace(
        _ range: Range<Int>, _ copied: inout Int, in rewritten: inout [UInt8], _ append: (inout [UInt8]) -> Void
    ) {
        rewritten.append(contentsOf: bytes[copied..<range.lowerBound])
        append(&rewritten)
        copied = range.upperBound
    }
}

extension ChatNumber {
    /// More choices than one request may ask for are counted no further.
    fileprivate static func index(_ slice: JSONSlice, in bytes: [UInt8]) -> Int? {
        guard slice.kind == .number else { return nil }
        return int(slice, in: bytes).flatMap { (0..<128).contains($0) ? $0 : nil }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}
