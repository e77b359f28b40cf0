/// What somebody may use. Nil means no limit.
public struct Limits: Hashable, Sendable {
    public var requestsPerMinute: Int?
    public var tokensPerMinute: Int?
    /// Calls at the same time.
    public var concurrency: Int?
    /// For a calendar day and month, UTC.
    public var daily: Nanodollars?
    public var monthly: Nanodollars?

    public init(
        requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil, concurrency: Int? = nil,
        daily: Nanodollars? = nil, monthly: Nanodollars? = nil
    ) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.concurrency = concurrency
        self.daily = daily
        self.monthly = monthly
    }

    public static let none = Limits()
}

/// Whom a limit is for.
public enum LimitScope: Hashable, Sendable {
    case key(KeyID)
    case account(AccountID)
    /// Calls of an account that bear a tag.
    case tag(AccountID, String)
}

/// A limit on what calls with a tag may cost in a month.
public struct Budget: Hashable, Sendable {
    public enum Action: String, Hashable, Sendable, CaseIterable {
        /// Calls beyond the limit are refused.
        case block
        case alert
    }

    public var id: BudgetID
    public var accountID: AccountID
    public var tag: String
    public var limits: Limits
    public var action: Action
    /// Percent of the monthly limit at which somebody is told.
    public var thresholds: [Int]
    public var createdAt: Timestamp

    public init(
        id: BudgetID, accountID: AccountID, tag: String, limits: Limits, action: Action = .block,
        thresholds: [Int] = [50, 80, 100], createdAt: Timestamp
    ) {
        self.id = id
        self.accountID = accountID
        self.tag = tag
        self.limits = limits
        self.action = action
        self.thresholds = thresholds
        self.createdAt = createdAt
    }
}
