import JSON

/// Makes JSON of any `Encodable` value. Members come in the order they are encoded in.
///
/// Dates and data of Foundation are encoded as they encode themselves: numbers, and arrays of numbers.
public struct AIEncoder: Sendable {
    public init() {}

    public func encode(_ value: some Encodable) throws(AIError) -> AIValue {
        do {
            return AIValue(json: try EncodedNode(value, path: []).finished())
        } catch let EncodingError.invalidValue(_, context) {
            throw .notEncodable(path: context.codingPath.dotted, reason: context.debugDescription)
        } catch {
            throw .notEncodable(path: "", reason: "\(error)")
        }
    }
}

/// A place of the tree that is being written. Containers of one encoder all write into its one place.
final class EncodedNode {
    private enum Content {
        case value(JSONValue)
        case array([EncodedNode])
        case object([(key: String, node: EncodedNode)], positions: [String: Int])
    }

    // What encodes nothing at all is an empty object.
    private var content = Content.object([], positions: [:])

    init() {}

    init(_ value: some Encodable, path: [any CodingKey]) throws {
        try set(value, path: path)
    }

    func set(_ value: some Encodable, path: [any CodingKey]) throws {
        if let value = value as? AIValue {
            content = .value(value.json)
        } else if let leaf = value as? any JSONLeaf {
            content = .value(try leaf.encoded(path: path))
        } else {
            try value.encode(to: NodeEncoder(node: self, codingPath: path))
        }
    }

    func setNull() {
        content = .value(.null)
    }

    func beginArray() {
        if case .array = content { return }
        content = .array([])
    }

    func beginObject() {
        if case .object = content { return }
        content = .object([], positions: [:])
    }

    var count: Int {
        if case .array(let nodes) = content { nodes.count } else { 0 }
    }

    func append(_ node: EncodedNode) {
        guard case .array(var nodes) = content else { return }
        content = .value(.null)  // Lets go of the array, so that it grows in place.
        nodes.append(node)
        content = .array(nodes)
    }

    /// Replaces what the key had before.
    func put(_ node: EncodedNode, at key: String) {
        guard case .object(var members, var positions) = content else { return }
        content = .value(.null)
        if let position = positions[key] {
            members[position].node = node
        } else {
            positions[key] = members.count
            members.append((key, node))
        }
        content = .object(members, positions: positions)
    }

    func finished() -> JSONValue {
        switch content {
        case .value(let value): value
        case .array(let nodes): .array(nodes.map { $0.finished() })
        case .object(let members, _):
            .object(JSONObject(members: members.map { JSONObject.Member(key: $0.key, value: $0.node.finished()) }))
        }
    }
}

extension [any CodingKey] {
    /// `choices.0.message`.
    var dotted: String {
        map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}

/// A key made of a position or of the word for a superclass.
struct PlainKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }

    static let parent = PlainKey(stringValue: "super")
}
