import JSON

/// What a text says that could go into the members of an object.
struct TextHints: Sendable {
    let text: String
    private(set) var places: [PlaceNames.Found]
    private let people: [String]
    private let quoted: [String]
    /// In the order they occur.
    let numbers: [Double]
    private let emails: [String]
    private let links: [String]
    private let dates: [String]
    private let words: Set<String>

    /// Characters of a text that are looked at.
    static let scanLimit = 8_000

    init(_ text: String) {
        let text = String(text.prefix(Self.scanLimit))
        self.text = text
        places = PlaceNames.found(in: text)
        let names = Set(places.flatMap { $0.name.split(separator: " ").map(String.init) })
        let quoted = Self.quoted(in: text)
        self.quoted = quoted
        people = Self.people(
            in: text, except: names.union(quoted.flatMap { $0.split(separator: " ").map(String.init) }))
        let raw = text.split { $0.isWhitespace || "<>()\"“”,;".contains($0) }.map { Self.trimmed(String($0)) }
        emails = raw.filter(Self.isEmail)
        links = raw.filter { $0.hasPrefix("https://") || $0.hasPrefix("http://") }
        dates = raw.filter(Self.isDate)
        numbers = Self.numbers(in: raw)
        words = Set(Words.of(text).map(Words.stem))
    }

    /// The same text, with one of its places left.
    func focused(on place: PlaceNames.Found) -> TextHints {
        var copy = self
        copy.places = [place]
        return copy
    }

    // MARK: For members

    /// Texts for a member of that name, the likeliest first; `position` counts within an array.
    func texts(for name: String, position: Int) -> [String] {
        let all = list(for: name)
        return position < all.count ? Array(all[position...]) : []
    }

    /// How many texts there are for a list of that name.
    func candidateCount(for name: String) -> Int {
        let kinds = Kind.of(name)
        return kinds.contains(.query) || kinds.contains(.topic) ? 0 : list(for: name).count
    }

    private func list(for name: String) -> [String] {
        guard !text.isEmpty else { return [] }
        for kind in Kind.of(name) {
            let found = texts(of: kind)
            if !found.isEmpty { return found }
        }
        return []
    }

    private func texts(of kind: Kind) -> [String] {
        switch kind {
        case .origin: places.filter { $0.preposition == "from" }.map(\.name)
        case .destination: places.filter { $0.preposition == "to" }.map(\.name)
        case .place: places.map(\.name)
        case .person: people
        case .email: emails
        case .link: links
        case .date: dates + relativeDates
        case .quoted: quoted
        case .topic: [Words.keywords(of: text, limit: 4).joined(separator: " ")].filter { !$0.isEmpty }
        case .query: quoted + [Words.excerpt(text, limit: 200)]
        case .expression: expression.map { [$0] } ?? []
        }
    }

    func texts(forFormat format: String, position: Int) -> String? {
        let found: [String] =
            switch format {
            case "email", "idn-email": emails
            case "uri", "url", "iri": links
            case "date": dates
            default: []
            }
        return position < found.count ? found[position] : nil
    }

    /// Truth values are made up, unless the text names the member in so many words.
    func bool(for name: String) -> JSONValue? {
        let parts = Self.words(inName: name).filter { !["is", "has", "include", "use", "with"].contains($0) }
        guard !parts.isEmpty, parts.allSatisfy({ words.contains(Words.stem($0)) }) else { return nil }
        return .bool(!(words.contains("no") || words.contains("not") || words.contains("without")))
    }

    /// The values whose text occurs in the words, in the order of the list.
    func mentioned(among values: [JSONValue], position: Int) -> JSONValue? {
        let named = values.filter { value in
            guard let text = value.stringValue else { return false }
            let parts = Words.of(text.split(separator: "_").joined(separator: " ")).map(Words.stem)
            return !parts.isEmpty && parts.allSatisfy(words.contains)
        }
        return position < named.count ? named[position] : named.first
    }

    /// Whether the text has something for a member that may be left out.
    func speaks(of name: String, schema: JSONValue) -> Bool {
        if let allowed = schema["enum"]?.arrayValue { return mentioned(among: allowed, position: 0) != nil }
        switch SchemaType.names(in: schema["type"]).first {
        case "integer", "number": return !numbers.isEmpty && !isDisjoint(name)
        case "boolean": return bool(for: name) != nil
        case "string":
            let kinds = Kind.of(name).filter { $0 != .query && $0 != .topic && $0 != .quoted }
            return kinds.contains { !texts(of: $0).isEmpty }
        default: return false
        }
    }

    private func isDisjoint(_ name: String) -> Bool {
        Set(Self.words(inName: name).map(Words.stem)).isDisjoint(with: words)
    }

    // MARK: Names

    /// The words of `camelCase` and `snake_case` names, in lower case.
    static func words(inName name: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in name {
            if !character.isLetter && !character.isNumber || character.isUppercase && word.last?.isLowercase == true {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if character.isLetter || character.isNumber { word.append(character) }
        }
        if !word.isEmpty { words.append(word) }
        return words.map { $0.lowercased() }
    }

    /// What a member of some name wants to hold.
    enum Kind {
        case origin, destination, place, person, email, link, date, quoted, topic, query, expression

        static func of(_ name: String) -> [Kind] {
            let words = Set(TextHints.words(inName: name).map { $0.hasSuffix("s") ? String($0.dropLast()) : $0 })
            return table.filter { !$0.0.isDisjoint(with: words) }.flatMap(\.1)
        }

        private static let table: [(Set<String>, [Kind])] = [
            (["origin", "from", "source", "departure", "start"], [.origin]),
            (["destination", "to", "arrival", "target"], [.destination]),
            (
                [
                    "city", "citie", "location", "place", "town", "region", "country", "destination", "origin",
                    "addres", "area",
                ], [.place]
            ),
            (["email", "mail", "to", "recipient"], [.email]), (["url", "link", "website", "uri", "page"], [.link]),
            (["title", "name", "message", "body"], [.quoted]),
            (["date", "day", "when", "departure", "arrival"], [.date]),
            (
                [
                    "name", "person", "recipient", "author", "customer", "user", "contact", "attendee", "participant",
                    "to",
                ], [.person]
            ),
            (["expression", "formula", "equation", "calculation"], [.expression]), (["topic", "subject"], [.topic]),
            (
                [
                    "query", "question", "text", "prompt", "message", "input", "search", "content", "q", "keyword",
                    "body", "expression",
                ],
                [.query]
            ),
        ]
    }
}
