/// How a sandbox behaves towards every request; a request's own header fields come on top.
public struct SandboxConfiguration: Sendable {
    /// Wait before each answer begins.
    public var latencyMilliseconds: Int = 0
    /// Pace of streamed answers; 0 is as fast as possible.
    public var tokensPerSecond: Int = 0
    /// Whether requests may ask for misbehaviour by `x-sandbox-…` header fields.
    public var faultHeadersAllowed: Bool = true
    /// Misbehaviour towards every request.
    public var faults = SandboxFaults()
    public var models: [SandboxModel] = SandboxModel.builtIn
    /// Bytes of a request body that are read; a longer one is refused.
    public var maximumBodyBytes: Int = 32 << 20

    public init() {}
}

/// Ways to misbehave. They combine; `SandboxFaults()` is none.
public struct SandboxFaults: Sendable, Hashable {
    /// Answer with this status and the vendor's error body for it.
    public var status: Int?
    /// Seconds for the `Retry-After` field that goes with `status`.
    public var retryAfterSeconds: Int?
    /// Take the request and never answer.
    public var hangs = false
    /// Break the connection after that many bytes of the body.
    public var resetAfterBytes: Int?
    /// Send multi-byte characters in two writes with a pause between them.
    public var splitsUTF8 = false
    /// Break the JSON: half a body, or a stream whose data frame after so many events is cut in half.
    public var malformedAfterEvents: Int?
    /// End a stream properly after so many events, without finish chunk and `[DONE]`.
    public var closesAfterEvents: Int?
    /// Stop sending after so many events (or half a body) and keep the connection open.
    public var stallsAfterEvents: Int?
    /// Never report usage.
    public var omitsUsage = false
    /// Answer 200 with an HTML page.
    public var sendsGarbage = false

    /// Events sent before a fault that strikes mid-stream, unless a number is given.
    public static let defaultEventCount = 4
    public static let maximumLatencyMilliseconds = 600_000
    public static let maximumTokensPerSecond = 1_000_000
    public static let maximumCount = 1 << 30

    public init() {}
}
