/// Whether a text holds the pattern somewhere.
public typealias PatternMatcher = @Sendable (_ text: String) -> Bool

/// Makes matchers of `$regex` patterns. They must not take longer than linear time, whatever the text.
public protocol PatternCompiler: Sendable {
    /// Nil when the pattern is wrong.
    func compile(_ pattern: String) -> PatternMatcher?
}
