import Domain
import JSON

/// One object of a request of Responses, and where it lies.
struct ResponsesPart {
    let members: [JSONObject.Member]
    private let object: JSONObject
    /// As a JSON pointer.
    private let pointer: String

    init(_ value: JSONValue, at pointer: String) {
        object = value.objectValue ?? JSONObject(members: [])
        members = object.members
        self.pointer = pointer
    }

    /// Null counts as absent.
    func value(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    func string(_ name: String) throws(GatewayError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.stringValue else { throw wrongType(name, "a string") }
        return text
    }

    /// A string that must be there.
    func word(_ name: String) throws(GatewayError) -> String {
        guard let text = try string(name) else {
            let param = param(name)
            throw GatewayError(.missingField, "`\(param)` is missing.", param: param)
        }
        return text
    }

    func bool(_ name: String) throws(GatewayError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.boolValue else { throw wrongType(name, "true or false") }
        return flag
    }

    func part(_ name: String) throws(GatewayError) -> ResponsesPart? {
        guard let value = value(name) else { return nil }
        guard value.objectValue != nil else { throw wrongType(name, "an object") }
        return ResponsesPart(value, at: "\(pointer)/\(name)")
    }

    /// The elements of an array of objects; none when there is no array.
    func parts(_ name: String) throws(GatewayError) -> [ResponsesPart] {
        guard let value = value(name) else { return [] }
        guard let values = value.arrayValue, values.allSatisfy({ $0.objectValue != nil }) else {
            throw wrongType(name, "an array of objects")
        }
        return values.enumerated().map { ResponsesPart($1, at: "\(pointer)/\(name)/\($0)") }
    }

    func refusal(_ name: String, _ what: String) -> GatewayError {
        let param = param(name)
        return GatewayError(.invalidValue, "`\(param)` \(what)", param: param)
    }

    func wrongType(_ name: String, _ what: String) -> GatewayError {
        let param = param(name)
        return GatewayError(.invalidType, "`\(param)` must be \(what).", param: param)
    }

    /// A member of the body by its name, what lies deeper as a pointer.
    private func param(_ name: String) -> String {
        pointer.isEmpty ? name : "\(pointer)/\(name)"
    }
}
