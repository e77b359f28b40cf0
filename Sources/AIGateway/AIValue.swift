import JSON

/// Any JSON value, with the order of members and the spelling of numbers kept.
///
/// Written as a literal: `["messages": [["role": "user", "content": "Hello!"]], "temperature": 0.5]`.
/// Two values are equal when they are spelled alike, the order of members included.
public struct AIValue: Hashable, Sendable {
    let json: JSONValue

    init(json: JSONValue) {
        self.json = json
    }

    public init(_ text: String) { json = .string(text) }
    public init(_ value: Bool) { json = .bool(value) }
    public init(_ number: some FixedWidthInteger) { json = .int(number) }
    /// Null for infinities and NaN, which JSON cannot say.
    public init(_ number: Double) { json = .double(number) }

    public static let null = AIValue(json: .null)

    /// An object of these members, in this order.
    public static func object(_ members: some Sequence<(String, AIValue)>) -> AIValue {
        AIValue(json: .object(JSONObject(members: members.map { JSONObject.Member(key: $0.0, value: $0.1.json) })))
    }

    public static func array(_ elements: some Sequence<AIValue>) -> AIValue {
        AIValue(json: .array(elements.map(\.json)))
    }

    /// The value that a JSON text stands for.
    public init(parsing bytes: [UInt8]) throws(AIError) {
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw .unreadable(error.description)
        }
    }

    public init(parsing text: String) throws(AIError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// JSON text without white space.
    public var jsonText: String { String(decoding: json.serialized(), as: UTF8.self) }

    public var isNull: Bool { json.isNull }
    public var stringValue: String? { json.stringValue }
    public var boolValue: Bool? { json.boolValue }
    /// The number when it is whole and fits.
    public var intValue: Int? { json.intValue }
    public var doubleValue: Double? { json.doubleValue }
    public var arrayValue: [AIValue]? { json.arrayValue?.map(AIValue.init(json:)) }
    /// The members of an object in their order.
    public var members: [(key: String, value: AIValue)]? { json.objectValue?.map { ($0.key, AIValue(json: $0.value)) } }

    /// The member of an object; nil when there is none or this is no object.
    public subscript(_ key: String) -> AIValue? { json[key].map(AIValue.init(json:)) }

    /// The element of an array; nil when there is none or this is no array.
    public subscript(_ position: Int) -> AIValue? { json[position].map(AIValue.init(json:)) }
}

extension AIValue: CustomStringConvertible {
    public var description: String { jsonText }
}

extension AIValue: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { json = .null }
}

extension AIValue: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) { json = .bool(value) }
}

extension AIValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) { json = .int(value) }
}

extension AIValue: ExpressibleByFloatLiteral {
    public init(floatLiteral value: Double) { json = .double(value) }
}

extension AIValue: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { json = .string(value) }
}

extension AIValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: AIValue...) { self = .array(elements) }
}

extension AIValue: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, AIValue)...) { self = .object(elements) }
}
