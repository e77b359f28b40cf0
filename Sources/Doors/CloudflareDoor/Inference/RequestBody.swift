import Domain
import JSON

/// A body that is a JSON object, as far as a door needs it: where its members lie. Their values stay as they are.
struct RequestBody {
    let bytes: [UInt8]
    let index: JSONIndex

    /// A large body may hold so many commas. A value costs memory while a body is checked, however short it is.
    private static let maximumCommas = 2 << 20
    private static let largeBody = 4 << 20

    init(_ bytes: [UInt8], scanner: JSONScanner, depth: Int) throws(GatewayError) {
        self.bytes = bytes
        index = try Self.scan(bytes, scanner: scanner, depth: depth)
        guard index.kind == .object else { throw GatewayError(.invalidBody, "The body must be a JSON object.") }
    }

    static func scan(_ bytes: [UInt8], scanner: JSONScanner, depth: Int) throws(GatewayError) -> JSONIndex {
        guard bytes.count < largeBody || bytes.count(where: { $0 == UInt8(ascii: ",") }) <= maximumCommas else {
            throw GatewayError(.invalidBody, "The body has too many values.")
        }
        do {
            return try scanner.scan(bytes, maximumDepth: depth)
        } catch {
            throw GatewayError(.invalidBody, error.description)
        }
    }

    /// The member of that name; null counts as none.
    func field(_ name: StaticString) -> JSONField? {
        index.first(named: name, in: bytes).flatMap { $0.isNull ? nil : $0 }
    }

    /// The bytes of a member that must be an object.
    func object(_ name: StaticString) throws(GatewayError) -> [UInt8] {
        guard let field = field(name) else {
            throw GatewayError(.missingField, "`\(name)` is missing; it must be an object.", param: name.description)
        }
        guard field.kind == .object else { throw wrongType(name, "an object") }
        return Array(bytes[field.range])
    }

    func text(_ name: StaticString) throws(GatewayError) -> String? {
        guard let field = field(name) else { return nil }
        guard let text = field.string(in: bytes) else { throw wrongType(name, "a string") }
        return text
    }

    /// A member as a tree; for those that are small by nature.
    func value(_ name: StaticString, scanner: JSONScanner) -> JSONValue? {
        field(name).flatMap { try? scanner.value(bytes, in: $0.range) }
    }

    /// The text with a member set, or as it is when it cannot be.
    func setting(_ name: String, to value: String) -> [UInt8] {
        var patch = JSONPatch()
        patch.set(name, to: JSONValue.string(value).serialized(), in: index, of: bytes)
        return (try? patch.applied(to: bytes)) ?? bytes
    }

    /// The text without a member.
    func removing(_ name: StaticString) -> [UInt8] {
        var patch = JSONPatch()
        patch.change(index, removing: { $0.isNamed(name, in: bytes) })
        return (try? patch.applied(to: bytes)) ?? bytes
    }

    func wrongType(_ name: StaticString, _ what: String) -> GatewayError {
        GatewayError(.invalidType, "`\(name)` must be \(what).", param: name.description)
    }
}

extension RequestBody {
    /// The model that the body names.
    func model(_ limits: InferenceLimits) throws(GatewayError) -> String {
        guard let field = field("model") else {
            throw GatewayError(
                .invalidBody, "`model` is missing. Name one, such as `openai/o4-mini`.", param: "model")
        }
        guard let model = field.string(in: bytes) else { throw wrongType("model", "a string") }
        return try ModelName.checked(model, limits)
    }
}

/// What the names of models tell.
enum ModelName {
    /// Whether the model is hosted here rather than asked for elsewhere.
    static func isHosted(_ name: String) -> Bool { name.hasPrefix("@") }

    static func checked(_ name: String, _ limits: InferenceLimits) throws(GatewayError) -> String {
        guard (1...limits.modelBytes).contains(name.utf8.count) else {
            throw GatewayError(
                .modelNotFound, "There is no such model: names have 1 to \(limits.modelBytes) bytes.", param: "model")
        }
        return name
    }
}
