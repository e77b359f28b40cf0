/// Why a text is no pattern. Holds nothing of the text.
public enum PatternError: Error, Equatable, Sendable {
    /// The grammar is broken, or asks for what cannot be matched in linear time.
    case invalid
    /// The text is longer than the limit, or would compile to more than its memory.
    case tooLarge
    case outOfMemory
}

extension PatternError: CustomStringConvertible {
    /// A sentence that may be shown to whoever wrote the pattern.
    public var description: String {
        switch self {
        case .invalid:
            "The pattern is not valid: it must follow RE2's grammar, which has no backreferences and no looking around."
        case .tooLarge: "The pattern is too large: it is too long, or its repetitions multiply to too much."
        case .outOfMemory: "The pattern could not be compiled for lack of memory."
        }
    }
}
