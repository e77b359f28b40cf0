import JSON

/// Reads JSON as any `Decodable` type. Members the type does not know are passed over.
public struct AIDecoder: Sendable {
    public init() {}

    public func decode<Value: Decodable>(_ type: Value.Type, from value: AIValue) throws(AIError) -> Value {
        do {
            return try NodeDecoder(json: value.json, codingPath: []).read(type)
        } catch let error as DecodingError {
            throw .notDecodable(error)
        } catch {
            throw .notDecodable(path: "", reason: "\(error)")
        }
    }
}

extension AIError {
    fileprivate static func notDecodable(_ error: DecodingError) -> AIError {
        switch error {
        case .keyNotFound(let key, let context):
            .notDecodable(path: (context.codingPath + [key]).dotted, reason: "There is nothing.")
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            .notDecodable(path: context.codingPath.dotted, reason: context.debugDescription)
        @unknown default: .notDecodable(path: "", reason: "It does not fit.")
        }
    }
}

/// One value of the tree, and the way there.
struct NodeDecoder: Decoder {
    let json: JSONValue
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type == AIValue.self, let value = AIValue(json: json) as? Value { return value }
        guard let leaf = type as? any JSONLeaf.Type else { return try type.init(from: self) }
        guard let value = leaf.init(leaf: json) as? Value else { throw mismatch(type) }
        return value
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let object = json.objectValue else { throw mismatch([String: Any].self, "an object") }
        return KeyedDecodingContainer(KeyedValues<Key>(object, codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = json.arrayValue else { throw mismatch([Any].self, "an array") }
        return UnkeyedValues(elements, codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        SingleValue(decoder: self)
    }

    private func mismatch(_ type: Any.Type, _ wanted: String? = nil) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "It is \(kind), not \(wanted ?? "\(type)").")
        return json.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    /// Says nothing of the value itself.
    private var kind: String {
        switch json {
        case .null: "null"
        case .bool: "a truth value"
        case .number: "a number that does not fit"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
