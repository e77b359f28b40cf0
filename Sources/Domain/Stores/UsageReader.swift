/// Sums over the records of calls, for people. Called off the loops: implementations may block.
public protocol UsageReader: Sendable {
    /// Over the days from `first` to `last`, of calls that `payer` pays for, only those of one account or key if given.
    func usage(_ query: UsageQuery) throws(StoreError) -> [UsageRow]
    func recentCalls(of query: RecentCallsQuery) throws(StoreError) -> [CallRecord]
    /// The statement of a month that is over: made when first asked for, the same for ever after. Nil while it runs.
    func statement(of account: AccountID, month: CalendarMonth, now: Timestamp) throws(StoreError) -> Statement?
}

public struct UsageQuery: Hashable, Sendable {
    public enum Grouping: String, Hashable, Sendable, CaseIterable {
        case day, model, key, tag
        case subAccount = "sub_account"
        case none
    }

    public var payer: AccountID
    public var accountID: AccountID?
    public var keyID: KeyID?
    public var first: CalendarDay
    public var last: CalendarDay
    public var grouping: Grouping

    public init(
        payer: AccountID, accountID: AccountID? = nil, keyID: KeyID? = nil, first: CalendarDay, last: CalendarDay,
        grouping: Grouping
    ) {
        self.payer = payer
        self.accountID = accountID
        self.keyID = keyID
        self.first = first
        self.last = last
        self.grouping = grouping
    }
}

/// Sums of one group.
public struct UsageRow: Hashable, Sendable {
    /// The day, model, key, tag or account; nil for calls without a tag, and for the sum of everything.
    public var label: String?
    public var requests: Int64
    public var promptTokens: Int64
    public var completionTokens: Int64
    public var cost: Nanodollars
    /// What vendors bill owners of keys of their own.
    public var ownKeyCost: Nanodollars

    public init(
        label: String?, requests: Int64, promptTokens: Int64, completionTokens: Int64, cost: Nanodollars,
        ownKeyCost: Nanodollars
    ) {
        self.label = label
        self.requests = requests
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cost = cost
        self.ownKeyCost = ownKeyCost
    }
}

public struct RecentCallsQuery: Hashable, Sendable {
    public var payer: AccountID
    public var accountID: AccountID?
    public var keyID: KeyID?
    public var limit: Int

    public init(payer: AccountID, accountID: AccountID? = nil, keyID: KeyID? = nil, limit: Int) {
        self.payer = payer
        self.accountID = accountID
        self.keyID = keyID
        self.limit = limit
    }
}

/// A month of a wallet: what was in it, what came, what went, what is left.
public struct Statement: Hashable, Sendable {
    public var accountID: AccountID
    public var month: CalendarMonth
    public var opening: Nanodollars
    public var postings: [StoredPosting]
    /// Charges by model, the dearest first.
    public var charges: [UsageRow]
    public var closing: Nanodollars

    public init(
        accountID: AccountID, month: CalendarMonth, opening: Nanodollars, postings: [StoredPosting],
        charges: [UsageRow], closing: Nanodollars
    ) {
        self.accountID = accountID
        self.month = month
        self.opening = opening
        self.postings = postings
        self.charges = charges
        self.closing = closing
    }
}
