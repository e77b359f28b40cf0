import Domain
import YAML

/// Reads the parameters a model publishes, in the order of the file.
enum ParameterReader {
    private static let known = [
        "type", "minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "choices",
    ]

    static func read(_ model: inout FieldReader) -> [PublishedParameter] {
        guard let names = model.node("parameters")?.entries?.map(\.key) else {
            if model.has("parameters") { model.report("parameters", "must be a mapping of names to bounds") }
            return []
        }
        guard var fields = model.mapping("parameters", known: names) else { return [] }
        let parameters = names.map { name in
            guard fields.has(name), var bounds = fields.mapping(name, known: known) else {
                return PublishedParameter(name: name)
            }
            let parameter = parameter(name, &bounds)
            fields.adopt(bounds)
            return parameter
        }
        model.adopt(fields)
        return parameters
    }

    private static func parameter(_ name: String, _ fields: inout FieldReader) -> PublishedParameter {
        let bounds = PublishedParameter(
            name: name, kind: fields.choice("type"), minimum: fields.decimal("minimum"),
            maximum: fields.decimal("maximum"), exclusiveMinimum: fields.decimal("exclusive_minimum"),
            exclusiveMaximum: fields.decimal("exclusive_maximum"), choices: fields.texts("choices"))
        let least = bounds.minimum ?? bounds.exclusiveMinimum
        let most = bounds.maximum ?? bounds.exclusiveMaximum
        if let least, let most, least > most { fields.report("its minimum is above its maximum") }
        let isNumeric = bounds.kind == .number || bounds.kind == .integer
        if least != nil || most != nil, !isNumeric { fields.report("bounds need `type: number` or `type: integer`") }
        if !bounds.choices.isEmpty, bounds.kind != .string { fields.report("choices need `type: string`") }
        return bounds
    }
}
