public import Domain
public import JSON

/// What conditions and limits of a route may ask about a request. Belongs to the request's own task.
public struct RouteFacts {
    public let model: String
    public let metadata: CallMetadata
    private let header: (String) -> String?
    private let body: LazyBody

    /// - Parameters:
    ///   - header: Looks a header up; names are compared without regard to case by whoever gives this.
    ///   - body: Asked for once at most, and only when the route looks into the body.
    public init(
        model: String, metadata: CallMetadata, header: @escaping (String) -> String?,
        body: @escaping () -> JSONValue?
    ) {
        self.model = model
        self.metadata = metadata
        self.header = header
        self.body = LazyBody(body)
    }

    /// Nil where there is nothing.
    func value(at path: FactPath) -> Fact? {
        switch path.place {
        case .model: .text(model)
        case .metadata(let key): metadata[key].map(Fact.init)
        case .header(let name): header(name).map(Fact.text)
        case .body(let parts): body.value.flatMap { Self.find(parts, in: $0) }.map(Fact.init)
        }
    }

    /// What a limit counts by: nil when the request does not have it.
    func text(at path: FactPath) -> String? {
        value(at: path)?.text
    }

    private static func find(_ parts: [String], in root: JSONValue) -> JSONValue? {
        var value = root
        for part in parts {
            let next: JSONValue? =
                switch value {
                case .object(let object): object[part]
                case .array: Int(part).flatMap { value[$0] }
                default: nil
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }
}

/// Something a request has.
enum Fact: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case text(String)
    /// An object or an array: it is there, and like nothing.
    case composite

    init(_ value: CallMetadata.Value) {
        self =
            switch value {
            case .text(let text): .text(text)
            case .number(let spelling): JSONNumber(spelling: spelling).map(Fact.number) ?? .text(spelling)
            case .bool(let bool): .bool(bool)
            }
    }

    init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let bool): .bool(bool)
            case .number(let number): .number(number)
            case .string(let text): .text(text)
            case .array, .object: .composite
            }
    }

    /// Nil for what cannot be counted by.
    var text: String? {
        switch self {
        case .null, .composite: nil
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): number.spelling
        case .text(let text): text
        }
    }
}

private final class LazyBody {
    private let read: () -> JSONValue?
    lazy var value = read()

    init(_ read: @escaping () -> JSONValue?) {
        self.read = read
    }
}
