internal import CSimdJSON

extension JSONIndex {
    /// Reads a list of the root and its children; there is always a root.
    init(nodes: UnsafeBufferPointer<csimdjson_node>, offset: Int) {
        let root = unsafe JSONSlice(nodes[0], offset: offset)
        var fields: [JSONField] = []
        var elements: [JSONSlice] = []
        if root.kind == .object { fields.reserveCapacity(nodes.count - 1) }
        if root.kind == .array { elements.reserveCapacity(nodes.count - 1) }
        for i in 1..<max(nodes.count, 1) {
            if root.kind == .object {
                unsafe fields.append(JSONField(nodes[i], offset: offset))
            } else {
                unsafe elements.append(JSONSlice(nodes[i], offset: offset))
            }
        }
        self.init(root: root, fields: fields, elements: elements)
    }
}

extension JSONOutline {
    init(nodes: UnsafeBufferPointer<csimdjson_node>) {
        unsafe self.init(nodes: nodes.map { JSONField($0, offset: 0) })
    }
}

extension JSONSlice {
    fileprivate init(_ node: csimdjson_node, offset: Int) {
        self.init(
            range: (Int(node.start) + offset)..<(Int(node.end) + offset),
            kind: JSONKind(rawValue: node.kind) ?? .null, hasEscapes: node.has_escapes)
    }
}

extension JSONField {
    fileprivate init(_ node: csimdjson_node, offset: Int) {
        self.init(
            keyRange: (Int(node.key_start) + offset)..<(Int(node.key_end) + offset),
            keyHasEscapes: node.key_has_escapes, value: JSONSlice(node, offset: offset))
    }
}

/// Makes a tree of a pre-order list. Recursion is as deep as the text, which the scan has limited.
@safe struct JSONTreeBuilder {
    private let nodes: UnsafeBufferPointer<csimdjson_node>
    private let bytes: [UInt8]
    private let offset: Int
    private var position = 0

    init(nodes: UnsafeBufferPointer<csimdjson_node>, bytes: [UInt8], offset: Int) {
        unsafe self.nodes = nodes
        self.bytes = bytes
        self.offset = offset
    }

    /// The value at the current position, with all that lies in it.
    mutating func next() -> JSONValue {
        let node = unsafe nodes[position]
        position += 1
        let slice = JSONSlice(node, offset: offset)
        return switch slice.kind {
        case .null: .null
        case .true: .bool(true)
        case .false: .bool(false)
        case .number: slice.number(in: bytes).map(JSONValue.number) ?? .null
        case .string: slice.string(in: bytes).map(JSONValue.string) ?? .null
        case .array: .array(array(count: Int(node.count)))
        case .object: .object(object(count: Int(node.count)))
        }
    }

    private mutating func array(count: Int) -> [JSONValue] {
        var elements: [JSONValue] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(next()) }
        return elements
    }

    private mutating func object(count: Int) -> JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(count)
        for _ in 0..<count {
            let field = unsafe JSONField(nodes[position], offset: offset)
            members.append(JSONObject.Member(key: field.key(in: bytes), value: next()))
        }
        return JSONObject(members: members)
    }
}
