import Foundation
import JSON

/// A small validator of JSON schemas, written for the tests alone and the obvious way.
struct SchemaValidator {
    let root: JSONValue

    /// What is wrong with the value; empty when nothing is.
    func problems(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
        if schema == .bool(true) { return [] }
        guard case .object(let rules) = schema else { return ["\(path): nothing is allowed"] }
        return rules.members.flatMap { rule in check(value, rule.key, rule.value, rules, path) }
    }

    private func valid(_ value: JSONValue, _ schema: JSONValue) -> Bool { problems(value, schema).isEmpty }

    private func check(
        _ value: JSONValue, _ key: String, _ rule: JSONValue, _ rules: JSONObject, _ path: String
    ) -> [String] {
        func unless(_ holds: Bool) -> [String] { holds ? [] : ["\(path): \(key)"] }
        let list = rule.arrayValue ?? []
        switch key {
        case "$ref": return problems(value, resolve(rule.stringValue ?? ""), at: path)
        case "type": return unless((rule.stringValue.map { [.string($0)] } ?? list).contains { isType(value, $0) })
        case "enum": return unless(list.contains { equal($0, value) })
        case "const": return unless(equal(rule, value))
        case "anyOf": return unless(list.contains { valid(value, $0) })
        case "oneOf": return unless(list.filter { valid(value, $0) }.count == 1)
        case "allOf": return list.flatMap { problems(value, $0, at: path) }
        case "not": return unless(!valid(value, rule))
        case "if":
            return (valid(value, rule) ? rules["then"] : rules["else"]).map { problems(value, $0, at: path) } ?? []
        default: break
        }
        switch value {
        case .string(let text): return unless(string(text, key, rule))
        case .number(let number): return unless(self.number(number.double!, key, rule))
        case .array(let elements):
            return array(elements, key, rule, rules, path) ?? unless(arrayRule(elements, key, rule))
        case .object(let object): return self.object(object, key, rule, rules, path)
        default: return []
        }
    }

    private func string(_ text: String, _ key: String, _ rule: JSONValue) -> Bool {
        switch key {
        case "minLength": return text.unicodeScalars.count >= rule.intValue!
        case "maxLength": return text.unicodeScalars.count <= rule.intValue!
        case "pattern": return text.range(of: rule.stringValue!, options: .regularExpression) != nil
        case "format":
            let patterns = [
                "date": #"^\d{4}-\d\d-\d\d$"#, "date-time": #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"#,
                "time": #"^\d\d:\d\d:\d\dZ$"#, "email": #"^[^@\s]+@[^@\s]+\.[a-z]+$"#, "uri": #"^https?://\S+$"#,
                "uuid": #"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"#, "ipv4": #"^\d+\.\d+\.\d+\.\d+$"#,
                "ipv6": #"^[0-9a-f:]+$"#, "hostname": #"^[a-z0-9.-]+$"#, "duration": #"^PT\d+M$"#,
            ]
            return patterns[rule.stringValue!].map { text.range(of: $0, options: .regularExpression) != nil } ?? true
        default: return true
        }
    }

    private func number(_ value: Double, _ key: String, _ rule: JSONValue) -> Bool {
        guard let bound = rule.doubleValue else { return true }
        switch key {
        case "minimum": return value >= bound
        case "maximum": return value <= bound
        case "exclusiveMinimum": return value > bound
        case "exclusiveMaximum": return value < bound
        case "multipleOf": return abs((value / bound).rounded() * bound - value) < 1e-9
        default: return true
        }
    }

    private func arrayRule(_ elements: [JSONValue], _ key: String, _ rule: JSONValue) -> Bool {
        switch key {
        case "minItems": elements.count >= rule.intValue!
        case "maxItems": elements.count <= rule.intValue!
        case "uniqueItems": rule == false || Set(elements).count == elements.count
        default: true
        }
    }

    private func array(
        _ elements: [JSONValue], _ key: String, _ rule: JSONValue, _ rules: JSONObject, _ path: String
    ) -> [String]? {
        let prefix = rules["prefixItems"]?.arrayValue ?? []
        switch key {
        case "items":
            return elements.dropFirst(prefix.count).enumerated().flatMap { problems($1, rule, at: "\(path)[\($0)]") }
        case "prefixItems": return zip(elements, prefix).flatMap { problems($0, $1, at: path + "[prefix]") }
        default: return nil
        }
    }

    private func object(
        _ object: JSONObject, _ key: String, _ rule: JSONValue, _ rules: JSONObject, _ path: String
    ) -> [String] {
        let known = rules["properties"]?.objectValue ?? [:]
        switch key {
        case "required":
            return rule.arrayValue!.filter { object[$0.stringValue!] == nil }.map { "\(path): lacks \($0)" }
        case "properties":
            return object.members.flatMap { member in
                known[member.key].map { problems(member.value, $0, at: "\(path).\(member.key)") } ?? []
            }
        case "additionalProperties":
            return object.members.filter { known[$0.key] == nil }
                .flatMap { problems($0.value, rule, at: "\(path).\($0.key)") }
        case "minProperties": return object.count >= rule.intValue! ? [] : ["\(path): \(key)"]
        case "maxProperties": return object.count <= rule.intValue! ? [] : ["\(path): \(key)"]
        default: return []
        }
    }

    private func resolve(_ reference: String) -> JSONValue {
        reference.split(separator: "/").dropFirst().reduce(root) { value, part in
            let name = part.replacingOccurrences(of: "~1", with: "/").replacingOccurrences(of: "~0", with: "~")
            return value[name] ?? value[Int(name) ?? -1] ?? .bool(false)
        }
    }

    private func isType(_ value: JSONValue, _ type: JSONValue) -> Bool {
        switch (value, type) {
        case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"), (.object, "object"): true
        case (.number, "number"): true
        case (.number(let number), "integer"): number.double!.rounded() == number.double!
        default: false
        }
    }

    private func equal(_ one: JSONValue, _ other: JSONValue) -> Bool {
        one == other || one.doubleValue != nil && one.doubleValue == other.doubleValue
    }
}
