extension TextHints {
    /// Capitalised words that are neither places nor merely the start of a sentence.
    static func people(in text: String, except known: Set<String>) -> [String] {
        var people: [String] = []
        var name: [String] = []
        func close() {
            if !name.isEmpty, !people.contains(name.joined(separator: " ")) {
                people.append(name.joined(separator: " "))
            }
            name = []
        }
        for word in TextWord.words(of: text) {
            let isName =
                word.isCapitalised && !known.contains(word.text) && !TextWord.calendar.contains(word.lower)
                && !(word.startsSentence && name.isEmpty)
            if isName { name.append(word.text) }
            if !isName || word.endsPhrase { close() }
        }
        close()
        return people
    }

    /// What stands in quotation marks, without them.
    static func quoted(in text: String) -> [String] {
        var found: [String] = []
        for (open, end) in [("\"", "\""), ("“", "”")] as [(Character, Character)] {
            var rest = text[...]
            while let start = rest.firstIndex(of: open) {
                let inner = rest[rest.index(after: start)...]
                guard let stop = inner.firstIndex(of: end) else { break }
                if stop > inner.startIndex { found.append(String(inner[..<stop])) }
                rest = inner[inner.index(after: stop)...]
            }
        }
        return found + singleQuoted(in: text)
    }

    /// Words between single quotes, which are apostrophes anywhere but at the border of a word.
    private static func singleQuoted(in text: String) -> [String] {
        var found: [String] = []
        var open: [Substring]?
        for word in text.split(whereSeparator: \.isWhitespace) {
            if word.hasPrefix("'") { open = [] }
            open?.append(word)
            guard let words = open, let stop = word.lastIndex(of: "'"), word.count > 1,
                stop > word.startIndex, word[word.index(after: stop)...].allSatisfy({ ".,!?:;)".contains($0) })
            else { continue }
            let phrase = (words.dropLast() + [word[..<stop]]).joined(separator: " ")
            found.append(String(phrase.drop { $0 == "'" }))
            open = nil
        }
        return found.filter { !$0.isEmpty }
    }

    static func trimmed(_ word: String) -> String {
        var word = word[...]
        while let last = word.last, ".,!?:'".contains(last) { word = word.dropLast() }
        return String(word)
    }

    static func isEmail(_ word: String) -> Bool {
        let parts = word.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !parts[1].hasPrefix(".")
    }

    /// Dates as schemas write them: `2026-03-14`.
    static func isDate(_ word: String) -> Bool {
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let month = Int(parts[1]), let day = Int(parts[2]), Int(parts[0]) != nil
        else { return false }
        return (1...12).contains(month) && (1...28).contains(day)
    }

    static func numbers(in words: [String]) -> [Double] {
        let spelled = [
            "two": 2.0, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        ]
        return words.compactMap { word in
            let bare = word.drop { "$€£".contains($0) }.prefix { !"%°".contains($0) }
            guard bare.allSatisfy({ $0.isASCII && ($0.isNumber || ".-".contains($0)) }) else {
                return spelled[word.lowercased()]
            }
            return Double(bare)
        }
    }

    /// Days named by how far away they are; callers that want a date get the word.
    var relativeDates: [String] {
        Words.of(text).filter {
            ["today", "tomorrow", "yesterday", "tonight"].contains($0) || TextWord.weekdays.contains($0)
        }
    }

    /// The longest stretch of digits and signs that calculates something.
    var expression: String? { Self.expression(in: text) }

    static func expression(in text: String) -> String? {
        let allowed: Set<Character> = Set("0123456789+-*/().^% ×÷")
        let signs: Set<Character> = Set("+-*/^×÷%")
        let stretches = text.split { !allowed.contains($0) }.map { stretch in
            var inner = stretch.drop { $0 == " " || $0 == "." }
            while let last = inner.last, last == " " || last == "." { inner = inner.dropLast() }
            return inner
        }
        let best = stretches.filter { $0.contains { $0.isNumber } && $0.contains(where: signs.contains) }
            .max { $0.count < $1.count }
        return best.map(String.init)
    }
}

extension TextWord {
    static let weekdays: Set<String> = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
}
