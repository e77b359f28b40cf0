import Domain
import JSON

extension ChatCheck {
    private enum FormatKind { case text, object, schema }
    private enum FormatMember { case type, schema }
    private enum SchemaMember { case name, description, schema, strict }

    private static let formatKinds = NameTable<FormatKind>([
        "text": .text, "json_object": .object, "json_schema": .schema,
    ])
    private static let formatMembers = NameTable<FormatMember>(["type": .type, "json_schema": .schema])
    private static let schemaMembers = NameTable<SchemaMember>([
        "name": .name, "description": .description, "schema": .schema, "strict": .strict,
    ])

    func checkResponseFormat(at place: Place) throws(GatewayError) {
        var kind: FormatKind?
        var schema: Place?
        try body.forEachMember(of: place, named: Self.formatMembers) { member, place throws(GatewayError) in
            switch member {
            case .type: kind = try body.word(at: place, Self.formatKinds)
            case .schema: schema = place
            }
        }
        guard let kind else { throw body.missing("type", in: place) }
        if kind == .schema { try checkSchema(at: try required(schema, "json_schema", in: place)) }
    }

    private func checkSchema(at place: Place) throws(GatewayError) {
        var hasName = false
        try body.forEachMember(of: place, named: Self.schemaMembers) { member, place throws(GatewayError) in
            switch member {
            case .name:
                hasName = true
                try body.name(at: place)
            case .description: try body.string(at: place)
            case .schema: try body.expect(.object, at: place, "an object")
            case .strict: _ = try body.bool(at: place)
            }
        }
        guard hasName else { throw body.missing("name", in: place) }
    }
}
