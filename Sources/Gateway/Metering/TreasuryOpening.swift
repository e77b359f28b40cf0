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
    /// Those used today that callers chose themselves.
    public var tags: [PayersTag]

    /// A tag of an account that pays.
    public struct PayersTag: Hashable, Sendable {
        public let payer: AccountID
        public let tag: String

        public init(payer: AccountID, tag: String) {
            self.payer = payer
            self.tag = tag
        }
    }

    public init(
        wallets: [AccountID: Nanodollars] = [:], latestPosting: Int64 = 0, spending: [Spending] = [],
        budgets: [Budget] = [], tags: [PayersTag] = []
    ) {
        self.wallets = wallets
        self.latestPosting = latestPosting
        self.spending = spending
        self.budgets = budgets
        self.tags = tags
    }

    /// From a ledger's balances, of which only those of wallets are needed.
    public init(
        balances: [LedgerAccount: Nanodollars], latestPosting: Int64, spending: [Spending], budgets: [Budget] = [],
        tags: [PayersTag] = []
    ) {
        var wallets: [AccountID: Nanodollars] = [:]
        for case (.wallet(let account), let amount) in balances { wallets[account] = amount }
        self.init(wallets: wallets, latestPosting: latestPosting, spending: spending, budgets: budgets, tags: tags)
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
    /// Different tags that calls of one payer may bear on one day, those of budgets and defaults apart. A call with
    /// another one is refused with 400: each makes a row of the day's sums.
    public var tagsPerDay: Int

    public init(scopes: Int = 200_000, tagsPerAccount: Int = 10_000, tagsPerDay: Int = 1_000) {
        self.scopes = scopes
        self.tagsPerAccount = tagsPerAccount
        self.tagsPerDay = tagsPerDay
    }

    /// About 16 bytes each.
    var tagsOfAllPerDay: Int { scopes * 10 }
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
