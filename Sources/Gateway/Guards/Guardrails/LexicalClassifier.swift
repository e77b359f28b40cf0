import Pattern

/// Finds hazards by the words people use for them, without asking anybody.
///
/// A smoke detector and not a judge: it knows blatant English phrases and nothing else. It misses what is said in
/// other words or languages, and takes a question about a thing for the thing. For trying guardrails out, for tests,
/// and for installations that reach no model.
public struct LexicalClassifier: Classifier {
    private let patterns: [(category: HazardCategory, pattern: Pattern)]
    private let gate: Pattern?

    /// Whether all patterns could be made one, so that most texts are read once.
    var hasGate: Bool { gate != nil }

    private static let memoryBytes = 8 << 20

    /// - Parameter lists: For each category, patterns in RE2's grammar; case is ignored, a blank stands for any white
    ///   space. Throws for the first that is none.
    public init(
        _ lists: [HazardCategory: [String]] = LexicalClassifier.phrases
    ) throws(GuardProblems) {
        var patterns: [(category: HazardCategory, pattern: Pattern)] = []
        for (category, list) in lists.sorted(by: { $0.key < $1.key }) {
            for (index, text) in list.enumerated() {
                do throws(PatternError) {
                    patterns.append((category, try Self.compiled(text)))
                } catch {
                    throw GuardProblems([GuardProblem("/\(category.rawValue)/\(index)", error.description)])
                }
            }
        }
        self.patterns = patterns
        gate = Pattern.any(of: patterns.map(\.pattern), maximumMemoryBytes: Self.memoryBytes)
    }

    private static func compiled(_ text: String) throws(PatternError) -> Pattern {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).joined(separator: #"\s+"#)
        return try Pattern("(?i)" + words, maximumMemoryBytes: memoryBytes)
    }

    public func categories(of text: String, side: GuardSide) async throws(ClassifierError) -> Set<HazardCategory> {
        categories(in: Array(text.utf8))
    }

    /// The same without waiting, which this one never does.
    public func categories(in text: [UInt8]) -> Set<HazardCategory> {
        guard gate?.matches(text) ?? true else { return [] }
        var found: Set<HazardCategory> = []
        for (category, pattern) in patterns where !found.contains(category) && pattern.matches(text) {
            found.insert(category)
        }
        return found
    }
}
