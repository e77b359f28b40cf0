/// Writes what a reasoning model thinks before it answers.
enum ReasoningText {
    /// Tokens to aim for. What comes out ends with its sentence and may be up to 25 more; the ranges leave room for
    /// that, so more effort always means more thought.
    static func target(_ effort: ReasoningEffort) -> ClosedRange<Int> {
        switch effort {
        case .none: 0...0
        case .minimal: 1...1
        case .low: 40...50
        case .medium: 80...110
        case .high: 200...280
        case .xhigh: 400...520
        }
    }

    static func about(_ question: String, effort: ReasoningEffort, random: inout StableRandom) -> String {
        let range = target(effort)
        guard range.upperBound > 0 else { return "" }
        let tokens = range.lowerBound + random.below(range.count)
        let subjects = Words.keywords(of: question)
        var text = "The user asked: “\(Words.excerpt(question, limit: 60))”."
        var last = ""
        while TokenEstimate.text(text) < tokens {
            let thought = random.pick(thoughts(about: random.pick(subjects)).filter { $0 != last })
            text += " " + thought
            last = thought
        }
        return text
    }

    private static func thoughts(about subject: String) -> [String] {
        let subject = subject.isEmpty ? "the question" : subject
        return [
            "I should first be clear about what \(subject) means here.",
            "An example may make \(subject) easier to follow.",
            "Is there anything about \(subject) that could be misread?", "I want to keep this short and correct.",
            "Let me check this step again before I go on.",
            "There are at least two ways to put it; the plainer one is better.",
            "What the user knows about \(subject) is not clear, so I begin with the basics.",
            "That part follows from the one before – good.", "I might mention \(subject) again at the end.",
            "Now to put the parts in order.",
        ]
    }
}
