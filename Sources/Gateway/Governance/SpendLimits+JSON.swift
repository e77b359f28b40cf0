import Domain
public import JSON

/// Everything that is wrong with the spend limits of a gateway.
public struct SpendLimitProblems: Error, Hashable, Sendable, CustomStringConvertible {
    public let list: [JSONProblem]

    /// One sentence for each, with its place.
    public var description: String { list.map { "\($0)." }.joined(separator: " ") }
}

extension SpendLimits {
    /// As clients write them.
    public var json: JSONObject {
        ["enabled": .bool(isEnabled), "rules": .array(rules.map { .object($0.json) })]
    }

    /// Reads what clients write, or throws everything that is wrong with it.
    ///
    /// - Parameters:
    ///   - pointer: Where the limits lie in what the client sent.
    ///   - makeID: Names a rule that has no name, by its position.
    public init(
        _ json: JSONObject, at pointer: JSONPointer = JSONPointer().member("spend_limits"),
        makeID: (Int) -> String
    ) throws(SpendLimitProblems) {
        var fields = JSONFieldReader(json, at: pointer, known: ["enabled", "rules"])
        let isEnabled = fields.bool("enabled") ?? false
        let list = fields.array("rules", counts: 0...Self.mostRules) ?? []
        var rules: [SpendRule] = []
        for (position, value) in list.enumerated() {
            let place = pointer.member("rules").element(position)
            guard let object = value.objectValue else {
                fields.adopt([JSONProblem(place, "must be an object")])
                continue
            }
            var reader = SpendRuleReader(object, at: place)
            let rule = reader.read(id: makeID(position))
            if let rule, rules.contains(where: { $0.id == rule.id }) {
                fields.adopt([JSONProblem(place.member("id"), "is also the id of another rule")])
            }
            if let rule { rules.append(rule) }
            fields.adopt(reader.problems)
        }
        guard fields.problems.isEmpty else { throw SpendLimitProblems(list: fields.problems) }
        self.init(isEnabled: isEnabled, rules: rules)
    }
}

extension SpendRule {
    fileprivate var json: JSONObject {
        var object: JSONObject = [
            "id": .string(id),
            "enabled": .bool(isEnabled),
            "limit": JSONNumber(spelling: limit.exactDollarsText).map(JSONValue.number) ?? 0,
            "limitType": "cost",
            "window": .int(window.seconds),
            "technique": .string(window.technique.rawValue),
        ]
        if let model { object["model"] = model.json }
        if let provider { object["provider"] = provider.json }
        if !metadata.isEmpty {
            object["metadata"] = .object(
                JSONObject(members: metadata.map { JSONObject.Member(key: $0.key, value: $0.dimension.json) }))
        }
        return object
    }
}

extension SpendRule.Dimension {
    fileprivate var json: JSONValue {
        switch self {
        case .partition: ["mode": "partition"]
        case .filter(let values): ["mode": "filter", "values": .array(values.map(JSONValue.string))]
        }
    }
}
