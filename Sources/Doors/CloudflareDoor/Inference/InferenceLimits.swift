import JSON

/// Every bound of reading calls of models.
public struct InferenceLimits: Sendable {
    /// Things to try in one request.
    public var steps = 16
    /// Header fields of a step, and their bytes together.
    public var stepHeaders = 64
    public var stepHeaderBytes = 16 << 10
    /// Path and query behind a vendor's name.
    public var pathBytes = 8 << 10
    /// Names of models; longer ones exist nowhere.
    public var modelBytes = 256
    public var jsonDepth = JSONScanner.defaultMaximumDepth

    public init() {}
}
