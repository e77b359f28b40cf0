import JSON

// `AIEncoder` and `AIDecoder` take an `AIValue` as it is; this is for the coders of others.

extension AIValue: Codable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch json {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let elements): try container.encode(elements.map(AIValue.init(json:)))
        case .object(let object):
            try container.encode(Dictionary(object.map { ($0.key, AIValue(json: $0.value)) }, uniquingKeysWith: { $1 }))
        case .number(let number):
            if let whole = number.int64 {
                try container.encode(whole)
            } else if let whole = number.uint64 {
                try container.encode(whole)
            } else {
                try container.encode(number.double)
            }
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            json = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            json = .int(value)
        } else if let value = try? container.decode(UInt64.self) {
            json = .int(value)
        } else if let value = try? container.decode(Double.self) {
            json = .double(value)
        } else if let value = try? container.decode(String.self) {
            json = .string(value)
        } else if let elements = try? container.decode([AIValue].self) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: AIValue].self).sorted { $0.key < $1.key }.map { ($0, $1) })
        }
    }
}
