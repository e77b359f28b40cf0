/// The journal of money. Called off the loops: implementations may block.
///
/// The movements of a call are written with its record, by `CallRecorder`; everything else is posted here.
public protocol LedgerStore: Sendable {
    /// Writes a posting. Returns nil, and writes nothing, when its reference was posted before.
    func post(_ posting: Posting) throws(StoreError) -> StoredPosting?
    /// The posting with that reference. One reference is posted once at most.
    func posting(reference: String) throws(StoreError) -> StoredPosting?
    /// Postings after the one with that id, the oldest first.
    func postings(after id: Int64, limit: Int) throws(StoreError) -> [StoredPosting]
    /// What is where, calls included, and the latest posting that is part of it: one moment's sight.
    func balances() throws(StoreError) -> (of: [LedgerAccount: Nanodollars], latestPosting: Int64)
    /// What calls have cost since the beginning of a day, by whom and under which tag.
    func spending(since day: CalendarDay) throws(StoreError) -> [Spending]
    /// Tags that calls had since the beginning of a day, whatever they cost.
    func tags(since day: CalendarDay) throws(StoreError) -> [TagUse]
    /// Reckons everything anew from the journal and the records.
    func verify() throws(StoreError) -> LedgerReport
}

/// What one key's calls under one tag have cost on one day.
public struct Spending: Hashable, Sendable {
    public var day: CalendarDay
    public var keyID: KeyID
    public var accountID: AccountID
    public var payer: AccountID
    public var tag: String?
    public var cost: Nanodollars

    public init(
        day: CalendarDay, keyID: KeyID, accountID: AccountID, payer: AccountID, tag: String?, cost: Nanodollars
    ) {
        self.day = day
        self.keyID = keyID
        self.accountID = accountID
        self.payer = payer
        self.tag = tag
        self.cost = cost
    }
}

/// A tag that calls of an account had.
public struct TagUse: Hashable, Sendable {
    public var payer: AccountID
    public var accountID: AccountID
    public var tag: String

    public init(payer: AccountID, accountID: AccountID, tag: String) {
        self.payer = payer
        self.accountID = accountID
        self.tag = tag
    }
}

/// What came of checking the journal.
public struct LedgerReport: Hashable, Sendable {
    public var calls: Int64
    public var postings: Int64
    public var transfers: Int64
    public var statements: Int64
    /// In words, for people. Empty when everything agrees.
    public var differences: [String]

    public init(calls: Int64, postings: Int64, transfers: Int64, statements: Int64 = 0, differences: [String]) {
        self.calls = calls
        self.statements = statements
        self.postings = postings
        self.transfers = transfers
        self.differences = differences
    }
}
