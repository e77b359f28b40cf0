/// What is left of the tightest limits a minute, once a call is counted: for the `x-ratelimit-*` headers.
public struct RateStanding: Hashable, Sendable {
    public struct Rate: Hashable, Sendable {
        public let limit: Int
        public let remaining: Int
        /// Seconds until more than that remains.
        public let secondsToReset: Int

        public init(limit: Int, remaining: Int, secondsToReset: Int) {
            self.limit = limit
            self.remaining = remaining
            self.secondsToReset = secondsToReset
        }
    }

    /// Nil when there is no such limit.
    public let requests: Rate?
    public let tokens: Rate?

    public init(requests: Rate? = nil, tokens: Rate? = nil) {
        self.requests = requests
        self.tokens = tokens
    }
}
