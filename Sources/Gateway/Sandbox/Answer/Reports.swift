import JSON

/// The answer once tools have given their results.
enum ToolReport {
    /// Values of one result that are named.
    static let valueLimit = 12

    static func text(
        about results: [(call: ToolCall?, result: ChatMessage)], question: String, random: inout StableRandom
    ) -> String {
        let lines = results.map { line($0.call, $0.result) }
        let body = lines.count == 1 ? lines[0] : lines.map { "- " + $0 }.joined(separator: "\n")
        let opening = random.pick(["Here is what I found", "This is what came back", "I looked it up"])
        let subject = question.isEmpty ? ":" : " for “\(Words.excerpt(question, limit: 80))”:"
        return opening + subject + "\n\n" + body
    }

    private static func line(_ call: ToolCall?, _ message: ChatMessage) -> String {
        let name = call?.name ?? message.name ?? "the tool"
        let arguments = call.flatMap { try? JSONValue(parsing: Array($0.arguments.utf8)) }
        let given = arguments.map { facts($0) }?.map(\.1).joined(separator: ", ") ?? ""
        return name + (given.isEmpty ? "" : " (\(given))") + ": " + readable(message.text)
    }

    private static func readable(_ text: String) -> String {
        guard let value = try? JSONValue(parsing: Array(text.utf8)), value.objectValue != nil || value.arrayValue != nil
        else { return Words.excerpt(text, limit: 400) }
        return facts(value).map { $0.0.isEmpty ? $0.1 : "\($0.0): \($0.1)" }.joined(separator: ", ")
    }

    /// Leaves of a tree with their names, the outermost first.
    private static func facts(_ value: JSONValue, named name: String = "") -> ArraySlice<(String, String)> {
        var found: [(String, String)] = []
        switch value {
        case .object(let object):
            for member in object.members.prefix(valueLimit) {
                found += facts(member.value, named: name.isEmpty ? member.key : "\(name) \(member.key)")
            }
        case .array(let elements):
            for element in elements.prefix(valueLimit) { found += facts(element, named: name) }
        case .string(let text): found = [(name, Words.excerpt(text))]
        case .number(let number): found = [(name, number.spelling)]
        case .bool(let flag): found = [(name, flag ? "yes" : "no")]
        case .null: break
        }
        return found.prefix(valueLimit)
    }
}

/// The answer to a question with images.
enum ImageReport {
    static let imageLimit = 20

    static func text(about images: [ImagePart], question: String, random: inout StableRandom) -> String {
        let opening =
            question.isEmpty
            ? random.pick(["Here is what I see:", "This is what I can make out:"])
            : random.pick(["As to ", "You asked about the picture: "]) + "“\(Words.excerpt(question))”:"
        let lines = images.prefix(imageLimit).enumerated().map { index, image in
            (images.count == 1 ? "The image is " : "Image \(index + 1) is ") + describe(image) + "."
        }
        return opening + "\n\n" + lines.joined(separator: "\n")
    }

    private static func describe(_ image: ImagePart) -> String {
        switch image.source {
        case .data(let facts): "a \(facts.format.rawValue) of \(facts.width) × \(facts.height) pixels"
        case .url(let url): "the one at \(Words.excerpt(url, limit: 200))"
        }
    }
}
