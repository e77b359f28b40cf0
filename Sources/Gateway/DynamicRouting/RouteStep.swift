/// What is to be done next for a request on a route.
public enum RouteStep: Hashable, Sendable {
    /// Call the model, with its retries, and report.
    case call(ModelStep)
    /// Ask the counters, and report.
    case checkRate(RateQuestion)
    case end(RouteEnding)
}

/// One call of a route.
public struct ModelStep: Hashable, Sendable {
    public let elementID: String
    public let provider: String
    public let model: String
    /// Until the first part of the answer.
    public let timeoutMilliseconds: Int64?
    /// Attempts after the first one; nil for as many as the gateway is set to.
    public let retries: Int?
    /// Whether a success is what the caller gets, so that it may be sent on while it comes in. Otherwise the route
    /// goes on behind a success, and only its end tells.
    public let isAnswer: Bool
}

/// Whether something is below its limit. Who is asked counts it, when it is.
public struct RateQuestion: Hashable, Sendable {
    public let elementID: String
    public let limit: RateLimit
    /// What is counted apart; nil for all requests that do not have the key. As long as the request made it.
    public let keyValue: String?
    /// Sliding.
    public let windowSeconds: Int64
}

/// What a caller gets.
public enum RouteEnding: Hashable, Sendable {
    /// The answer of the last call that succeeded.
    case lastSuccess
    /// The error of the last call.
    case lastError
    /// A limit without a fallback was exceeded, and nothing had been answered.
    case limited(elementID: String)
    /// The way led to an end without any call.
    case unanswered
}

/// How what a step asked for came out.
public enum StepOutcome: Hashable, Sendable {
    case succeeded
    case failed
    case allowed
    case exceeded
}
