// One generic `encode` stands for all the methods the containers must have: it tells plain values apart itself.

struct NodeEncoder: Encoder {
    let node: EncodedNode
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.beginObject()
        return KeyedEncodingContainer(KeyedNodes<Key>(node: node, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.beginArray()
        return UnkeyedNodes(node: node, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleNode(node: node, codingPath: codingPath)
    }
}

private struct KeyedNodes<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: EncodedNode
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) {
        add(key).setNull()
    }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        try add(key).set(value, path: codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        nested(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        nested(PlainKey.parent)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        nested(key)
    }

    private func nested(_ key: any CodingKey) -> NodeEncoder {
        NodeEncoder(node: add(key), codingPath: codingPath + [key])
    }

    private func add(_ key: any CodingKey) -> EncodedNode {
        let child = EncodedNode()
        node.put(child, at: key.stringValue)
        return child
    }
}

private struct UnkeyedNodes: UnkeyedEncodingContainer {
    let node: EncodedNode
    let codingPath: [any CodingKey]

    var count: Int { node.count }

    func encodeNil() {
        add().node.setNull()
    }

    func encode(_ value: some Encodable) throws {
        let place = add()
        try place.node.set(value, path: place.codingPath)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        add().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        add().unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        add()
    }

    private func add() -> NodeEncoder {
        let child = NodeEncoder(node: EncodedNode(), codingPath: codingPath + [PlainKey(intValue: node.count)])
        node.append(child.node)
        return child
    }
}

private struct SingleNode: SingleValueEncodingContainer {
    let node: EncodedNode
    let codingPath: [any CodingKey]

    func encodeNil() {
        node.setNull()
    }

    func encode(_ value: some Encodable) throws {
        try node.set(value, path: codingPath)
    }
}
