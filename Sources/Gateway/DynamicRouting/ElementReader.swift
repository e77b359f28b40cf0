import JSON

/// Reads one element of a route, and notes what is wrong with it by itself.
struct ElementReader {
    private(set) var problems: [JSONProblem] = []
    let patterns: any PatternCompiler

    private static let typeMisnomers = [
        "rate_limit": "is called rate", "budget_limit": "is called rate, with limitType cost",
        "condition": "is called conditional", "if": "is called conditional", "split": "is called percentage",
    ]

    init(patterns: any PatternCompiler) {
        self.patterns = patterns
    }

    mutating func read(_ value: JSONValue, at pointer: JSONPointer) -> ElementDraft {
        var draft = ElementDraft(pointer: pointer)
        guard let object = value.objectValue else {
            problems.append(JSONProblem(pointer, "must be an object"))
            return draft
        }
        var fields = JSONFieldReader(object, at: pointer, known: ["id", "type", "outputs", "properties"])
        if fields.required("id") != nil { draft.id = fields.text("id", longest: RouteBounds.longestID) }
        draft.type = type(&fields)
        if let type = draft.type {
            readOutputs(of: type, &fields, into: &draft)
            draft.content = content(of: type, &fields, draft)
        }
        problems += fields.problems
        return draft
    }

    private func type(_ fields: inout JSONFieldReader) -> RouteElementType? {
        guard let written = fields.required("type")?.stringValue else {
            if fields.has("type") { fields.report("type", "must be a text") }
            return nil
        }
        if let type = RouteElementType(rawValue: written) { return type }
        let known = RouteElementType.allCases.map(\.rawValue).joined(separator: ", ")
        fields.report("type", Self.typeMisnomers[written] ?? "must be one of \(known)")
        return nil
    }

    private func content(
        of type: RouteElementType, _ fields: inout JSONFieldReader, _ draft: ElementDraft
    ) -> ElementDraft.Content? {
        var reader = PropertyReader(patterns: patterns)
        let properties = fields.object("properties") ?? JSONObject()
        let content = reader.read(type, properties, at: fields.pointer.member("properties"), draft.outputs)
        fields.adopt(reader.problems)
        return content
    }

    private func readOutputs(
        of type: RouteElementType, _ fields: inout JSONFieldReader, into draft: inout ElementDraft
    ) {
        guard fields.has("outputs") else {
            fields.report("outputs", type == .end ? "is required, and must be {}" : "is required")
            return
        }
        guard let written = fields.object("outputs") else { return }
        guard type != .end || written.isEmpty else {
            fields.report("outputs", "must be {}: nothing comes after an end")
            return
        }
        let pointer = fields.pointer.member("outputs")
        let names = type.outputs
        let known = type == .percentage ? written.keys : names.required + names.optional
        var outputs = JSONFieldReader(written, at: pointer, known: known, misnomers: misnomers(of: type))
        for name in names.required { _ = outputs.required(name) }
        if type == .percentage { checkShares(&outputs, written) }
        // More shares are a problem already.
        for name in known.prefix(RouteBounds.mostShares) {
            if let output = output(name, &outputs) { draft.outputs.append(output) }
        }
        draft.areOutputsWhole = outputs.problems.isEmpty
        fields.adopt(outputs.problems)
    }

    private func misnomers(of type: RouteElementType) -> [String: String] {
        switch type {
        case .conditional: ["else": "is called false"]
        case .rate, .model: ["else": "is called fallback"]
        default: [:]
        }
    }

    private func output(_ name: String, _ outputs: inout JSONFieldReader) -> ElementDraft.Output? {
        guard let object = outputs.object(name) else { return nil }
        let pointer = outputs.pointer.member(name)
        var fields = JSONFieldReader(
            object, at: pointer, known: ["elementId"], misnomers: ["element_id": "is called elementId"])
        let isThere = fields.required("elementId") != nil
        let target = isThere ? fields.text("elementId", longest: RouteBounds.longestID) : nil
        outputs.adopt(fields.problems)
        return target.map { ElementDraft.Output(name: name, target: $0, pointer: pointer.member("elementId")) }
    }

    private func checkShares(_ outputs: inout JSONFieldReader, _ written: JSONObject) {
        guard (1...RouteBounds.mostShares).contains(written.count) else {
            outputs.report("must be 1 to \(RouteBounds.mostShares) shares")
            return
        }
        var sum: UInt64 = 0
        for name in written.keys {
            guard name != "else" else {
                outputs.report(name, "is not supported; name the rest as a share, such as \"40%\"")
                return
            }
            guard let parts = RouteShares.parts(of: name), parts > 0 else {
                outputs.report(name, "is no share; a share is named such as \"12.5%\" or \"50% canary\"")
                return
            }
            if !outputs.has(name) { outputs.report(name, "is required") }
            sum += parts
        }
        if sum != RouteShares.whole { outputs.report("must total 100%") }
    }
}
