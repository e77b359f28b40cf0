internal import CRE2

/// A regular expression that is matched in time linear in the text, whatever the expression and whatever the text.
///
/// The grammar is RE2's, over UTF-8: `(?i)` makes it blind to case, `(?s)` lets `.` match line ends. Bytes that are
/// not UTF-8 match nothing, not even `.`, and stop nothing.
@safe public final class Pattern: @unchecked Sendable {
    // Guard: the expression never changes after init, and what RE2 caches while matching is behind RE2's own lock.

    /// How long the text of a pattern may be.
    public static let maximumTextBytes = 16 << 10
    /// Memory for the program and what it caches, unless the owner says otherwise.
    public static let defaultMaximumMemoryBytes = 2 << 20
    /// Less is taken for this; none at all would mean no bound to RE2.
    public static let leastMemoryBytes = 64 << 10
    /// How many matches ``ranges(in:limit:)`` gives unless the caller says otherwise.
    public static let defaultMatchLimit = 100

    /// The pattern as it was written.
    public let text: String
    private let handle: OpaquePointer

    public init(
        _ text: String, maximumMemoryBytes: Int = Pattern.defaultMaximumMemoryBytes
    ) throws(PatternError) {
        var native = text
        native.makeContiguousUTF8()
        guard native.utf8.count <= Self.maximumTextBytes else { throw .tooLarge }
        let memory = Int64(max(maximumMemoryBytes, Self.leastMemoryBytes))
        var code: Int32 = 0
        let made = native.withUTF8 { bytes in
            unsafe cre2_create(bytes.baseAddress, bytes.count, memory, &code)
        }
        guard let made = unsafe made else { throw Self.error(code) }
        self.text = native
        unsafe handle = made
    }

    deinit {
        unsafe cre2_destroy(handle)
    }

    /// How large the program is, in a unit of RE2's own; for comparing patterns.
    public var programSize: Int { Int(unsafe cre2_program_size(handle)) }

    /// Whether the pattern matches anywhere. Without memory to look with, it counts as matching: whoever looks for
    /// what must not pass is then wrong on the safe side.
    public func matches(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { text in
            unsafe cre2_matches(handle, text.baseAddress, text.count) != cre2_none.rawValue
        }
    }

    /// The first match that begins at or after `start`; what stands before `start` is still seen by `\b` and `^`.
    /// Nil also without memory to look with.
    public func firstRange(in bytes: [UInt8], from start: Int = 0) -> Range<Int>? {
        guard start >= 0 else { return nil }
        var lower = 0
        var upper = 0
        let outcome = unsafe bytes.withUnsafeBufferPointer { text in
            unsafe cre2_find(handle, text.baseAddress, text.count, start, &lower, &upper)
        }
        return outcome == cre2_found.rawValue ? lower..<upper : nil
    }

    /// Matches from left to right that do not overlap, at most so many. A match of nothing is not counted.
    public func ranges(in bytes: [UInt8], limit: Int = Pattern.defaultMatchLimit) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while found.count < limit, let range = firstRange(in: bytes, from: start) {
            if range.isEmpty {
                // Steps over one byte; a match within a character of several cannot begin there.
                start = range.upperBound + 1
            } else {
                found.append(range)
                start = range.upperBound
            }
        }
        return found
    }

    private static func error(_ code: Int32) -> PatternError {
        switch UInt32(code) {
        case cre2_too_large.rawValue: .tooLarge
        case cre2_no_memory.rawValue: .outOfMemory
        default: .invalid
        }
    }
}
