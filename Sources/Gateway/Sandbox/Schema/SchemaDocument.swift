import JSON

/// A JSON schema with what its references point to.
struct SchemaDocument {
    let root: JSONValue
    let work = SchemaWork()

    /// References and parts nested in each other before giving up: they may point in a circle.
    static let nestingLimit = 32

    /// The value a reference points to within the document; nil when it points elsewhere or to nothing.
    func target(of reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        var value = root
        for part in reference.dropFirst().split(separator: "/") {
            let name = Self.unescaped(String(part))
            let next = Int(name).flatMap { value[$0] } ?? value[name]
            guard let next else { return nil }
            value = next
        }
        return value
    }

    /// The schema as one object: references followed, the parts of `allOf` put together. Nil for one that allows
    /// nothing or cannot be resolved.
    func flattened(_ schema: JSONValue) -> JSONObject? {
        flattened(schema, nesting: Self.nestingLimit)
    }

    private func flattened(_ schema: JSONValue, nesting: Int) -> JSONObject? {
        guard nesting > 0, work.step() else { return nil }
        switch schema {
        case .bool(true): return [:]
        case .object(var object):
            if let reference = object["$ref"]?.stringValue {
                object["$ref"] = nil
                guard let target = target(of: reference), let base = flattened(target, nesting: nesting - 1) else {
                    return nil
                }
                object = SchemaMerge.merged(base, object)
            }
            guard let parts = object["allOf"]?.arrayValue else { return object }
            object["allOf"] = nil
            for part in parts {
                guard let part = flattened(part, nesting: nesting - 1) else { return nil }
                object = SchemaMerge.merged(object, part)
            }
            return object
        default: return nil
        }
    }

    /// A part of a pointer: `~1` is `/`, `~0` is `~`, and `%41` is `A`.
    private static func unescaped(_ part: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(part.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else if byte == UInt8(ascii: "~"), let next = rest.popFirst() {
                bytes.append(next == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Steps that may still be spent on one schema, which may ask for more than anyone wants to compute.
final class SchemaWork {
    private var left = SchemaWork.limit

    static let limit = 200_000

    var isExhausted: Bool { left <= 0 }

    /// False once all steps are spent.
    func step() -> Bool {
        left -= 1
        return left > 0
    }
}

/// Makes one schema of two that must both hold.
enum SchemaMerge {
    static func merged(_ first: JSONObject, _ second: JSONObject) -> JSONObject {
        var result = first
        for member in second.members {
            guard let present = result[member.key] else {
                result[member.key] = member.value
                continue
            }
            result[member.key] = merged(member.key, present, member.value)
        }
        return result
    }

    private static func merged(_ key: String, _ first: JSONValue, _ second: JSONValue) -> JSONValue {
        switch key {
        case "properties", "patternProperties", "$defs", "definitions": members(first, second)
        case "required": union(first, second)
        case "enum": .array((first.arrayValue ?? []).filter { (second.arrayValue ?? []).contains($0) })
        case "type": types(first, second)
        case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties": larger(first, second)
        case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties": smaller(first, second)
        case "items": both(first, second)
        case "additionalProperties", "unevaluatedProperties":
            first == false || second == false ? false : both(first, second)
        default: second
        }
    }

    private static func both(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
        first == second ? first : ["allOf": [first, second]]
    }

    private static func members(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
        guard var result = first.objectValue, let other = second.objectValue else { return second }
        for member in other.members {
            result[member.key] = result[member.key].map { both($0, member.value) } ?? member.value
        }
        return .object(result)
    }

    private static func union(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
        let present = first.arrayValue ?? []
        return .array(present + (second.arrayValue ?? []).filter { !present.contains($0) })
    }

    private static func types(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
        let others = SchemaType.names(in: second)
        let common = SchemaType.names(in: first).compactMap { name -> String? in
            if others.contains(name) || name == "integer" && others.contains("number") { return name }
            return name == "number" && others.contains("integer") ? "integer" : nil
        }
        return .array(common.map(JSONValue.string))
    }

    private static func larger(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
        (first.doubleValue ?? -.infinity) >= (second.doubleValue ?? -.infinity) ? first : second
    }

    private static func smaller(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
        (first.doubleValue ?? .infinity) <= (second.doubleValue ?? .infinity) ? first : second
    }
}

enum SchemaType {
    /// The names in a `type` member, which is a text or a list of them.
    static func names(in value: JSONValue?) -> [String] {
        value?.stringValue.map { [$0] } ?? value?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// The types a schema allows, guessed from its other members when it does not say.
    static func names(of schema: JSONObject) -> [String] {
        let stated = names(in: schema["type"])
        if !stated.isEmpty || schema["type"] != nil { return stated }
        let signs: [(String, [String])] = [
            ("object", ["properties", "required", "additionalProperties", "minProperties", "maxProperties"]),
            ("array", ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]),
            ("string", ["minLength", "maxLength", "pattern", "format"]),
            ("number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ]
        let sign = signs.first { sign in sign.1.contains { schema[$0] != nil } }
        return [sign?.0 ?? "string"]
    }

    static func holds(_ name: String, _ value: JSONValue) -> Bool {
        switch (name, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object),
            ("number", .number):
            true
        case ("integer", .number(let number)): number.double.map { $0.rounded() == $0 } ?? false
        default: false
        }
    }
}
