import JSON

/// JSON for people: a member a line, two spaces a level.
enum PrettyJSON {
    static func text(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: "", to: &text)
        return text
    }

    /// As deep as the value, which a scan has limited.
    private static func write(_ value: JSONValue, indent: String, to text: inout String) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            list(elements, "[", "]", indent, &text) { write($0, indent: $1, to: &$2) }
        case .object(let object) where !object.isEmpty:
            list(object.members, "{", "}", indent, &text) { member, indent, text in
                text += String(decoding: JSONValue.string(member.key).serialized(), as: UTF8.self) + ": "
                write(member.value, indent: indent, to: &text)
            }
        default: text += String(decoding: value.serialized(), as: UTF8.self)
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ opening: String, _ closing: String, _ indent: String, _ text: inout String,
        _ write: (Element, String, inout String) -> Void
    ) {
        let inner = indent + "  "
        text += opening
        for (position, element) in elements.enumerated() {
            text += position == 0 ? "\n" : ",\n"
            text += inner
            write(element, inner, &text)
        }
        text += "\n\(indent)\(closing)"
    }
}
