internal import CSodium

/// Comparison that takes as long whether the first byte differs or the last.
public enum ConstantTime {
    /// True when both have the same bytes. Lengths are not hidden.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe sodium_memcmp(left, right, left.count) == 0
    }
}
