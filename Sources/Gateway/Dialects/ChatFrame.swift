import JSON

/// An answer, or one chunk of a stream: where in it lies what the gateway reads or rewrites. Read in one pass.
struct ChatFrame: Sendable {
    typealias Place = JSONOutline.Place

    /// Levels that must be listed: down to the arguments of a call, in a call, in the delta, of a choice, of choices.
    static let levels = 7

    enum Form { case whole, streamed }

    let bytes: [UInt8]
    let outline: JSONOutline
    private(set) var model: Place?
    private(set) var usage: Place?
    private(set) var error: Place?
    /// The array of choices.
    private(set) var list: Place?
    private(set) var choices: [ChatChoice] = []
    private let form: Form

    private enum Member { case model, choices, usage, error }
    private enum ChoiceMember { case index, delta, message, finishReason, logprobs }
    enum DeltaMember { case role, content, refusal, reasoning, otherReasoning, toolCalls, call }
    enum CallMember { case index, id, type, function, name, arguments }

    private static let members = NameTable<Member>([
        "choices": .choices, "model": .model, "usage": .usage, "error": .error,
    ])
    private static let choiceMembers = NameTable<ChoiceMember>([
        "index": .index, "delta": .delta, "finish_reason": .finishReason, "logprobs": .logprobs, "message": .message,
    ])
    static let deltaMembers = NameTable<DeltaMember>([
        "content": .content, "reasoning_content": .reasoning, "tool_calls": .toolCalls, "role": .role,
        "refusal": .refusal, "reasoning": .otherReasoning, "thinking": .otherReasoning, "function_call": .call,
    ])
    static let callMembers = NameTable<CallMember>([
        "index": .index, "function": .function, "id": .id, "type": .type,
    ])
    private static let functionMembers = NameTable<CallMember>(["arguments": .arguments, "name": .name])

    /// Adds what the frame delivers to `delivered`, and the calls it begins to `tracks`.
    init(
        _ bytes: [UInt8], _ outline: JSONOutline, _ form: Form, tracks: inout ChatTracks,
        delivered: inout DeliveredText
    ) {
        self.bytes = bytes
        self.outline = outline
        self.form = form
        var choices: Place?
        forEach(in: outline.root, Self.members) { frame, member, place in
            switch member {
            case .model?: frame.model = frame.model ?? place
            case .usage?: frame.usage = frame.usage ?? place
            case .error?: frame.error = frame.error ?? place
            case .choices?: choices = choices ?? place
            case nil: break
            }
        }
        if let choices { readChoices(choices, &tracks, &delivered) }
    }

    private mutating func readChoices(_ list: Place, _ tracks: inout ChatTracks, _ delivered: inout DeliveredText) {
        guard outline[list].kind == .array else { return }
        self.list = list
        var next = outline.firstChild(of: list)
        while let place = next {
            var choice = ChatChoice(place, position: choices.count)
            readChoice(&choice)
            if let delta = choice.delta { readDelta(delta, &choice, &tracks, &delivered) }
            delivered.sawChoice(choice.index)
            choices.append(choice)
            next = outline.sibling(after: place, in: list)
        }
    }

    private mutating func readChoice(_ choice: inout ChatChoice) {
        forEach(in: choice.place, Self.choiceMembers) { frame, member, place in
            let slice = frame.outline[place]
            switch member {
            case .index?:
                guard let index = ChatNumber.index(slice, in: frame.bytes, below: ChatTracks.mostChoices) else { break }
                choice.index = index
                choice.hasIndex = true
            case .finishReason?:
                choice.finish = choice.finish ?? place
                choice.finishes = !frame.saysNothing(place)
                choice.hasPlainFinish = choice.finishes || slice.isNull
            case .delta? where frame.form == .streamed, .message? where frame.form == .whole:
                choice.delta = choice.delta ?? place
                choice.hasEmpty = slice.kind != .object
            default: if !slice.isNull { choice.hasMore = true }
            }
        }
    }

    private mutating func readDelta(
        _ delta: Place, _ choice: inout ChatChoice, _ tracks: inout ChatTracks, _ delivered: inout DeliveredText
    ) {
        var other: Place?
        forEach(in: delta, Self.deltaMembers) { frame, member, place in
            choice.memberCount += 1
            let slice = frame.outline[place]
            if frame.saysNothing(place) {
                if member == .reasoning { choice.reasoningSlot = place }
                if !slice.isNull { choice.hasEmpty = true }
                return
            }
            switch member {
            case .role?: choice.role = place
            case .content?: choice.content = place
            case .refusal?: choice.refusal = place
            case .reasoning?: choice.reasoning = place
            case .otherReasoning?:
                if slice.kind == .string { other = other ?? place } else { choice.hasOthers = true }
            case .call?:
                choice.functionCall = place
                frame.readFunctionCall(place, &delivered)
            case .toolCalls?: frame.readCalls(place, &choice, &tracks, &delivered)
            case nil: choice.hasOthers = true
            }
        }
        // Some vendors send the same text under two names: it is one text, and has its name already.
        if let other, choice.reasoning == nil {
            choice.reasoning = other
            choice.isReasoningRenamed = true
            if choice.reasoningSlot != nil { choice.hasEmpty = true }
        }
        if let text = choice.reasoning { delivered.add(outline[text], in: bytes) }
        if let text = choice.content { delivered.add(outline[text], in: bytes) }
        if let text = choice.refusal { delivered.add(outline[text], in: bytes) }
    }

    private func saysNothing(_ place: Place) -> Bool {
        switch outline[place].kind {
        case .null: true
        case .string: outline[place].range.count == 2
        case .array, .object: outline.firstChild(of: place) == nil
        default: false
        }
    }

    // MARK: Calls

    private mutating func readCalls(
        _ list: Place, _ choice: inout ChatChoice, _ tracks: inout ChatTracks, _ delivered: inout DeliveredText
    ) {
        var next = outline.firstChild(of: list)
        while let place = next {
            let call = readCall(place, choice.index, &tracks)
            if call.begins, let name = call.name { delivered.add(outline[name], in: bytes) }
            if let arguments = call.arguments { delivered.add(outline[arguments], in: bytes) }
            choice.calls.append(call)
            next = outline.sibling(after: place, in: list)
        }
    }

    private mutating func readCall(_ place: Place, _ choice: Int, _ tracks: inout ChatTracks) -> ChatCall {
        var call = ChatCall(place)
        forEach(in: place, Self.callMembers) { frame, member, place in
            guard !frame.saysNothing(place) else { return }
            switch member {
            case .index?:
                call.vendorIndex = ChatNumber.index(frame.outline[place], in: frame.bytes, below: .max)
            case .id?: call.id = frame.outline[place].kind == .string ? place : nil
            case .type?: call.type = place
            case .function?: frame.readFunction(place, &call)
            default: break
            }
        }
        let id = call.id.map { bytes[outline[$0].range] } ?? []
        tracks.number(&call, choice: choice, id: id)
        return call
    }

    private mutating func readFunction(_ place: Place, _ call: inout ChatCall) {
        call.function = place
        forEach(in: place, Self.functionMembers) { frame, member, place in
            let slice = frame.outline[place]
            switch member {
            case .name?: call.name = slice.kind == .string && !frame.saysNothing(place) ? place : nil
            case .arguments?:
                call.hasArguments = slice.kind == .string
                // What lies in other values is not listed.
                call.arguments = slice.isNull || slice.kind == .string && frame.saysNothing(place) ? nil : place
            default: break
            }
        }
    }

    private mutating func readFunctionCall(_ place: Place, _ delivered: inout DeliveredText) {
        var call = ChatCall(place)
        readFunction(place, &call)
        for text in [call.name, call.arguments] {
            if let text { delivered.add(outline[text], in: bytes) }
        }
    }

    private mutating func forEach<Name>(
        in place: Place, _ names: NameTable<Name>, _ body: (inout ChatFrame, Name?, Place) -> Void
    ) {
        guard outline[place].kind == .object else { return }
        var next = outline.firstChild(of: place)
        while let child = next {
            body(&self, names.value(of: outline.field(child), in: bytes), child)
            next = outline.sibling(after: child, in: place)
        }
    }
}

extension ChatNumber {
    fileprivate static func index(_ slice: JSONSlice, in bytes: [UInt8], below limit: Int) -> Int? {
        guard slice.kind == .number else { return nil }
        return int(slice, in: bytes).flatMap { (0..<limit).contains($0) ? $0 : nil }
    }
}
