import JSON

/// Makes a value that satisfies a schema, with what a text has to say about it.
struct SchemaSample {
    let document: SchemaDocument
    let hints: TextHints
    /// Whether members that are not required are made up; else only those the text speaks of are there.
    let fillsOptional: Bool
    var random: StableRandom
    /// Values that may still be made; a schema can ask for more than anyone wants.
    private var budget = SchemaSample.valueLimit
    /// Which of the text's numbers have found their place.
    var usedNumbers: Set<Int> = []
    /// Tells values apart that must differ.
    var variation = 0

    static let valueLimit = 4_000
    /// From here on only what is required is made, so that recursive schemas come to an end.
    static let leanDepth = 4
    static let depthLimit = 32
    static let elementLimit = 1_000
    static let attempts = 8

    private init(_ document: SchemaDocument, hints: TextHints, fillsOptional: Bool, random: StableRandom) {
        self.document = document
        self.hints = hints
        self.fillsOptional = fillsOptional
        self.random = random
    }

    /// Tries until a value holds; after that the last one made. Nil when the schema cannot be satisfied at all.
    static func value(
        for schema: JSONValue, hints: TextHints, fillsOptional: Bool, random: inout StableRandom
    ) -> JSONValue? {
        let document = SchemaDocument(root: schema)
        var last: JSONValue?
        for attempt in 0..<attempts {
            // A text may mislead; the later attempts do without it.
            let hints = attempt < attempts / 2 ? hints : TextHints("")
            let seed = StableRandom(random.next())
            var sample = SchemaSample(document, hints: hints, fillsOptional: fillsOptional, random: seed)
            guard let value = sample.value(schema, Place()) else { continue }
            if SchemaCheck(document: document).holds(schema, value) { return value }
            last = value
        }
        return last
    }

    /// Where in the whole a value is to stand.
    struct Place {
        var name = ""
        var description = ""
        var depth = 0
        /// Which element of an array it is.
        var position = 0

        var isLean: Bool { depth >= SchemaSample.leanDepth }
    }

    // MARK: Any value

    mutating func value(_ schema: JSONValue, _ place: Place) -> JSONValue? {
        guard place.depth < Self.depthLimit, budget > 0, let schema = document.flattened(schema) else { return nil }
        budget -= 1
        var place = place
        if let description = schema["description"]?.stringValue { place.description = description }
        if let constant = schema["const"] { return constant }
        if let branches = schema["anyOf"]?.arrayValue { return branch(of: schema, "anyOf", branches, place) }
        if let branches = schema["oneOf"]?.arrayValue { return branch(of: schema, "oneOf", branches, place) }
        if let condition = schema["if"] {
            let branches: [JSONValue] = [["allOf": [condition, schema["then"] ?? true]], schema["else"] ?? true]
            return branch(of: schema, "if", branches, place)
        }
        if let allowed = schema["enum"]?.arrayValue { return choice(among: allowed, schema, place) }
        for type in order(SchemaType.names(of: schema), place) {
            if let value = value(ofType: type, schema, place) { return value }
        }
        return nil
    }

    private mutating func value(ofType type: String, _ schema: JSONObject, _ place: Place) -> JSONValue? {
        switch type {
        case "null": .null
        case "boolean": hints.bool(for: place.name) ?? .bool(random.below(2) == 0)
        case "integer", "number": number(schema, place, isWhole: type == "integer")
        case "string": string(schema, place)
        case "array": array(schema, place)
        case "object": object(schema, place)
        default: nil
        }
    }

    private mutating func choice(among allowed: [JSONValue], _ schema: JSONObject, _ place: Place) -> JSONValue? {
        let types = SchemaType.names(in: schema["type"])
        let fitting = allowed.filter { value in types.isEmpty || types.contains { SchemaType.holds($0, value) } }
        if let named = hints.mentioned(among: fitting, position: place.position) { return named }
        let wanted = fitting.filter { !$0.isNull }
        return random.pick(wanted) ?? fitting.first
    }

    /// Something rather than nothing at first, the shortest way out later.
    private mutating func order(_ types: [String], _ place: Place) -> [String] {
        guard types.count > 1 else { return types }
        let rank = ["null", "boolean", "integer", "number", "string", "array", "object"]
        let sorted = types.sorted { (rank.firstIndex(of: $0) ?? 9) < (rank.firstIndex(of: $1) ?? 9) }
        if place.isLean { return sorted }
        let wanted = types.filter { $0 != "null" }
        return rotated(wanted) + types.filter { $0 == "null" }
    }

    mutating func rotated<Value>(_ values: [Value]) -> [Value] {
        let start = random.below(values.count)
        return Array(values[start...] + values[..<start])
    }

    // MARK: Alternatives

    /// The first branch, in a fitting order, that a value can be made for.
    private mutating func branch(
        of schema: JSONObject, _ key: String, _ branches: [JSONValue], _ place: Place
    ) -> JSONValue? {
        var base = schema
        for name in key == "if" ? ["if", "then", "else"] : [key] { base[name] = nil }
        let flat = branches.compactMap(document.flattened)
        let simple = flat.filter(isSimple)
        let other = flat.filter { !isSimple($0) }
        let ordered = place.isLean ? simple + other : rotated(flat.filter { !isNull($0) }) + flat.filter(isNull)
        for branch in ordered {
            var inner = place
            inner.depth += 1
            guard let value = value(.object(SchemaMerge.merged(base, branch)), inner) else { continue }
            if SchemaCheck(document: document).holds(.object(schema), value, depth: place.depth) { return value }
        }
        return nil
    }

    private func isNull(_ schema: JSONObject) -> Bool {
        SchemaType.names(in: schema["type"]) == ["null"]
    }

    private func isSimple(_ schema: JSONObject) -> Bool {
        let types = SchemaType.names(in: schema["type"])
        if schema["const"] != nil || schema["enum"] != nil { return true }
        return !types.isEmpty && !types.contains("object") && !types.contains("array")
    }

    // MARK: Arrays

    private mutating func array(_ schema: JSONObject, _ place: Place) -> JSONValue? {
        let first = schema["prefixItems"]?.arrayValue ?? []
        let least = Int(exactly: (schema["minItems"]?.doubleValue ?? 0).rounded(.up)) ?? .max
        guard least <= Self.elementLimit else { return nil }
        let count = self.count(schema, least: least, prefix: first.count, place)
        var elements: [JSONValue] = []
        var misses = 0
        while elements.count < count, misses <= 8 {
            let rule = elements.count < first.count ? first[elements.count] : schema["items"] ?? true
            var inner = place
            (inner.depth, inner.position) = (place.depth + 1, elements.count + misses)
            variation = misses
            let element = value(rule, inner)
            variation = 0
            if let element, schema["uniqueItems"] != true || !elements.contains(element) {
                elements.append(element)
            } else {
                misses += 1
            }
        }
        return elements.count >= least ? .array(elements) : nil
    }

    private mutating func count(_ schema: JSONObject, least: Int, prefix: Int, _ place: Place) -> Int {
        let most = max(0, Int(min(schema["maxItems"]?.doubleValue ?? .infinity, Double(Self.elementLimit))))
        if place.isLean { return min(least, most) }
        if prefix > 0, schema["items"] == nil || schema["items"] == false { return max(least, min(prefix, most)) }
        let named = hints.candidateCount(for: place.name)
        let wanted = named > 0 ? named : 1 + random.below(3)
        return min(max(wanted, least, prefix), most)
    }

    // MARK: Objects

    private mutating func object(_ schema: JSONObject, _ place: Place) -> JSONValue? {
        let properties = schema["properties"]?.objectValue ?? [:]
        let required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        var object: JSONObject = [:]
        for member in properties.members {
            let isRequired = required.contains(member.key)
            guard isRequired || wants(member.key, member.value, place) else { continue }
            if let value = value(member.value, inside(place, member.key)) {
                object[member.key] = value
            } else if isRequired {
                return nil
            }
        }
        let others = schema["additionalProperties"] ?? true
        for name in required where object[name] == nil {
            guard let value = value(others, inside(place, name)) else { return nil }
            object[name] = value
        }
        addOthers(schema, others, place, to: &object)
        return .object(object)
    }

    private func wants(_ name: String, _ schema: JSONValue, _ place: Place) -> Bool {
        if place.isLean { return false }
        return fillsOptional || hints.speaks(of: name, schema: schema)
    }

    /// Members the schema does not name, as many as it asks for; a map of nothing else gets two.
    private mutating func addOthers(
        _ schema: JSONObject, _ others: JSONValue, _ place: Place, to object: inout JSONObject
    ) {
        let isMap = object.isEmpty && others.objectValue != nil && !place.isLean && fillsOptional
        let least = max(Int(min(schema["minProperties"]?.doubleValue ?? 0, 100)), isMap ? 2 : 0)
        let most = Int(min(schema["maxProperties"]?.doubleValue ?? 100, 100))
        let names = ["first", "second", "third", "fourth", "fifth"]
        var index = 0
        while object.count < min(least, most), index < 100 {
            let name = index < names.count ? names[index] : "member_\(index + 1)"
            if object[name] == nil, let value = value(others, inside(place, name)) { object[name] = value }
            index += 1
        }
    }

    private func inside(_ place: Place, _ name: String) -> Place {
        Place(name: name, description: "", depth: place.depth + 1)
    }
}
