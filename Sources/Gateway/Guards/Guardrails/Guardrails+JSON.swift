public import JSON

extension Guardrails {
    /// Reads the field.
    ///
    /// - Parameter pointer: Where the field stands, for problems.
    public init(json: JSONValue, pointer: String = "/guardrails") throws(GuardProblems) {
        var reader = SettingReader()
        let object = reader.object(json, pointer, known: ["prompt", "response"])
        prompt = Self.actions(object?["prompt"], "\(pointer)/prompt", &reader)
        response = Self.actions(object?["response"], "\(pointer)/response", &reader)
        try reader.finish()
    }

    private static func actions(
        _ value: JSONValue?, _ pointer: String, _ reader: inout SettingReader
    ) -> [HazardCategory: GuardAction] {
        guard let value else { return [:] }
        var actions: [HazardCategory: GuardAction] = [:]
        let known = HazardCategory.allCases.map(\.rawValue)
        guard let object = reader.object(value, pointer, known: known) else { return [:] }
        for (key, value) in object {
            guard let category = HazardCategory(rawValue: key) else { continue }
            actions[category] = reader.word(value, "\(pointer)/\(key)", GuardAction.self)
        }
        return actions
    }

    public var json: JSONValue {
        ["prompt": Self.json(prompt), "response": Self.json(response)]
    }

    private static func json(_ actions: [HazardCategory: GuardAction]) -> JSONValue {
        let members = HazardCategory.allCases.compactMap { category in
            actions[category].map { JSONObject.Member(key: category.rawValue, value: .string($0.rawValue)) }
        }
        return .object(JSONObject(members: members))
    }
}
