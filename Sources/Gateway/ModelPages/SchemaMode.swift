public import JSON

/// A way to call a model, where it has several: at once, piece by piece, many together.
public struct SchemaMode: Hashable, Sendable {
    public enum Name: String, Hashable, Sendable, CaseIterable {
        case sync, streaming, batch
    }

    public let name: Name
    public let input: JSONValue
    public let output: JSONValue

    /// Empty when there is one way only.
    public static func detect(input: JSONValue, output: JSONValue) -> [SchemaMode] {
        let inputs = variants(of: input)
        let outputs = variants(of: output)
        let batches = inputs.filter { $0["properties"]?["requests"] != nil }
        let single = inputs.filter { $0["properties"]?["requests"] == nil }
        let streams = outputs.filter(isStream)
        let whole = outputs.filter { !isStream($0) }
        var modes: [SchemaMode] = []
        if !single.isEmpty, !whole.isEmpty { modes.append(mode(.sync, single, whole, of: input)) }
        if !single.isEmpty, !streams.isEmpty { modes.append(mode(.streaming, single, streams, of: input)) }
        if !batches.isEmpty { modes.append(mode(.batch, batches, whole, of: input)) }
        return modes.count > 1 ? modes : []
    }

    private static func variants(of schema: JSONValue) -> [JSONValue] {
        schema["oneOf"]?.arrayValue ?? [schema]
    }

    private static func isStream(_ schema: JSONValue) -> Bool {
        schema["type"] == "string" || schema["format"] == "binary"
    }

    private static func mode(
        _ name: Name, _ inputs: [JSONValue], _ outputs: [JSONValue], of schema: JSONValue
    ) -> SchemaMode {
        SchemaMode(name: name, input: joined(inputs, of: schema), output: joined(outputs, of: schema))
    }

    private static func joined(_ variants: [JSONValue], of schema: JSONValue) -> JSONValue {
        var object = variants.count == 1 ? variants[0].objectValue : nil
        if object == nil { object = ["oneOf": .array(variants)] }
        if let dialect = schema["$schema"], object?["$schema"] == nil {
            object?.members.insert(.init(key: "$schema", value: dialect), at: 0)
        }
        return .object(object ?? JSONObject())
    }
}
