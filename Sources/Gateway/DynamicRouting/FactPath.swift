/// Names something of a request: `model`, `metadata.plan`, `headers.x-team`, `body.messages.0.role`.
struct FactPath: Hashable, Sendable {
    enum Place: Hashable, Sendable {
        case model
        case metadata(String)
        case header(String)
        /// Keys, and positions in arrays, from the outside in.
        case body([String])
    }

    static let grammar = "model, metadata.<key>, headers.<name> or body.<path>"

    let place: Place

    init?(_ text: String) {
        guard text.utf8.count <= RouteBounds.longestPath else { return nil }
        if text == "model" {
            place = .model
        } else if let key = Self.rest(of: text, after: "metadata.") {
            place = .metadata(key)
        } else if let name = Self.rest(of: text, after: "headers.") {
            place = .header(name)
        } else if let path = Self.rest(of: text, after: "body.") {
            let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= RouteBounds.mostPathParts, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
            place = .body(parts)
        } else {
            return nil
        }
    }

    private static func rest(of text: String, after prefix: String) -> String? {
        guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count else { return nil }
        return String(text.dropFirst(prefix.count))
    }
}
