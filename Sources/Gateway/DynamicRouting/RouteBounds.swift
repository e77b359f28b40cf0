/// How large the parts of a route may be.
public enum RouteBounds {
    public static let mostElements = 100
    /// Bytes of an element's id.
    public static let longestID = 64
    public static let mostShares = 5
    /// Bytes of what follows the number in the name of a share.
    public static let longestShareLabel = 32
    public static let timeoutMilliseconds: ClosedRange<Int64> = 1...600_000
    /// Attempts after the first one.
    public static let retries: ClosedRange<Int64> = 0...5
    /// A second to 31 days.
    public static let windowSeconds: ClosedRange<Int64> = 1...2_678_400
    public static let mostCounted: Int64 = 1_000_000_000
    /// Bytes of a provider's or a model's name.
    public static let longestName = 256

    /// Bytes of a path such as `metadata.plan`.
    public static let longestPath = 256
    public static let mostPathParts = 16
    /// Operators, combinations and paths of one `conditions`, and how deep they lie in each other.
    public static let mostConditionParts = 200
    public static let deepestCondition = 10
    /// Values of one `$in` or `$nin`, and branches of one `$and` or `$or`.
    public static let mostOperands = 100
    /// Bytes of a text that is compared with.
    public static let longestOperand = 1_024
    /// Bytes of a pattern.
    public static let longestPattern = 512

    /// Bytes of a route's name.
    public static let longestRouteName = 64
    public static let mostVersions = 100
    /// Older ones are forgotten.
    public static let mostDeployments = 100
    /// Bytes of the elements of one version, as JSON without white space.
    public static let longestElements = 262_144
}
