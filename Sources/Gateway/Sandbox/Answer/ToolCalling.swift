import JSON

/// Decides which tools to call, and with what.
///
/// With `auto`, a tool is called only when the last user message plausibly asks for it: it shares a word with the
/// tool's name (verbs like "get" aside), or two with its description. Once results have come back, `auto` answers.
enum ToolCalling {
    /// Calls in one answer.
    static let callLimit = 8
    static let descriptionOverlap = 2

    static func calls(for request: ChatRequest, random: inout StableRandom) -> [ToolCall] {
        let hints = TextHints(request.lastUserText)
        var calls: [ToolCall] = []
        for tool in chosen(for: request) {
            for focus in focuses(hints, tool) {
                let id = "call_" + random.letters(24)
                let arguments = arguments(of: tool, focus, random: &random)
                calls.append(ToolCall(id: id, name: tool.name, arguments: arguments))
            }
        }
        return Array(calls.prefix(request.allowsParallelToolCalls ? callLimit : 1))
    }

    // MARK: Which

    private static func chosen(for request: ChatRequest) -> [ChatTool] {
        switch request.toolChoice {
        case .never: return []
        case .function(let name): return request.tools.filter { $0.name == name }
        case .required:
            let matching = matching(request)
            return matching.isEmpty ? Array(request.tools.prefix(1)) : matching
        case .automatic:
            let isSettled = !request.freshToolResults.isEmpty || request.directive != nil
            return isSettled ? [] : matching(request)
        }
    }

    /// The tools the words ask for, the best match first.
    private static func matching(_ request: ChatRequest) -> [ChatTool] {
        let words = Set(Words.of(String(request.lastUserText.prefix(Words.scanLimit))).map(Words.stem))
        let scored = request.tools.enumerated().map { (index: $0, tool: $1, score: score($1, words)) }
        return scored.filter { $0.score > 0 }
            .sorted { ($1.score, $0.index) < ($0.score, $1.index) }
            .map(\.tool)
    }

    private static func score(_ tool: ChatTool, _ words: Set<String>) -> Int {
        let name = TextHints.words(inName: tool.name).filter { !generic.contains($0) }
        let inName = Set(name.map(Words.stem)).intersection(words).count
        let description = Words.keywords(of: tool.description, limit: 40).filter { !generic.contains($0) }
        let inDescription = Set(description.map(Words.stem)).intersection(words).count
        let isAsked = inName > 0 || inDescription >= descriptionOverlap
        return isAsked ? inName * 4 + inDescription : 0
    }

    /// Words of names that say nothing of what a tool is for.
    private static let generic: Set<String> = [
        "get", "set", "fetch", "list", "lookup", "look", "do", "call", "run", "make", "tool", "function", "current",
        "new",
        "by", "for", "the", "of", "to", "in", "a", "with", "data", "info", "information", "given", "return", "returns",
    ]

    // MARK: With what

    /// One view of the text for each call: a tool that takes one place is called once for every place.
    private static func focuses(_ hints: TextHints, _ tool: ChatTool) -> [TextHints] {
        let properties = tool.parameters?["properties"]?.objectValue ?? [:]
        let placeLike = properties.members.filter { member in
            SchemaType.names(in: member.value["type"]).contains("string")
                && TextHints.Kind.of(member.key).contains { $0 == .place || $0 == .origin || $0 == .destination }
        }
        guard placeLike.count == 1, hints.places.count > 1 else { return [hints] }
        return hints.places.prefix(callLimit).map(hints.focused)
    }

    private static func arguments(of tool: ChatTool, _ hints: TextHints, random: inout StableRandom) -> String {
        guard let schema = tool.parameters else { return "{}" }
        let value = SchemaSample.value(for: schema, hints: hints, fillsOptional: false, random: &random)
        return JSONAnswer.text(value.flatMap { $0.objectValue == nil ? nil : $0 } ?? [:])
    }
}
