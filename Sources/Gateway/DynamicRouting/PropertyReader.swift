import Domain
import JSON

/// Reads the properties of one element.
struct PropertyReader {
    private(set) var problems: [JSONProblem] = []
    private let patterns: any PatternCompiler

    private static let rateMisnomers = [
        "interval": "is called window",
        "technique": "is not supported: the windows of routes always slide",
        "limit_type": "is called limitType",
    ]

    private enum LimitType: String, CaseIterable {
        case count, cost
    }

    init(patterns: any PatternCompiler) {
        self.patterns = patterns
    }

    /// Nil when something is wrong with them.
    mutating func read(
        _ type: RouteElementType, _ properties: JSONObject, at pointer: JSONPointer,
        _ outputs: [ElementDraft.Output]
    ) -> ElementDraft.Content? {
        var fields = fields(of: type, properties, at: pointer)
        let content: ElementDraft.Content? =
            switch type {
            case .start: .start
            case .end: .end
            case .conditional: condition(&fields).map(ElementDraft.Content.conditional)
            case .percentage: .percentage(outputs.map { RouteShares.parts(of: $0.name) ?? 0 })
            case .rate: rate(&fields).map(ElementDraft.Content.rate)
            case .model: model(&fields).map(ElementDraft.Content.model)
            }
        problems += fields.problems
        return problems.isEmpty ? content : nil
    }

    private func fields(
        of type: RouteElementType, _ properties: JSONObject, at pointer: JSONPointer
    ) -> JSONFieldReader {
        switch type {
        case .start, .percentage, .end: JSONFieldReader(properties, at: pointer, known: [])
        case .conditional:
            JSONFieldReader(
                properties, at: pointer, known: ["conditions"], misnomers: ["condition": "is called conditions"])
        case .rate:
            JSONFieldReader(
                properties, at: pointer, known: ["limitType", "key", "limit", "window"],
                misnomers: Self.rateMisnomers)
        case .model:
            JSONFieldReader(properties, at: pointer, known: ["provider", "model", "timeout", "retries"])
        }
    }

    private mutating func condition(_ fields: inout JSONFieldReader) -> RouteCondition? {
        guard let value = fields.required("conditions") else { return nil }
        var reader = ConditionReader(patterns: patterns)
        let condition = reader.read(value, at: fields.pointer.member("conditions"))
        fields.adopt(reader.problems)
        return condition
    }

    private func rate(_ fields: inout JSONFieldReader) -> RateRule? {
        for name in ["limitType", "key", "limit", "window"] { _ = fields.required(name) }
        let key = path(&fields)
        let type = fields.choice("limitType", LimitType.self)
        let limit = type.flatMap { self.limit($0, &fields) }
        let window = fields.integer("window", in: RouteBounds.windowSeconds, unit: "seconds")
        guard let key, let limit, let window else { return nil }
        return RateRule(key: key, limit: limit, windowSeconds: window)
    }

    private func path(_ fields: inout JSONFieldReader) -> FactPath? {
        guard let text = fields.text("key", longest: RouteBounds.longestPath) else { return nil }
        let path = FactPath(text)
        if path == nil { fields.report("key", "must be \(FactPath.grammar)") }
        return path
    }

    private func limit(_ type: LimitType, _ fields: inout JSONFieldReader) -> RateLimit? {
        guard type == .cost else {
            return fields.integer("limit", in: 1...RouteBounds.mostCounted, unit: "requests").map(RateLimit.count)
        }
        guard let value = fields.value("limit") else { return nil }
        guard let number = value.numberValue, let cost = try? Nanodollars(dollarsText: number.spelling), cost > .zero
        else {
            fields.report("limit", "must be dollars above 0, with at most 9 digits after the point")
            return nil
        }
        return .cost(cost)
    }

    private func model(_ fields: inout JSONFieldReader) -> ModelRule? {
        for name in ["provider", "model"] { _ = fields.required(name) }
        let provider = fields.text("provider", longest: RouteBounds.longestName)
        let model = fields.text("model", longest: RouteBounds.longestName)
        let timeout = fields.integer("timeout", in: RouteBounds.timeoutMilliseconds, unit: "milliseconds")
        let retries = fields.integer(
            "retries", in: RouteBounds.retries, unit: "attempts after the first one, so 2 means three attempts at most")
        guard let provider, let model else { return nil }
        return ModelRule(
            provider: provider, model: model, timeoutMilliseconds: timeout, retries: retries.map { Int($0) })
    }
}
