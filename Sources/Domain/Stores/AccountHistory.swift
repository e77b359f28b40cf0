/// What an account paid, and what its calls cost hour by hour. Called off the loops: implementations may block.
public protocol AccountHistory: Sendable {
    /// Postings of an account of one kind, the newest first.
    func postings(of account: AccountID, kind: PostingKind, limit: Int) throws(StoreError) -> [StoredPosting]
    /// What calls have cost that were recorded from `start` on and before `end`, only those of one account if given.
    func hourlySpending(
        payer: AccountID, accountID: AccountID?, from start: Timestamp, before end: Timestamp
    ) throws(StoreError) -> HourlySpending
}

/// What calls have cost, by the hour they were recorded in.
public struct HourlySpending: Hashable, Sendable {
    /// By hours since 1970, UTC. Hours without calls may be missing.
    public var costs: [Int64: Nanodollars]
    /// Earlier calls were not looked at; nil when all were.
    public var completeSince: Timestamp?

    public init(costs: [Int64: Nanodollars] = [:], completeSince: Timestamp? = nil) {
        self.costs = costs
        self.completeSince = completeSince
    }
}
