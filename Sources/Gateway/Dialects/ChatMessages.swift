import Domain
import JSON

extension ChatCheck {
    private enum Role: String { case system, developer, user, assistant, tool, function }
    private enum MessageMember {
        case role, content, name, toolCalls, toolCallID, functionCall, refusal, audio, reasoning
    }

    private static let roles = NameTable<Role>([
        "user": .user, "assistant": .assistant, "system": .system, "developer": .developer, "tool": .tool,
        "function": .function,
    ])
    private static let messageMembers = NameTable<MessageMember>([
        "role": .role, "content": .content, "name": .name, "tool_calls": .toolCalls, "tool_call_id": .toolCallID,
        "function_call": .functionCall, "refusal": .refusal, "audio": .audio, "reasoning_content": .reasoning,
    ])

    mutating func checkMessages(at place: Place) throws(GatewayError) {
        try body.expect(.array, at: place, "an array of messages")
        let outline = body.outline
        var next = outline.firstChild(of: place)
        guard next != nil else {
            throw body.failure(.invalidValue, at: place, "is empty. Send at least one message.")
        }
        while let message = next {
            try checkMessage(at: message)
            next = outline.sibling(after: message, in: place)
        }
    }

    private mutating func checkMessage(at message: Place) throws(GatewayError) {
        guard body[message].kind == .object else {
            throw body.failure(.invalidType, at: message, "must be an object with `role` and `content`.")
        }
        messageCount += 1
        var parts = MessageParts()
        var seen: UInt64 = 0
        let outline = body.outline
        var next = outline.firstChild(of: message)
        while let place = next {
            if let position = Self.messageMembers.position(of: outline.field(place), in: body.bytes) {
                guard seen & (1 << UInt64(position)) == 0 else { throw body.twice(place) }
                seen |= 1 << UInt64(position)
                try check(Self.messageMembers[position], at: place, &parts)
            }
            next = outline.sibling(after: place, in: message)
        }
        try checkWhole(parts, message)
    }

    private struct MessageParts {
        var role: Role?
        var hasContent = false
        var hasName = false
        var hasToolCallID = false
        var hasReasoning = false
    }

    private mutating func check(
        _ member: MessageMember, at place: Place, _ parts: inout MessageParts
    ) throws(GatewayError) {
        if member == .reasoning { parts.hasReasoning = true }
        guard !body[place].isNull else { return }
        switch member {
        case .role: parts.role = try body.word(at: place, Self.roles)
        case .content:
            parts.hasContent = true
            try checkContent(at: place)
        case .name:
            parts.hasName = true
            try body.string(at: place)
        case .toolCallID:
            parts.hasToolCallID = true
            try body.string(at: place)
        case .refusal: try body.string(at: place)
        case .toolCalls: try checkToolCalls(at: place)
        case .functionCall: try checkCalledFunction(at: place)
        case .audio: try body.expect(.object, at: place, "an object")
        // Taken out before the vendor sees it, whatever it is.
        case .reasoning: break
        }
    }

    private mutating func checkWhole(_ parts: MessageParts, _ message: Place) throws(GatewayError) {
        guard let role = parts.role else { throw body.missing("role", in: message) }
        // An assistant that only called tools said nothing.
        guard parts.hasContent || role == .assistant else { throw body.missing("content", in: message) }
        guard parts.hasToolCallID || role != .tool else { throw body.missing("tool_call_id", in: message) }
        guard parts.hasName || role != .function else { throw body.missing("name", in: message) }
        if parts.hasReasoning && role == .assistant { withReasoning.append(message) }
    }
}
