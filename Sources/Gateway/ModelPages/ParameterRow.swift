public import JSON

/// One line of the parameters on a model's page.
public struct ParameterRow: Hashable, Sendable {
    public let name: String
    /// Nil where anything may stand; then none is printed.
    public let type: String?
    /// As they are printed, the least first: `minimum: 0`.
    public let constraints: [String]
    public let isRequired: Bool

    private static let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]

    /// The rows of an input, in its own order. Lists and objects are no rows: their parts are.
    public static func rows(of schema: JSONValue) -> [ParameterRow] {
        var seen: Set<String> = []
        return (schema["oneOf"]?.arrayValue ?? [schema]).flatMap { variant -> [ParameterRow] in
            let required = variant["required"]?.arrayValue ?? []
            return (variant["properties"]?.objectValue ?? JSONObject()).members.compactMap { member in
                guard !isCompound(member.value), seen.insert(member.key).inserted else { return nil }
                return ParameterRow(member, isRequired: required.contains(.string(member.key)))
            }
        }
    }

    private init(_ member: JSONObject.Member, isRequired: Bool) {
        name = member.key
        type = member.value["type"]?.stringValue
        var constraints = Self.bounds.compactMap { bound in
            member.value[bound]?.numberValue.map { "\(bound): \($0.spelling)" }
        }
        if let choices = member.value["enum"]?.arrayValue {
            constraints.append("enum: " + choices.compactMap(\.stringValue).joined(separator: ", "))
        }
        self.constraints = constraints
        self.isRequired = isRequired
    }

    private static func isCompound(_ schema: JSONValue) -> Bool {
        schema["type"] == "array" || schema["type"] == "object"
    }

    public var shown: JSONValue {
        [
            "name": .string(name), "type": type.map { .string($0) } ?? .null,
            "constraints": .array(constraints.map { .string($0) }), "required": .bool(isRequired),
        ]
    }
}
