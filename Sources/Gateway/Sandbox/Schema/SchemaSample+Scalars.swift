import JSON

extension SchemaSample {
    // MARK: Numbers

    mutating func number(_ schema: JSONObject, _ place: Place, isWhole: Bool) -> JSONValue? {
        let range = NumberRange(schema)
        for (index, hint) in hints.numbers.enumerated() where !usedNumbers.contains(index) {
            guard range.contains(hint), !isWhole || hint.rounded() == hint else { continue }
            usedNumbers.insert(index)
            return .double(hint)
        }
        return isWhole ? whole(range, place) : decimal(range, place)
    }

    private mutating func whole(_ range: NumberRange, _ place: Place) -> JSONValue? {
        // Of the multiples of 2.5, every second is whole.
        let step = range.step.flatMap { step in (1...1_000).map { step * Double($0) }.first { $0.rounded() == $0 } }
        guard range.step == nil || step != nil else { return nil }
        return multiple(of: step ?? 1, in: range, place).map { .int($0) }
    }

    private mutating func decimal(_ range: NumberRange, _ place: Place) -> JSONValue? {
        guard let step = range.step else {
            let usual = Self.usual(place.name)
            let (lower, upper) = Self.window(range, usual)
            guard lower <= upper else { return nil }
            let value = lower + (upper - lower) * Double(random.below(1001)) / 1000
            for digits in [100.0, 10_000, 1_000_000] {
                let rounded = (value * digits).rounded() / digits
                if range.contains(rounded) { return .double(rounded) }
            }
            let middle = lower + (upper - lower) / 2
            return [value, middle].first(where: range.contains).map { .double($0) }
        }
        return multiple(of: step, in: range, place, count: true).map { count in
            // Dividing is exact where multiplying by a fraction is not.
            let parts = (1 / step).rounded()
            return .double(parts * step == 1 ? Double(count) / parts : Double(count) * step)
        }
    }

    /// A multiple of `step` in the range, or how many steps it is.
    private mutating func multiple(
        of step: Double, in range: NumberRange, _ place: Place, count: Bool = false
    ) -> Int64? {
        let (lower, upper) = Self.window(range, Self.usual(place.name))
        var first = (lower / step).rounded(.up)
        var last = (upper / step).rounded(.down)
        if range.excludesLower, first * step <= range.lower { first += 1 }
        if range.excludesUpper, last * step >= range.upper { last -= 1 }
        guard first <= last, abs(first) < 0x1p53, abs(last) < 0x1p53 else { return nil }
        let steps = Int64(first) + Int64(random.below(Int(min(last - first, 1_000_000)) + 1)) + Int64(variation)
        let chosen = min(steps, Int64(last))
        return count ? chosen : Int64(exactly: Double(chosen) * step)
    }

    /// What of the usual numbers the range allows; when none, the hundred next to its bound.
    private static func window(_ range: NumberRange, _ usual: ClosedRange<Double>) -> (Double, Double) {
        let lower = max(range.lower, usual.lowerBound)
        let upper = min(range.upper, usual.upperBound)
        let room = max(range.step ?? 1, 1)
        if upper - lower >= room || lower < upper && range.step == nil && range.upper - range.lower <= room {
            return (lower, upper)
        }
        if range.lower.isFinite { return (range.lower, min(range.upper, range.lower + 100 * room)) }
        if range.upper.isFinite { return (range.upper - 100 * room, range.upper) }
        return (0, 100 * room)
    }

    private static func usual(_ name: String) -> ClosedRange<Double> {
        let words = Set(TextHints.words(inName: name))
        let table: [(Set<String>, ClosedRange<Double>)] = [
            (["age"], 18...80), (["year"], 2000...2026), (["month"], 1...12), (["day"], 1...28), (["hour"], 0...23),
            (["score", "rating", "stars"], 1...5), (["confidence", "probability", "likelihood", "ratio"], 0...1),
            (["percent", "percentage"], 0...100), (["latitude", "lat"], -90...90),
            (["longitude", "lng", "lon"], -180...180),
            (["count", "quantity", "limit", "number", "servings", "guests", "steps"], 1...12),
            (["price", "cost", "amount", "total", "budget"], 5...500), (["temperature"], -10...35),
        ]
        return table.first { !$0.0.isDisjoint(with: words) }?.1 ?? 1...100
    }

    // MARK: Strings

    static let stringLimit = 65_536

    mutating func string(_ schema: JSONObject, _ place: Place) -> JSONValue? {
        let least = Int(exactly: (schema["minLength"]?.doubleValue ?? 0).rounded(.up)) ?? .max
        let most = Int(min(schema["maxLength"]?.doubleValue ?? .infinity, Double(Self.stringLimit)))
        guard least <= most else { return nil }
        if let pattern = schema["pattern"]?.stringValue, let sample = PatternSample(pattern) {
            return sample.text(length: least...most, random: &random).map(JSONValue.string)
        }
        if let format = schema["format"]?.stringValue, let text = formatted(format, place) { return .string(text) }
        let candidates = hints.texts(for: place.name, position: place.position)
        if variation == 0, let hint = candidates.first(where: { (least...most).contains($0.unicodeScalars.count) }) {
            return .string(hint)
        }
        return .string(Self.fitted(usualText(place), least...most))
    }

    /// Brings a text to a length that is allowed, counted as JSON schemas count: in code points.
    static func fitted(_ text: String, _ length: ClosedRange<Int>) -> String {
        var scalars = Array(text.unicodeScalars)
        while scalars.count < length.lowerBound {
            scalars += Array((scalars.isEmpty ? "text" : " and more").unicodeScalars)
        }
        if scalars.count > length.upperBound { scalars = Array(scalars[..<length.upperBound]) }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    private mutating func usualText(_ place: Place) -> String {
        let words = Set(TextHints.words(inName: place.name))
        let text = random.pick(UsualTexts.list(for: words))
        return variation == 0 ? text : "\(text) \(variation + 1)"
    }

    private mutating func formatted(_ format: String, _ place: Place) -> String? {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "2026-\(two(1 + random.below(12)))-\(two(1 + random.below(28)))"
        let time = "\(two(random.below(24))):\(two(random.below(60))):\(two(random.below(60)))"
        func hex(_ count: Int, _ random: inout StableRandom) -> String {
            (0..<count).map { _ in String(random.below(16), radix: 16) }.joined()
        }
        let named = hints.texts(forFormat: format, position: place.position)
        if let named { return named }
        switch format {
        case "date": return date
        case "time": return time + "Z"
        case "date-time": return "\(date)T\(time)Z"
        case "duration": return "PT\(1 + random.below(59))M"
        case "email", "idn-email":
            return random.pick(["ada", "grace", "linus", "margaret"]) + "\(random.below(90) + 10)@example.com"
        case "hostname", "idn-hostname": return "host\(random.below(90) + 10).example.com"
        case "uri", "url", "iri", "uri-reference": return "https://example.com/\(random.letters(8).lowercased())"
        case "uuid":
            let parts = [
                hex(8, &random), hex(4, &random), "4" + hex(3, &random), "a" + hex(3, &random), hex(12, &random),
            ]
            return parts.joined(separator: "-")
        case "ipv4": return "192.0.2.\(1 + random.below(254))"
        case "ipv6": return "2001:db8::\(hex(4, &random).drop { $0 == "0" })1"
        default: return nil
        }
    }
}

/// Texts for members whose names say what is wanted.
enum UsualTexts {
    static func list(for words: Set<String>) -> [String] {
        table.first { !$0.0.isDisjoint(with: words) }?.1 ?? plain
    }

    private static let plain = [
        "a short example", "one more detail", "what matters here", "the usual case", "as discussed", "a good start",
    ]

    private static let table: [(Set<String>, [String])] = [
        (
            ["city", "location", "place", "town", "destination", "origin", "venue"],
            ["Lisbon", "Oslo", "Tokyo", "Toronto"]
        ),
        (["country", "nation"], ["Portugal", "Norway", "Japan", "Canada"]),
        (["email", "mail"], ["ada@example.com", "grace@example.com"]),
        (["url", "link", "website", "uri"], ["https://example.com/", "https://example.org/start"]),
        (["date", "day", "when"], ["2026-03-14", "2026-09-01"]), (["time"], ["09:30", "18:00"]),
        (["phone"], ["+1 202 555 0143", "+1 202 555 0178"]), (["id", "identifier", "key"], ["item-17", "item-42"]),
        (["color", "colour"], ["blue", "green", "red"]), (["currency"], ["EUR", "USD"]),
        (["language"], ["English", "French"]),
        (["unit", "units"], ["celsius"]),
        (["author", "person", "user", "customer", "recipient", "participant"], people),
        (["name"], people), (["title", "headline"], ["A first look", "The plan", "Notes"]),
        (["tag", "tags", "keyword", "keywords", "category"], ["basics", "practice", "overview", "details"]),
        (["step", "steps"], ["Read the question", "Try an example", "Check the result"]),
        (["code"], ["print(\"hello\")"]),
        (["summary", "description", "explanation", "reason", "answer", "text"], sentences),
    ]

    private static let people = ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Katherine Johnson"]
    private static let sentences = [
        "It comes down to a few simple steps.", "The main point is easy to check with an example.",
        "Most of it follows from the first part.",
    ]
}
