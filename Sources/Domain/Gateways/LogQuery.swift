/// Which log entries are meant, in which order.
public struct LogQuery: Hashable, Sendable {
    public enum Order: String, Hashable, Sendable, CaseIterable {
        case createdAt = "created_at"
        case provider, model
        case modelType = "model_type"
        case success, cached, cost
        case tokensIn = "tokens_in"
        case tokensOut = "tokens_out"
        case duration, feedback
    }

    public var account: AccountID
    public var gateway: GatewayID
    /// All of them must hold.
    public var filters: [LogFilter]
    /// Some text of the entry must contain it: id, provider, model, path, event id, metadata.
    public var search: String?
    public var order: Order
    public var isAscending: Bool

    public init(
        account: AccountID, gateway: GatewayID, filters: [LogFilter] = [], search: String? = nil,
        order: Order = .createdAt, isAscending: Bool = false
    ) {
        self.account = account
        self.gateway = gateway
        self.filters = filters
        self.search = search
        self.order = order
        self.isAscending = isAscending
    }
}

/// A condition on one field of log entries. One of the values must fit; for `notEqual` none may.
public struct LogFilter: Hashable, Sendable {
    public enum Key: String, Hashable, Sendable, CaseIterable {
        case id
        case createdAt = "created_at"
        case requestContentType = "request_content_type"
        case responseContentType = "response_content_type"
        case requestType = "request_type"
        case success, cached, provider, model
        case modelType = "model_type"
        case cost
        /// In and out together.
        case tokens
        case tokensIn = "tokens_in"
        case tokensOut = "tokens_out"
        case duration, feedback
        case eventID = "event_id"
        case metadataKey = "metadata.key"
        case metadataValue = "metadata.value"
        case authentication, wholesale
        case compatibilityMode
        case dlpAction = "dlp_action"
        case userAgent = "user_agent"
    }

    public enum Operation: String, Hashable, Sendable, CaseIterable {
        case equal = "eq"
        case notEqual = "neq"
        case contains
        case less = "lt"
        case greater = "gt"
        case atMost = "lte"
        case atLeast = "gte"
    }

    public enum Value: Hashable, Sendable {
        case text(String)
        case integer(Int64)
        /// Dollars, for costs.
        case money(Nanodollars)
        case time(Timestamp)
        case bool(Bool)
    }

    public var key: Key
    public var operation: Operation
    public var values: [Value]

    public init(_ key: Key, _ operation: Operation, _ values: [Value]) {
        self.key = key
        self.operation = operation
        self.values = values
    }
}

public struct LogPage: Hashable, Sendable {
    public var entries: [GatewayLogEntry]
    /// Counted up to a bound of the store; more are told as that bound.
    public var total: Int

    public init(entries: [GatewayLogEntry], total: Int) {
        self.entries = entries
        self.total = total
    }
}

/// Sums over log entries.
public struct LogSummary: Hashable, Sendable {
    public var count: Int64 = 0
    public var knownCosts: Int64 = 0
    public var cost = Nanodollars.zero
    public var durationMilliseconds: Int64 = 0
    public var tokensIn: Int64 = 0
    public var tokensOut: Int64 = 0
    public var successes: Int64 = 0
    public var cached: Int64 = 0
    public var positiveFeedback: Int64 = 0
    public var negativeFeedback: Int64 = 0
    public var costRange: ClosedRange<Nanodollars>?
    public var durationRange: ClosedRange<Int64>?
    public var tokensInRange: ClosedRange<Int64>?
    public var tokensOutRange: ClosedRange<Int64>?
    public var totalTokensRange: ClosedRange<Int64>?
    public var timeRange: ClosedRange<Timestamp>?

    public init() {}
}
