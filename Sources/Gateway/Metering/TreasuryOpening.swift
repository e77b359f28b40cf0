public import Domain

/// What a treasury has to know when it opens: one sight of the journal.
public struct TreasuryOpening: Sendable {
    public var wallets: [AccountID: Nanodollars]
    /// The latest posting that is part of the balances.
    public var latestPosting: Int64
    /// Since the first day of this month.
    public var spending: [Spending]
    /// Their tags are counted whatever other tags there are.
    public var budgets: [Budget]

    public init(
        wallets: [AccountID: Nanodollars] = [:], latestPosting: Int64 = 0, spending: [Spending] = [],
        budgets: [Budget] = []
    ) {
        self.wallets = wallets
        self.latestPosting = latestPosting
        self.spending = spending
        self.budgets = budgets
    }

    /// From a ledger's balances, of which only those of wallets are needed.
    public init(
        balances: [LedgerAccount: Nanodollars], latestPosting: Int64, spending: [Spending], budgets: [Budget] = []
    ) {
        var wallets: [AccountID: Nanodollars] = [:]
        for case (.wallet(let account), let amount) in balances { wallets[account] = amount }
        self.init(wallets: wallets, latestPosting: latestPosting, spending: spending, budgets: budgets)
    }
}

/// How much a treasury keeps in memory.
public struct TreasuryBounds: Hashable, Sendable {
    /// Keys, accounts and tags that are counted at the same time. About 250 bytes each, and 500 more for each of the
    /// two windows that limits a minute need. A call of somebody beyond it is refused with 503.
    public var scopes: Int
    /// Tags of one account that are counted though they have no budget. The spending of tags beyond it, and of tags
    /// without a budget when half of all places are taken, is in the records only.
    public var tagsPerAccount: Int

    public init(scopes: Int = 200_000, tagsPerAccount: Int = 10_000) {
        self.scopes = scopes
        self.tagsPerAccount = tagsPerAccount
    }
}

/// What an account has, and what it has spent.
public struct WalletStanding: Hashable, Sendable {
    /// Of the wallet that pays for the account: its parent's for a sub-account.
    public let balance: Nanodollars
    /// What calls under way may take from that wallet at most.
    public let held: Nanodollars
    /// By the account itself, its sub-accounts included.
    public let spentToday: Nanodollars
    public let spentMonth: Nanodollars

    public init(balance: Nanodollars, held: Nanodollars, spentToday: Nanodollars, spentMonth: Nanodollars) {
        self.balance = balance
        self.held = held
        self.spentToday = spentToday
        self.spentMonth = spentMonth
    }
}
