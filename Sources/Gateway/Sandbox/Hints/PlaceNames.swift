/// Finds the names of places in English texts: known cities, and capitalised words behind "in", "to" and the like.
enum PlaceNames {
    struct Found: Hashable {
        var name: String
        /// The word that led to it, such as "from"; empty for a known city standing free.
        var preposition: String
    }

    static let limit = 16

    static func found(in text: String) -> [Found] {
        let words = TextWord.words(of: text)
        var scan = Scan()
        var at = 0
        while at < words.count, scan.found.count < limit { at = scan.step(words, at) }
        // "weather in Tokyo for Alice" has one place.
        let strong = scan.found.filter { isKnown($0.name) || !weak.contains($0.preposition) }
        return strong.isEmpty ? scan.found : strong
    }

    private static let prepositions: Set<String> = [
        "in", "at", "near", "from", "to", "for", "of", "around", "visiting",
    ]
    private static let weak: Set<String> = ["for", "of", "at"]

    private struct Scan {
        var found: [Found] = []
        /// The preposition whose place may come next.
        var open: String?

        /// Looks at the word there and returns where to go on.
        mutating func step(_ words: [TextWord], _ at: Int) -> Int {
            let word = words[at]
            if let known = known(words, at) {
                add(known.name)
                return goOn(words, at + known.length)
            }
            if word.isCapitalised, open != nil, !TextWord.calendar.contains(word.lower) {
                var end = at + 1
                while end < words.count, end < at + 3, !words[end - 1].endsPhrase, words[end].isCapitalised,
                    !TextWord.calendar.contains(words[end].lower)
                {
                    end += 1
                }
                add(words[at..<end].map(\.text).joined(separator: " "))
                return goOn(words, end)
            }
            if prepositions.contains(word.lower) {
                open = word.lower
            } else if word.lower != "the" {
                open = nil
            }
            return at + 1
        }

        /// Behind a place another may follow: "Rome, Paris and Oslo".
        private mutating func goOn(_ words: [TextWord], _ next: Int) -> Int {
            let joins = next < words.count && ["and", "or", "&"].contains(words[next].lower)
            if joins { return next + 1 }
            if !words[next - 1].hasComma { open = nil }
            return next
        }

        private mutating func add(_ name: String) {
            if !found.contains(where: { $0.name == name }) { found.append(Found(name: name, preposition: open ?? "")) }
        }

        private func known(_ words: [TextWord], _ at: Int) -> (name: String, length: Int)? {
            for length in [3, 2, 1] where at + length <= words.count {
                let name = words[at..<at + length].map(\.lower).joined(separator: " ")
                if let known = PlaceNames.known[name] { return (known, length) }
            }
            return nil
        }
    }

    static func isKnown(_ name: String) -> Bool { known[name.lowercased()] != nil }

    private static let known = Dictionary(uniqueKeysWithValues: names.map { ($0.lowercased(), $0) })

    private static let names = [
        "Amsterdam", "Athens", "Atlanta", "Auckland", "Bangkok", "Barcelona", "Beijing", "Berlin", "Bogotá", "Boston",
        "Brussels", "Budapest", "Buenos Aires", "Cairo", "Cape Town", "Chicago", "Copenhagen", "Dallas", "Delhi",
        "Denver",
        "Dubai", "Dublin", "Edinburgh", "Geneva", "Hamburg", "Hanoi", "Helsinki", "Hong Kong", "Honolulu", "Houston",
        "Istanbul", "Jakarta", "Johannesburg", "Karachi", "Kyiv", "Kyoto", "Lagos", "Las Vegas", "Lima", "Lisbon",
        "London",
        "Los Angeles", "Madrid", "Manila", "Melbourne", "Mexico City", "Miami", "Milan", "Montreal", "Moscow", "Mumbai",
        "Munich", "Nairobi", "New York", "Osaka", "Oslo", "Paris", "Prague", "Reykjavik", "Rio de Janeiro", "Rome",
        "San Diego", "San Francisco", "Santiago", "São Paulo", "Seattle", "Seoul", "Shanghai", "Singapore", "Stockholm",
        "Sydney", "Taipei", "Tel Aviv", "Tokyo", "Toronto", "Vancouver", "Venice", "Vienna", "Warsaw", "Zurich",
    ]
}

/// A word of a text with what its borders say.
struct TextWord {
    /// Without punctuation around it and without a possessive ending.
    var text: String
    var lower: String
    var isCapitalised: Bool
    var hasComma: Bool
    /// Punctuation follows: what comes next is not part of the same name.
    var endsPhrase: Bool
    /// Nothing before it, or the end of a sentence.
    var startsSentence: Bool

    /// Words of a text that are looked at.
    static let limit = 2_000

    static func words(of text: String) -> [TextWord] {
        var words: [TextWord] = []
        var starts = true
        for raw in text.split(whereSeparator: { $0.isWhitespace || $0 == "/" }).prefix(limit) {
            var word = raw.drop { !isInner($0) }
            let trailing = raw.reversed().prefix { !isInner($0) }
            word = word.dropLast(word.isEmpty ? 0 : trailing.count)
            for ending in ["'s", "’s"] where word.hasSuffix(ending) { word = word.dropLast(2) }
            guard let first = word.first else { continue }
            words.append(
                TextWord(
                    text: String(word), lower: word.lowercased(), isCapitalised: first.isUppercase && word != "I",
                    hasComma: trailing.contains(","), endsPhrase: !trailing.isEmpty, startsSentence: starts))
            starts = trailing.contains { ".!?".contains($0) }
        }
        return words
    }

    private static func isInner(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "&"
    }

    static let calendar: Set<String> = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "english", "french",
        "german", "spanish", "celsius", "fahrenheit", "json", "python",
    ]
}
