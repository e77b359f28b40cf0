import JSON

// One generic `decode` stands for all the methods the containers must have: it tells plain values apart itself.

struct KeyedValues<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let values: [String: JSONValue]
    let codingPath: [any CodingKey]

    /// Of members with one key the last one counts, as most readers have it.
    init(_ object: JSONObject, _ codingPath: [any CodingKey]) {
        values = Dictionary(object.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        self.codingPath = codingPath
    }

    var allKeys: [Key] { values.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool {
        values[key.stringValue] != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        try place(key).json.isNull
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try place(key).read(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try place(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try place(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder {
        let key = PlainKey.parent
        return NodeDecoder(json: values[key.stringValue] ?? .null, codingPath: codingPath + [key])
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        try place(key)
    }

    private func place(_ key: Key) throws -> NodeDecoder {
        guard let value = values[key.stringValue] else {
            let context = DecodingError.Context(codingPath: codingPath, debugDescription: "There is nothing.")
            throw DecodingError.keyNotFound(key, context)
        }
        return NodeDecoder(json: value, codingPath: codingPath + [key])
    }
}

struct UnkeyedValues: UnkeyedDecodingContainer {
    private let elements: [JSONValue]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(_ elements: [JSONValue], _ codingPath: [any CodingKey]) {
        self.elements = elements
        self.codingPath = codingPath
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try place().json.isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try advance { try $0.read(type) }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try advance { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try advance { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder {
        try advance { $0 }
    }

    /// Goes on to the next element only when this one was read.
    private mutating func advance<Value>(_ read: (NodeDecoder) throws -> Value) throws -> Value {
        let value = try read(try place())
        currentIndex += 1
        return value
    }

    private func place() throws -> NodeDecoder {
        let path = codingPath + [PlainKey(intValue: currentIndex)]
        guard !isAtEnd else {
            let context = DecodingError.Context(codingPath: path, debugDescription: "The array has ended.")
            throw DecodingError.valueNotFound(Any.self, context)
        }
        return NodeDecoder(json: elements[currentIndex], codingPath: path)
    }
}

struct SingleValue: SingleValueDecodingContainer {
    let decoder: NodeDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool {
        decoder.json.isNull
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try decoder.read(type)
    }
}
