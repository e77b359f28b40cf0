/// How likely a model held one piece of its answer to be, and what else it might have said.
struct TokenLogprob: Sendable, Hashable {
    var token: String
    var logprob: Double
    var alternatives: [Alternative]

    struct Alternative: Sendable, Hashable {
        var token: String
        var logprob: Double
    }

    /// One entry for each piece; the piece itself is the likeliest alternative.
    static func list(for text: String, alternatives count: Int, random: inout StableRandom) -> [TokenLogprob] {
        TextPieces.of(text).map { piece in
            var logprob = -Double(random.below(500)) / 1000
            var entry = TokenLogprob(token: piece, logprob: logprob, alternatives: [])
            for rank in 0..<count {
                entry.alternatives.append(
                    Alternative(token: rank == 0 ? piece : others[rank % others.count], logprob: logprob))
                logprob -= 0.5 + Double(random.below(1000)) / 1000
            }
            return entry
        }
    }

    private static let others = [
        " the", " a", " of", " and", " to", " in", " is", " that", " it", " for", " on", " with", " as", " this", " be",
        " at", " by", " or", " an", " from", " so",
    ]
}
