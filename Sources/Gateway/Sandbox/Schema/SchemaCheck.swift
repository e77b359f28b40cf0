import JSON

/// Whether a value satisfies a schema. Patterns and formats are taken on trust: values are made to fit them.
struct SchemaCheck {
    let document: SchemaDocument

    /// How deep schemas are followed; what lies deeper is taken on trust.
    static let depthLimit = 40

    func holds(_ schema: JSONValue, _ value: JSONValue, depth: Int = 0) -> Bool {
        guard depth < Self.depthLimit, !document.work.isExhausted else { return true }
        guard let schema = document.flattened(schema) else { return false }
        return holdsKind(schema, value) && holdsCombinations(schema, value, depth + 1)
            && holdsContents(schema, value, depth + 1)
    }

    private func holdsKind(_ schema: JSONObject, _ value: JSONValue) -> Bool {
        if let types = schema["type"], !SchemaType.names(in: types).contains(where: { SchemaType.holds($0, value) }) {
            return false
        }
        if let constant = schema["const"], !Self.same(constant, value) { return false }
        if let allowed = schema["enum"]?.arrayValue, !allowed.contains(where: { Self.same($0, value) }) { return false }
        return true
    }

    private func holdsCombinations(_ schema: JSONObject, _ value: JSONValue, _ depth: Int) -> Bool {
        if let any = schema["anyOf"]?.arrayValue, !any.contains(where: { holds($0, value, depth: depth) }) {
            return false
        }
        if let one = schema["oneOf"]?.arrayValue, one.count(where: { holds($0, value, depth: depth) }) != 1 {
            return false
        }
        if let not = schema["not"], holds(not, value, depth: depth) { return false }
        guard let condition = schema["if"] else { return true }
        let branch = holds(condition, value, depth: depth) ? schema["then"] : schema["else"]
        return branch.map { holds($0, value, depth: depth) } ?? true
    }

    private func holdsContents(_ schema: JSONObject, _ value: JSONValue, _ depth: Int) -> Bool {
        switch value {
        case .object(let object): holdsMembers(schema, object, depth)
        case .array(let elements): holdsElements(schema, elements, depth)
        case .string(let text): Self.within(text.unicodeScalars.count, schema["minLength"], schema["maxLength"])
        case .number(let number): number.double.map { NumberRange(schema).contains($0) } ?? false
        case .null, .bool: true
        }
    }

    private func holdsMembers(_ schema: JSONObject, _ object: JSONObject, _ depth: Int) -> Bool {
        guard Self.within(object.count, schema["minProperties"], schema["maxProperties"]) else { return false }
        let required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard required.allSatisfy({ object[$0] != nil }) else { return false }
        let properties = schema["properties"]?.objectValue ?? [:]
        // Members that only a pattern describes are taken on trust.
        let others = schema["patternProperties"] == nil ? schema["additionalProperties"] : nil
        return object.members.allSatisfy { member in
            guard let rule = properties[member.key] ?? others else { return true }
            return holds(rule, member.value, depth: depth)
        }
    }

    private func holdsElements(_ schema: JSONObject, _ elements: [JSONValue], _ depth: Int) -> Bool {
        guard Self.within(elements.count, schema["minItems"], schema["maxItems"]) else { return false }
        if schema["uniqueItems"] == true, Set(elements).count != elements.count { return false }
        let first = schema["prefixItems"]?.arrayValue ?? []
        return elements.enumerated().allSatisfy { index, element in
            guard let rule = index < first.count ? first[index] : schema["items"] else { return true }
            return holds(rule, element, depth: depth)
        }
    }

    private static func within(_ count: Int, _ minimum: JSONValue?, _ maximum: JSONValue?) -> Bool {
        let count = Double(count)
        return count >= minimum?.doubleValue ?? 0 && count <= maximum?.doubleValue ?? .infinity
    }

    /// Numbers are the same whatever their spelling.
    private static func same(_ first: JSONValue, _ second: JSONValue) -> Bool {
        first == second || first.doubleValue != nil && first.doubleValue == second.doubleValue
    }
}

/// The numbers a schema allows.
struct NumberRange {
    var lower = -Double.infinity
    var upper = Double.infinity
    var excludesLower = false
    var excludesUpper = false
    var step: Double?

    init(_ schema: JSONObject) {
        lower = schema["minimum"]?.doubleValue ?? -.infinity
        upper = schema["maximum"]?.doubleValue ?? .infinity
        // Old drafts say by a truth value whether the bound itself is out.
        excludesLower = schema["exclusiveMinimum"] == true
        excludesUpper = schema["exclusiveMaximum"] == true
        if let bound = schema["exclusiveMinimum"]?.doubleValue, bound >= lower {
            (lower, excludesLower) = (bound, true)
        }
        if let bound = schema["exclusiveMaximum"]?.doubleValue, bound <= upper {
            (upper, excludesUpper) = (bound, true)
        }
        step = schema["multipleOf"]?.doubleValue.flatMap { $0 > 0 ? $0 : nil }
    }

    func contains(_ value: Double) -> Bool {
        guard excludesLower ? value > lower : value >= lower else { return false }
        guard excludesUpper ? value < upper : value <= upper else { return false }
        guard let step else { return true }
        let quotient = value / step
        return abs(quotient - quotient.rounded()) < 1e-9 * max(1, abs(quotient))
    }
}
