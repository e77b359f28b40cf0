/// Looks at English texts word by word.
enum Words {
    /// Lower-case words of letters and digits.
    static func of(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// Words that say what a text is about, in order, without repeats.
    static func keywords(of text: String, limit: Int = 6) -> [String] {
        var found: [String] = []
        for word in of(String(text.prefix(scanLimit))) where word.count > 2 && !common.contains(word) {
            if !found.contains(word) { found.append(word) }
            if found.count == limit { break }
        }
        return found
    }

    /// The word without the endings of English grammar: good enough to see that "cities" and "city" are one.
    static func stem(_ word: String) -> String {
        if word.count > 4, word.hasSuffix("ies") { return word.dropLast(3) + "y" }
        for ending in ["ing", "ed", "es", "s", "e"] where word.count > ending.count + 2 && word.hasSuffix(ending) {
            return String(word.dropLast(ending.count))
        }
        return word
    }

    /// One line of at most so many characters.
    static func excerpt(_ text: String, limit: Int = 120) -> String {
        let line = text.prefix(limit * 2).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard line.count > limit || text.count > limit * 2 else { return line }
        return line.prefix(limit) + "…"
    }

    /// Characters of a text that are looked at for keywords.
    static let scanLimit = 4_000

    static let common: Set<String> = [
        "the", "and", "for", "are", "was", "were", "what", "whats", "when", "where", "which", "who", "why", "how",
        "does",
        "did", "can", "could", "would", "should", "will", "shall", "may", "might", "you", "your", "yours", "our",
        "they",
        "them", "their", "his", "her", "she", "him", "its", "this", "that", "these", "those", "there", "here", "have",
        "has", "had", "with", "without", "from", "into", "onto", "about", "some", "any", "all", "each", "every",
        "please",
        "tell", "give", "show", "explain", "describe", "write", "make", "need", "want", "like", "know", "let", "yes",
        "not",
        "but", "then", "than", "too", "very", "just", "also", "more", "most", "much", "many", "few", "good", "best",
        "been",
        "being", "use", "using", "used", "get", "got", "say", "help", "short", "simple", "one", "two", "three",
        "between",
        "over", "under", "out", "off", "now", "concept",
    ]
}
