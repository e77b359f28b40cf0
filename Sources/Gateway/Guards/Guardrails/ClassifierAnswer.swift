/// Reads what Llama Guard and its like answer: `safe`, or `unsafe` and in the next line the categories.
enum ClassifierAnswer {
    /// Hazards that are not among ours, such as S14, are passed over. `unsafe` without any category is no verdict.
    static func categories(_ answer: String) throws(ClassifierError) -> Set<HazardCategory> {
        let words = answer.uppercased().split { !$0.isLetter && !$0.isNumber }
        guard let verdict = words.first else { throw .unreadableAnswer }
        let names = words.dropFirst()
        switch verdict {
        case "SAFE":
            guard names.isEmpty else { throw .unreadableAnswer }
            return []
        case "UNSAFE":
            guard !names.isEmpty, names.allSatisfy(isName) else { throw .unreadableAnswer }
            return Set(names.compactMap { HazardCategory(rawValue: String($0)) })
        default:
            throw .unreadableAnswer
        }
    }

    /// A letter and one or two digits.
    private static func isName(_ word: Substring) -> Bool {
        guard let first = word.first, first == "S" || first == "P", (2...3).contains(word.count) else { return false }
        return word.utf8.dropFirst().allSatisfy(\.isDigit)
    }
}
