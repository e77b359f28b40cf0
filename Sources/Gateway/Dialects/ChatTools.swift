import Domain
import JSON

// Tools that may be called, and calls that were made.

extension ChatCheck {
    private static let maximumTools = 128

    private enum ToolKind { case function, custom }
    private enum ToolMember { case type, function, custom, id }
    private enum FunctionMember { case name, description, parameters, strict, arguments, input }

    private static let toolKinds = NameTable<ToolKind>(["function": .function, "custom": .custom])
    private static let toolMembers = NameTable<ToolMember>([
        "type": .type, "function": .function, "custom": .custom, "id": .id,
    ])
    private static let functionMembers = NameTable<FunctionMember>([
        "name": .name, "description": .description, "parameters": .parameters, "strict": .strict,
    ])
    private static let callMembers = NameTable<FunctionMember>([
        "name": .name, "arguments": .arguments, "input": .input,
    ])

    // MARK: What may be called

    func checkTools(at place: Place) throws(GatewayError) {
        try list(at: place) { tool throws(GatewayError) in
            switch try kind(of: tool) {
            case (.function, let places): try checkFunction(at: try required(places.function, "function", in: tool))
            case (.custom, let places): try checkName(in: try required(places.custom, "custom", in: tool))
            }
        }
    }

    /// The older form of `tools`.
    func checkFunctions(at place: Place) throws(GatewayError) {
        try list(at: place) { function throws(GatewayError) in try checkFunction(at: function) }
    }

    private func list(
        at place: Place, _ check: (Place) throws(GatewayError) -> Void
    ) throws(GatewayError) {
        try body.expect(.array, at: place, "an array")
        var count = 0
        try body.forEach(in: place) { tool throws(GatewayError) in
            count += 1
            guard count <= Self.maximumTools else {
                throw body.failure(.invalidValue, at: place, "has more than \(Self.maximumTools) entries.")
            }
            try check(tool)
        }
    }

    private struct ToolPlaces {
        var function: Place?
        var custom: Place?
        var id: Place?
    }

    private func kind(of tool: Place) throws(GatewayError) -> (ToolKind, ToolPlaces) {
        var kind: ToolKind?
        var places = ToolPlaces()
        try body.forEachMember(of: tool, named: Self.toolMembers) { member, place throws(GatewayError) in
            switch member {
            case .type: kind = try body.word(at: place, Self.toolKinds)
            case .function: places.function = place
            case .custom: places.custom = place
            case .id: places.id = place
            }
        }
        guard let kind else { throw body.missing("type", in: tool) }
        return (kind, places)
    }

    private func checkFunction(at place: Place) throws(GatewayError) {
        var hasName = false
        try body.forEachMember(of: place, named: Self.functionMembers) { member, place throws(GatewayError) in
            switch member {
            case .name:
                hasName = true
                try body.name(at: place)
            case .parameters: try body.expect(.object, at: place, "an object")
            case .strict: _ = try body.bool(at: place)
            default: try body.string(at: place)
            }
        }
        guard hasName else { throw body.missing("name", in: place) }
    }

    // MARK: What shall be called

    private enum Choice { case none, auto, required }
    private enum ChoiceKind { case function, custom, allowedTools }
    private enum ChoiceMember { case type, function, custom, allowedTools }

    private static let choices = NameTable<Choice>(["auto": .auto, "none": .none, "required": .required])
    private static let functionChoices = NameTable<Choice>(["auto": .auto, "none": .none])
    private static let choiceKinds = NameTable<ChoiceKind>([
        "function": .function, "custom": .custom, "allowed_tools": .allowedTools,
    ])
    private static let choiceMembers = NameTable<ChoiceMember>([
        "type": .type, "function": .function, "custom": .custom, "allowed_tools": .allowedTools,
    ])

    func checkToolChoice(at place: Place) throws(GatewayError) {
        if body[place].kind == .string {
            try body.word(at: place, Self.choices)
            return
        }
        guard body[place].kind == .object else {
            throw body.failure(.invalidType, at: place, "must be a string or an object.")
        }
        var kind: ChoiceKind?
        var (function, custom, allowed): (Place?, Place?, Place?)
        try body.forEachMember(of: place, named: Self.choiceMembers) { member, place throws(GatewayError) in
            switch member {
            case .type: kind = try body.word(at: place, Self.choiceKinds)
            case .function: function = place
            case .custom: custom = place
            case .allowedTools: allowed = place
            }
        }
        switch kind {
        case nil: throw body.missing("type", in: place)
        case .function: try checkName(in: try required(function, "function", in: place))
        case .custom: try checkName(in: try required(custom, "custom", in: place))
        case .allowedTools:
            try body.expect(.object, at: try required(allowed, "allowed_tools", in: place), "an object")
        }
    }

    /// The older form of `tool_choice`.
    func checkFunctionCall(at place: Place) throws(GatewayError) {
        if body[place].kind == .string {
            try body.word(at: place, Self.functionChoices)
            return
        }
        guard body[place].kind == .object else {
            throw body.failure(.invalidType, at: place, "must be a string or an object.")
        }
        try checkName(in: place)
    }

    private func checkName(in place: Place) throws(GatewayError) {
        var hasName = false
        try body.forEachMember(of: place, named: Self.callMembers) { member, place throws(GatewayError) in
            guard member == .name else { return }
            hasName = true
            try body.name(at: place)
        }
        guard hasName else { throw body.missing("name", in: place) }
    }

    // MARK: What was called

    func checkToolCalls(at place: Place) throws(GatewayError) {
        try body.expect(.array, at: place, "an array")
        try body.forEach(in: place) { call throws(GatewayError) in
            let (kind, places) = try self.kind(of: call)
            try body.string(at: try required(places.id, "id", in: call))
            switch kind {
            case .function: try checkCalledFunction(at: try required(places.function, "function", in: call))
            case .custom: try checkCall(.input, "input", at: try required(places.custom, "custom", in: call))
            }
        }
    }

    func checkCalledFunction(at place: Place) throws(GatewayError) {
        try checkCall(.arguments, "arguments", at: place)
    }

    private func checkCall(
        _ payload: FunctionMember, _ payloadName: StaticString, at place: Place
    ) throws(GatewayError) {
        var (hasName, hasPayload) = (false, false)
        try body.forEachMember(of: place, named: Self.callMembers) { member, place throws(GatewayError) in
            guard member == .name || member == payload else { return }
            try body.string(at: place)
            if member == .name { hasName = true } else { hasPayload = true }
        }
        guard hasName else { throw body.missing("name", in: place) }
        guard hasPayload else { throw body.missing(payloadName, in: place) }
    }
}
