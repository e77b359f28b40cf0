import Domain

/// What is known of one scope: what it has spent, what is held for it, what it has under way.
struct ScopeState {
    /// Whose it is; nil of a place that is free.
    var scope: LimitScope?
    /// Of an account that pays: what is in its wallet.
    var balance = Nanodollars.zero
    /// What calls under way may cost at most.
    var held = Nanodollars.zero
    /// Calls under way.
    var underWay = 0
    var spentToday = Nanodollars.zero
    var spentMonth = Nanodollars.zero
    /// Of an account that pays: how many of its tags have a place of their own though no budget asks for it.
    var tagsWithoutBudget = 0
    var hasBudget = false
    /// Only where a limit asks for them.
    var requests: RateWindow?
    var tokens: RateWindow?

    private var day = 0
    private var month = 0

    init(_ scope: LimitScope? = nil) {
        self.scope = scope
    }

    /// Brings counters to the present: a new day and a new month begin with nothing spent.
    mutating func turn(to time: BookTime) {
        if day != time.day {
            day = time.day
            spentToday = .zero
            if month != time.month {
                month = time.month
                spentMonth = .zero
            }
        }
        if requests != nil { requests?.advance(to: time.second) }
        if tokens != nil { tokens?.advance(to: time.second) }
    }

    /// Makes the windows that these limits need, where they are not there yet.
    mutating func openWindows(for limits: Limits, at second: Int64) {
        if limits.requestsPerMinute != nil, requests == nil { requests = RateWindow(at: second) }
        if limits.tokensPerMinute != nil, tokens == nil { tokens = RateWindow(at: second) }
    }

    mutating func spend(_ cost: Nanodollars) {
        spentToday += cost
        spentMonth += cost
    }

    /// Nothing would be forgotten with it. Only to be asked after a turn.
    var isIdle: Bool {
        underWay == 0 && held == .zero && balance == .zero && spentToday == .zero && spentMonth == .zero
            && (requests?.total ?? 0) == 0 && (tokens?.total ?? 0) == 0
    }
}
