import JSON

/// Values as programs write them: a member a line, two spaces a level.
enum CodePrinter {
    /// Longer lines are broken where they can be.
    private static let longestLine = 80
    private static let step = 2

    /// Without quotes around names and with single ones around texts, as JavaScript is mostly written.
    ///
    /// - Parameter column: How far the line is indented that it begins in.
    static func javaScript(_ value: JSONValue, column: Int) -> String {
        switch value {
        case .object(let object) where !object.isEmpty:
            let lines = object.members.map { line($0, column: column + step) }
            return "{\n\(lines.joined())\(spaces(column))}"
        case .array(let elements) where !elements.isEmpty:
            if let short = oneLine(elements, column: column) { return short }
            let lines = elements.map { spaces(column + step) + javaScript($0, column: column + step) + ",\n" }
            return "[\n\(lines.joined())\(spaces(column))]"
        case .string(let text): return quoted(text)
        default: return String(decoding: value.serialized(), as: UTF8.self)
        }
    }

    private static func line(_ member: JSONObject.Member, column: Int) -> String {
        let name = isName(member.key) ? member.key : quoted(member.key)
        let value = javaScript(member.value, column: column)
        let whole = "\(spaces(column))\(name): \(value),\n"
        guard member.value.stringValue != nil, whole.unicodeScalars.count - 1 > longestLine else { return whole }
        return "\(spaces(column))\(name):\n\(spaces(column + step))\(value),\n"
    }

    /// Numbers and words that fit in one line stand in one.
    private static func oneLine(_ elements: [JSONValue], column: Int) -> String? {
        guard elements.allSatisfy({ $0.arrayValue == nil && $0.objectValue == nil }) else { return nil }
        let line = "[" + elements.map { javaScript($0, column: column) }.joined(separator: ", ") + "]"
        return column + line.unicodeScalars.count < longestLine ? line : nil
    }

    static func quoted(_ text: String) -> String {
        let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var quoted = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\\": quoted += "\\\\"
            case quote: quoted += "\\\(quote)"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + String(quote)
    }

    private static func isName(_ text: String) -> Bool {
        let letters = text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || (byte | 0x20) &- UInt8(ascii: "a") < 26
                || byte &- UInt8(ascii: "0") < 10
        }
        return letters && text.utf8.first.map { $0 &- UInt8(ascii: "0") >= 10 } ?? false
    }

    /// JSON for people.
    static func json(_ value: JSONValue, column: Int = 0) -> String {
        switch value {
        case .object(let object) where !object.isEmpty:
            let lines = object.members.map { member in
                let name = String(decoding: JSONValue.string(member.key).serialized(), as: UTF8.self)
                return "\(spaces(column + step))\(name): \(json(member.value, column: column + step))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(spaces(column))}"
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { spaces(column + step) + json($0, column: column + step) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(spaces(column))]"
        default: return String(decoding: value.serialized(), as: UTF8.self)
        }
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
