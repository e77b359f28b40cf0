/// Tells what content is about.
public protocol Classifier: Sendable {
    /// The hazards in a text. An empty text has none.
    func categories(of text: String, side: GuardSide) async throws(ClassifierError) -> Set<HazardCategory>
}

/// Why content could not be classified. Holds nothing of the content.
public enum ClassifierError: Error, Hashable, Sendable {
    /// Whoever was asked did not answer.
    case unavailable
    /// What was answered is no verdict.
    case unreadableAnswer
    /// The text has more chunks than are asked about. A part of it could hide what the rest is for.
    case tooLong(limit: Int)
}

extension ClassifierError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable: "The classifier did not answer."
        case .unreadableAnswer: "The classifier's answer was no verdict."
        case .tooLong(let limit): "The content is longer than the \(limit) bytes that are classified."
        }
    }
}
