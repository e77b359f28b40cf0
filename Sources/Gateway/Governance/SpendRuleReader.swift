import Domain
import JSON

/// Reads one rule as clients write it.
struct SpendRuleReader {
    static let longestID = 64
    /// A second to 366 days.
    static let windowSeconds: ClosedRange<Int64> = 1...31_622_400
    static let mostMetadataKeys = 10
    static let longestKey = 128
    static let mostValues = 100
    static let longestValue = 256

    private enum LimitType: String, CaseIterable {
        case cost
    }

    private enum Mode: String, CaseIterable {
        case partition, filter
    }

    private var fields: JSONFieldReader

    var problems: [JSONProblem] { fields.problems }

    init(_ object: JSONObject, at pointer: JSONPointer) {
        fields = JSONFieldReader(
            object, at: pointer,
            known: [
                "id", "enabled", "limit", "limitType", "window", "technique", "model", "provider", "metadata",
            ],
            misnomers: ["limit_type": "is called limitType", "interval": "is called window"])
    }

    /// Nil when something is wrong with it.
    ///
    /// - Parameter id: The name of a rule that has none.
    mutating func read(id: String) -> SpendRule? {
        for name in ["limit", "limitType", "window"] { _ = fields.required(name) }
        _ = fields.choice("limitType", LimitType.self)
        let given = fields.text("id", longest: Self.longestID)
        let isEnabled = fields.bool("enabled") ?? true
        let limit = limit()
        let seconds = fields.integer("window", in: Self.windowSeconds, unit: "seconds")
        let technique = fields.choice("technique", GatewayRateLimit.Technique.self) ?? .sliding
        let model = dimension("model")
        let provider = dimension("provider")
        let metadata = metadata()
        guard problems.isEmpty, let limit, let seconds else { return nil }
        return SpendRule(
            id: given ?? id, isEnabled: isEnabled, limit: limit,
            window: ClockWindow(seconds: seconds, technique: technique), model: model, provider: provider,
            metadata: metadata)
    }

    private mutating func limit() -> Nanodollars? {
        guard let value = fields.value("limit") else { return nil }
        guard let number = value.numberValue, let limit = try? Nanodollars(dollarsText: number.spelling), limit > .zero
        else {
            fields.report("limit", "must be dollars above 0, with at most 9 digits after the point")
            return nil
        }
        return limit
    }

    private mutating func dimension(_ name: String) -> SpendRule.Dimension? {
        guard let object = fields.object(name) else { return nil }
        return dimension(object, at: fields.pointer.member(name))
    }

    private mutating func metadata() -> [SpendRule.MetadataDimension] {
        guard let object = fields.object("metadata") else { return [] }
        let pointer = fields.pointer.member("metadata")
        guard object.count <= Self.mostMetadataKeys else {
            fields.report("metadata", "must have at most \(Self.mostMetadataKeys) keys")
            return []
        }
        if object.hasRepeatedKeys { fields.report("metadata", "holds a key twice") }
        return object.members.compactMap { member in
            let place = pointer.member(member.key)
            guard (1...Self.longestKey).contains(member.key.utf8.count), let inner = member.value.objectValue else {
                fields.adopt([JSONProblem(place, "must be an object under a key of 1 to \(Self.longestKey) bytes")])
                return nil
            }
            return dimension(inner, at: place).map { SpendRule.MetadataDimension(key: member.key, dimension: $0) }
        }
    }

    private mutating func dimension(_ object: JSONObject, at pointer: JSONPointer) -> SpendRule.Dimension? {
        var inner = JSONFieldReader(object, at: pointer, known: ["mode", "values"])
        defer { fields.adopt(inner.problems) }
        guard inner.required("mode") != nil, let mode = inner.choice("mode", Mode.self) else { return nil }
        guard mode == .filter else {
            if inner.has("values") { inner.report("values", "is for filters only") }
            return .partition
        }
        guard inner.required("values") != nil, let list = inner.array("values", counts: 1...Self.mostValues) else {
            return nil
        }
        let values = list.compactMap(\.stringValue).filter { (1...Self.longestValue).contains($0.utf8.count) }
        guard values.count == list.count else {
            inner.report("values", "must be texts of 1 to \(Self.longestValue) bytes")
            return nil
        }
        return .filter(values)
    }
}
