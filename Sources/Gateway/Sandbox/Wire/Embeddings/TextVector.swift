/// Turns a text into a vector of length 1. Texts with words in common point in similar directions.
///
/// Each word has a direction of its own, made of its hash: plus or minus one in every dimension. A text is the sum of
/// its words. So the same text has the same vector on every machine, and order does not count.
enum TextVector {
    /// The first numbers of a longer vector, brought to length 1 again, are the shorter one.
    static func of(_ input: EmbeddingRequest.Input, dimensions: Int) -> [Float] {
        var sums = [Int](repeating: 0, count: dimensions)
        // In any order: sums of integers do not depend on it.
        for (word, count) in counts(input) { add(word, count, to: &sums) }
        // Different words may cancel each other out; any direction will do then.
        if sums.allSatisfy({ $0 == 0 }) { sums[0] = 1 }
        let length = sums.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return sums.map { Float(Double($0) / length) }
    }

    private static func add(_ word: String, _ count: Int, to sums: inout [Int]) {
        var hash = StableHash()
        hash.add(word)
        var random = StableRandom(hash.value)
        for start in stride(from: 0, to: sums.count, by: UInt64.bitWidth) {
            var bits = random.next()
            for place in start..<min(start + UInt64.bitWidth, sums.count) {
                sums[place] += bits & 1 == 0 ? count : -count
                bits >>= 1
            }
        }
    }

    /// How often each word is there. What everybody says counts only where nothing else is said.
    private static func counts(_ input: EmbeddingRequest.Input) -> [String: Int] {
        switch input {
        case .tokens(let tokens): return count(tokens.map { "token \($0)" })
        case .text(let text):
            let words = Words.of(text)
            let telling = words.filter { $0.utf8.count > 2 && !Words.common.contains($0) }
            let chosen = telling.isEmpty ? words : telling
            return chosen.isEmpty ? [text: 1] : count(chosen.map(Words.stem))
        }
    }

    private static func count(_ words: [String]) -> [String: Int] {
        words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
