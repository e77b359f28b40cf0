import JSON

/// Reads the members of one object of a request and complains as the vendor does. Null counts as absent.
struct RequestFields {
    let object: JSONObject
    /// What stands before a member's name in complaints, such as `messages[0].`.
    var path = ""

    init(object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    /// The members of a whole body.
    init(parsing body: [UInt8]) throws(VendorError) {
        let tree: JSONValue
        do { tree = try JSONValue(parsing: body) } catch { throw .unreadableJSON }
        guard let object = tree.objectValue else { throw .notAnObject }
        self.init(object: object)
    }

    func value(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    func string(_ name: String) throws(VendorError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.stringValue else { throw wrongType(name, "a string", value) }
        return text
    }

    func requiredString(_ name: String) throws(VendorError) -> String {
        guard let text = try string(name) else { throw .missing(path + name) }
        return text
    }

    func bool(_ name: String) throws(VendorError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.boolValue else { throw wrongType(name, "a boolean", value) }
        return flag
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(VendorError) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.intValue else { throw wrongType(name, "an integer", value) }
        if number < range.lowerBound {
            throw .outOfRange(path + name, "\(number)", atLeast: "\(range.lowerBound)", noun: "integer")
        }
        if number > range.upperBound {
            throw .outOfRange(path + name, "\(number)", atMost: "\(range.upperBound)", noun: "integer")
        }
        return number
    }

    func decimal(_ name: String, _ range: ClosedRange<Double>) throws(VendorError) -> Double? {
        guard let value = value(name) else { return nil }
        guard let number = value.doubleValue else { throw wrongType(name, "a decimal", value) }
        if number < range.lowerBound {
            throw .outOfRange(path + name, spelled(number), atLeast: spelled(range.lowerBound), noun: "decimal")
        }
        if number > range.upperBound {
            throw .outOfRange(path + name, spelled(number), atMost: spelled(range.upperBound), noun: "decimal")
        }
        return number
    }

    func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, _: Value.Type
    ) throws(VendorError) -> Value? {
        guard let text = try string(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            throw .unsupportedValue(text, path + name, supported: Value.allCases.map(\.rawValue))
        }
        return value
    }

    func array(_ name: String, of elements: String) throws(VendorError) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let array = value.arrayValue else { throw wrongType(name, "an array of \(elements)", value) }
        return array
    }

    func object(_ name: String) throws(VendorError) -> RequestFields? {
        guard let value = value(name) else { return nil }
        guard let object = value.objectValue else { throw wrongType(name, "an object", value) }
        return RequestFields(object: object, path: "\(path)\(name).")
    }

    func requiredObject(_ name: String) throws(VendorError) -> RequestFields {
        guard let fields = try object(name) else { throw .missing(path + name) }
        return fields
    }

    private func wrongType(_ name: String, _ expected: String, _ value: JSONValue) -> VendorError {
        .wrongType(path + name, expected: expected, got: value)
    }

    private func spelled(_ number: Double) -> String {
        JSONNumber(number)?.spelling ?? "\(number)"
    }
}
