/// Builds nodes out of events, within limits.
struct YAMLComposer {
    private let events: YAMLEventReader
    private let limits: YAMLLimits
    private var nodeCount = 0

    init(events: YAMLEventReader, limits: YAMLLimits) {
        self.events = events
        self.limits = limits
    }

    mutating func document() throws(YAMLError) -> YAMLNode? {
        _ = try events.next()  // The start of the stream.
        guard case .documentStart = try events.next().kind else { return nil }
        let root = try node(events.next(), depth: 1)
        _ = try events.next()  // The end of the document.
        let last = try events.next()
        guard case .streamEnd = last.kind else {
            throw YAMLError(code: .unsupported, place: last.place, message: "a second document is not supported")
        }
        return root
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        try check(event, depth: depth)
        switch event.kind {
        case .scalar(let text, let style):
            return YAMLNode(content: .scalar(text: text, style: style), place: event.place)
        case .sequenceStart:
            return YAMLNode(content: .sequence(try elements(depth: depth)), place: event.place)
        case .mappingStart:
            return YAMLNode(content: .mapping(try entries(depth: depth)), place: event.place)
        default:
            throw YAMLError(code: .syntax, place: event.place, message: "a value is missing")
        }
    }

    private mutating func elements(depth: Int) throws(YAMLError) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { return elements }
            elements.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func entries(depth: Int) throws(YAMLError) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var places: [String: YAMLPlace] = [:]
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { return entries }
            let key = try key(event, depth: depth)
            if let first = places.updateValue(event.place, forKey: key) {
                throw YAMLError(
                    code: .duplicateKey, place: event.place,
                    message: "the key \"\(printable(key))\" was given before, in line \(first.line)")
            }
            let value = try node(events.next(), depth: depth + 1)
            entries.append(YAMLEntry(key: key, keyPlace: event.place, value: value))
        }
    }

    private mutating func key(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> String {
        try check(event, depth: depth)
        guard case .scalar(let key, _) = event.kind else {
            throw YAMLError(code: .unsupported, place: event.place, message: "a key must be plain text")
        }
        return key
    }

    private mutating func check(_ event: YAMLEvent, depth: Int) throws(YAMLError) {
        nodeCount += 1
        if let refusal = refusal(of: event) {
            throw YAMLError(code: .unsupported, place: event.place, message: refusal)
        }
        guard nodeCount <= limits.maxNodes else {
            let message = "more than \(limits.maxNodes) values in one document"
            throw YAMLError(code: .tooManyNodes, place: event.place, message: message)
        }
        guard depth <= limits.maxDepth || !event.opensLevel else {
            let message = "more than \(limits.maxDepth) levels inside each other"
            throw YAMLError(code: .tooDeep, place: event.place, message: message)
        }
    }

    private func refusal(of event: YAMLEvent) -> String? {
        if case .alias = event.kind { return "an alias (*name) is not supported; write the value out" }
        return switch event.mark {
        case .anchor: "an anchor (&name) is not supported; write the value where it is needed"
        case .tag: "a tag (!name) is not supported"
        case nil: nil
        }
    }

    /// A key fit for an error text: without control characters, and not endless.
    private func printable(_ key: String) -> String {
        let longest = 64
        let scalars = key.unicodeScalars.prefix(longest).map {
            [.control, .format].contains($0.properties.generalCategory) ? "?" : String($0)
        }
        return scalars.joined() + (key.unicodeScalars.count > longest ? "…" : "")
    }
}
