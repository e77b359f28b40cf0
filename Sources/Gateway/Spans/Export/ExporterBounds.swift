/// Bounds and times of a ``SpanExporter``.
public struct ExporterBounds: Hashable, Sendable {
    /// Spans that wait, for all destinations together. Beyond it the oldest of the longest queue goes.
    public var queuedSpans = 2_048
    /// And their bytes; prompts make spans large.
    public var queuedBytes = 64 << 20
    /// Spans in one request.
    public var batchSpans = 256
    /// And their bytes, as they are written on a loop. A larger span goes alone.
    public var batchBytes = 1 << 20
    /// How often what waits is sent, be it little.
    public var intervalMilliseconds: UInt64 = 1_000
    /// How long a request may take.
    public var timeoutMilliseconds: UInt64 = 10_000
    /// How often a request is sent again after it failed in a way that may pass.
    public var retries = 3
    /// Before the first repetition; doubled before each further one.
    public var backoffMilliseconds: UInt64 = 1_000
    /// The longest pause before a repetition, also when the destination asks for a longer one.
    public var maximumBackoffMilliseconds: UInt64 = 30_000
    /// Requests at once, each to another destination.
    public var concurrentRequests = 16
    /// How often losses are told in the log.
    public var reportMilliseconds: UInt64 = 60_000
    /// How much of an answer is read; more ends the connection.
    public var answerBytes = 64 << 10

    public init() {}
}
