import JSON

/// A frame as it goes to the client, or a part of one that said more than one thing at once.
struct ChatPiece: Sendable {
    let frame: ChatFrame
    /// The choice it speaks of.
    let choice: Int
    let finishes: Bool
    /// What is changed but for the model's name and usage.
    let patch: JSONPatch

    func data(model: [UInt8], usage: [UInt8]? = nil) -> [UInt8] {
        frame.rewritten(model: model, usage: usage, patch)
    }
}

/// Takes a choice of a frame apart into pieces that say one thing each, in the order of the stream's form: role,
/// thinking, content, refusal, calls, finish. One of them keeps what else the vendor put into the choice.
struct ChatPieces {
    typealias Place = JSONOutline.Place

    private struct Part {
        /// The members of the delta, as JSON text without braces.
        var delta: [UInt8]
        var isMain = false
        var finishes = false
    }

    private let frame: ChatFrame
    private let choice: ChatChoice

    /// What is to be sent of one choice; notes it in `tracks`.
    static func pieces(of choice: ChatChoice, in frame: ChatFrame, _ tracks: inout ChatTracks) -> [ChatPiece] {
        let pieces = ChatPieces(frame: frame, choice: choice)
        var parts = pieces.parts(&tracks)
        if !parts.isEmpty, !parts.contains(where: \.isMain) { parts[parts.count - 1].isMain = true }
        return parts.map(pieces.piece)
    }

    private func parts(_ tracks: inout ChatTracks) -> [Part] {
        let isOver = tracks.hasFinished(choice.index)
        let finishes = choice.finishes && !isOver
        let said = said()
        var parts: [Part] = []
        if !tracks.hasRole(choice.index), choice.role != nil || !said.isEmpty || finishes {
            parts.append(Part(delta: member("role", Array("\"assistant\"".utf8))))
            tracks.sentRole(choice.index)
        }
        parts += said
        if finishes {
            parts.append(Part(delta: [], finishes: true))
            tracks.finish(choice.index)
        } else if parts.isEmpty, choice.hasMore, !isOver {
            parts.append(Part(delta: []))
        }
        return parts
    }

    private func said() -> [Part] {
        var said = choice.texts.map { Part(delta: member($0.name, frame.text(of: $0.place))) }
        for call in choice.calls {
            if call.begins { said.append(Part(delta: fragment(beginning: call))) }
            if let arguments = call.arguments { said.append(Part(delta: fragment(of: call, arguments: arguments))) }
        }
        let content = choice.content == nil ? nil : choice.reasoning == nil ? 0 : 1
        if choice.hasOthers {
            let others = members(of: choice.delta, unknownTo: ChatFrame.deltaMembers)
            if said.isEmpty { return [Part(delta: Array(others.dropFirst()), isMain: true)] }
            said[content ?? said.count - 1].delta += others
        }
        if !said.isEmpty { said[content ?? said.count - 1].isMain = true }
        return said
    }

    // MARK: Deltas

    private func member(_ name: StaticString, _ value: [UInt8]) -> [UInt8] {
        var member = Array("\"\(name)\":".utf8)
        member += value
        return member
    }

    /// Each with a comma before it.
    private func members<Name>(of object: Place?, unknownTo names: NameTable<Name>) -> [UInt8] {
        guard let object, frame.outline[object].kind == .object else { return [] }
        var members: [UInt8] = []
        for place in frame.outline.children(of: object) {
            let field = frame.outline.field(place)
            guard names.value(of: field, in: frame.bytes) == nil, field.kind != .null else { continue }
            members.append(UInt8(ascii: ","))
            members += frame.bytes[field.memberRange]
        }
        return members
    }

    private func fragment(beginning call: ChatCall) -> [UInt8] {
        var text = #""tool_calls":[{"index":\#(call.number)"#.utf8.map(\.self)
        if let id = call.id { text += Array(#","id":"#.utf8) + frame.text(of: id) }
        text += Array(#","type":"#.utf8) + (call.type.map(frame.text) ?? Array(#""function""#.utf8))
        text += Array(#","function":{"#.utf8)
        if let name = call.name { text += member("name", frame.text(of: name)) + [UInt8(ascii: ",")] }
        text += Array(#""arguments":""}"#.utf8) + members(of: call.place, unknownTo: ChatFrame.callMembers)
        return text + Array("}]".utf8)
    }

    private func fragment(of call: ChatCall, arguments: Place) -> [UInt8] {
        var text = #""tool_calls":[{"index":\#(call.number),"function":{"arguments":"#.utf8.map(\.self)
        // Some vendors give the arguments as an object instead of its text.
        let isText = frame.outline[arguments].kind == .string
        let spelled = frame.text(of: arguments)
        text += isText ? spelled : JSONValue.string(String(decoding: spelled, as: UTF8.self)).serialized()
        text.append(UInt8(ascii: "}"))
        if !call.begins { text += members(of: call.place, unknownTo: ChatFrame.callMembers) }
        return text + Array("}]".utf8)
    }

    // MARK: Frames

    private func piece(_ part: Part) -> ChatPiece {
        ChatPiece(
            frame: frame, choice: choice.index, finishes: part.finishes,
            patch: part.isMain ? aroundItsOwn(part) : inItsPlace(part))
    }

    /// The vendor's choice with another delta, alone in its frame.
    private func aroundItsOwn(_ part: Part) -> JSONPatch {
        var patch = JSONPatch()
        var missing: [JSONPatch.NewMember] = []
        let delta = braced(part.delta)
        if !choice.hasIndex { missing.append(.init("index", Array("\(choice.index)".utf8))) }
        if let place = choice.delta {
            patch.replace(frame.outline[place].range, with: delta)
        } else {
            missing.append(.init("delta", delta))
        }
        if choice.finish == nil {
            missing.append(.init("finish_reason", Self.null))
        } else if let place = choice.finish, !part.finishes {
            patch.replace(frame.outline[place].range, with: Self.null)
        }
        if !missing.isEmpty { patch.change(frame.outline.index(of: choice.place), adding: missing) }
        if frame.choices.count > 1, let list = frame.list {
            let (all, own) = (frame.outline[list].range, frame.outline[choice.place].range)
            patch.replace((all.lowerBound + 1)..<own.lowerBound, with: [])
            patch.replace(own.upperBound..<(all.upperBound - 1), with: [])
        }
        return patch
    }

    /// A choice that has nothing but this part.
    private func inItsPlace(_ part: Part) -> JSONPatch {
        var text = #"[{"index":\#(choice.index),"delta":"#.utf8.map(\.self)
        text += braced(part.delta) + Array(#","finish_reason":"#.utf8)
        text += part.finishes ? choice.finish.map(frame.text) ?? Self.null : Self.null
        text += Array("}]".utf8)
        var patch = JSONPatch()
        if let list = frame.list { patch.replace(frame.outline[list].range, with: text) }
        return patch
    }

    private func braced(_ members: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "{")] + members + [UInt8(ascii: "}")]
    }

    private static let null = Array("null".utf8)
}
