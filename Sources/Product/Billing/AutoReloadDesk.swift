import Crypto
public import Domain
import Synchronization

/// Who is topped up automatically, and how each attempt goes: in memory as it lies in the store. Called off the loops.
///
/// Nothing is credited here: what the webhook tells is.
public final class AutoReloadDesk: Sendable {
    public let terms: AutoReloadTerms
    private let store: any ReloadStore
    private let now: @Sendable () -> Timestamp
    private let entries: Mutex<[AccountID: Entry]>

    private struct Entry: Sendable {
        var state: ReloadState
        /// The posting of the latest payment that was credited: a balance from before it says nothing.
        var latestPosting: Int64 = 0
        /// As many as a month allows have been made. Not written: the bound may be another after a start.
        var isFullUntil: Timestamp?
    }

    public init(
        store: any ReloadStore, terms: AutoReloadTerms, now: @escaping @Sendable () -> Timestamp
    ) throws(StoreError) {
        self.store = store
        self.terms = terms
        self.now = now
        var entries: [AccountID: Entry] = [:]
        for wish in try store.autoReloads() { entries[wish.accountID] = Entry(state: ReloadState(wish)) }
        for attempt in try store.reloadAttemptsUnderWay() {
            let wish = entries[attempt.accountID]?.state.wish ?? AutoReload(attempt.accountID)
            entries[attempt.accountID] = Entry(state: ReloadState(wish, attempt: attempt))
        }
        self.entries = Mutex(entries)
    }

    // MARK: What accounts want

    public func standing(of account: AccountID) -> AutoReload {
        entries.withLock { $0[account]?.state.wish } ?? AutoReload(account)
    }

    /// - Throws: `conflict` where it cannot be switched on.
    public func set(
        _ account: Account, isEnabled: Bool, thresholdCents: Int64, amountCents: Int64
    ) throws(GatewayError) -> AutoReload {
        if isEnabled { try checkPossible(account) }
        try change(account.id) { entry, now in
            entry.isFullUntil = nil
            return entry.state.set(
                isEnabled: isEnabled, thresholdCents: thresholdCents, amountCents: amountCents, now: now)
        }
        return standing(of: account.id)
    }

    /// Switches it off and forgets what the account could be charged with.
    public func remove(_ account: AccountID) throws(GatewayError) {
        guard entries.withLock({ $0[account] != nil }) else { return }
        try change(account) { entry, now in entry.state.forget(now: now) }
    }

    private func checkPossible(_ account: Account) throws(GatewayError) {
        guard terms.isOffered else {
            throw GatewayError(.conflict, "Automatic top-ups are not offered here. Ask the gateway's operator.")
        }
        guard account.plan == .prepaid, account.closedAt == nil else {
            throw GatewayError(.conflict, "Only open accounts that pay before they spend are topped up.")
        }
        guard standing(of: account.id).method != nil else {
            throw GatewayError(
                .conflict,
                "No payment method is saved. Make a payment with `\"save_payment_method\": true` at "
                    + "`POST /v1/top-ups/checkout` first.")
        }
    }

    // MARK: Attempts

    /// What came of looking at an account.
    public enum Look: Hashable, Sendable {
        case nothing
        /// To be asked of Stripe now.
        case ask(ReloadAttempt)
        /// For the log: something is late, or was given up.
        case told(String)
    }

    /// Accounts that there is something to look at for.
    public var watched: [AccountID] {
        guard terms.isOffered else { return [] }
        return entries.withLock { entries in
            entries.values.filter { $0.state.wish.isEnabled || $0.state.attempt != nil }.map(\.state.wish.accountID)
        }
    }

    /// Looks whether an account needs a payment, and writes down that it is asked for before it is.
    ///
    /// - Parameter latestPosting: The latest posting that is part of the balance.
    public func look(
        at account: AccountID, balance: Nanodollars, latestPosting: Int64
    ) throws(StoreError) -> Look {
        let now = now()
        return try entries.withLock { entries throws(StoreError) in
            guard var entry = entries[account], latestPosting >= entry.latestPosting else { return .nothing }
            let look = try look(&entry, balance, now)
            entries[account] = entry
            return look
        }
    }

    private func look(_ entry: inout Entry, _ balance: Nanodollars, _ now: Timestamp) throws(StoreError) -> Look {
        switch entry.state.step(balance: balance, now: now) {
        case .nothing: return .nothing
        case .begin: return try begin(&entry, now)
        case .askAgain(let attempt):
            entry.state.wish.lastAttemptAt = now
            try store.write(entry.state.wish, attempt)
            return .ask(attempt)
        case .giveUp:
            let attempt = entry.state.gaveUp()
            try store.write(entry.state.wish, attempt)
        case .complain:
            entry.state.complained()
            try store.write(entry.state.wish, nil)
        }
        return .told(entry.state.wish.lastError ?? "")
    }

    private func begin(_ entry: inout Entry, _ now: Timestamp) throws(StoreError) -> Look {
        if let until = entry.isFullUntil, now < until { return .nothing }
        let wish = entry.state.wish
        guard let method = wish.method, let amountCents = wish.amountCents else { return .nothing }
        let month = CalendarDay(now).calendarMonth
        let made = try store.reloadAttempts(
            of: wish.accountID, since: Timestamp(seconds: Int64(month.firstDay.unixSeconds)))
        guard made < terms.mostPerMonth else {
            entry.isFullUntil = Timestamp(seconds: Int64(month.next.firstDay.unixSeconds))
            entry.state.wish.lastError =
                "\(terms.mostPerMonth) automatic top-ups, as many as a month allows, were made."
            try store.write(entry.state.wish, nil)
            return .told(entry.state.wish.lastError ?? "")
        }
        let attempt = ReloadAttempt(
            id: "rel_" + SecureRandom.base62(length: 16), accountID: wish.accountID, amountCents: amountCents,
            customer: method.customer, paymentMethod: method.id, beganAt: now)
        entry.state.began(attempt)
        try store.write(entry.state.wish, attempt)
        return .ask(attempt)
    }

    /// Notes what Stripe answered. Returns how the account stands when the attempt went wrong.
    func answered(_ answer: ReloadAnswer, to attempt: ReloadAttempt) throws(GatewayError) -> AutoReload? {
        try change(attempt.accountID) { entry, now in entry.state.answered(answer, to: attempt.id, now: now) }
        switch answer {
        case .taken, .processing: return nil
        case .refused, .unknown: return standing(of: attempt.accountID)
        }
    }

    // MARK: What the webhook tells

    /// The attempt a payment says it is of, if that is one of ours and the payment is what was asked for.
    func attempt(of told: StripeReload, cents: Int64?) throws(GatewayError) -> ReloadAttempt {
        guard let attempt = try stored({ () throws(StoreError) in try store.reloadAttempt(told.attemptID) }) else {
            throw GatewayError(.objectNotFound, "The payment is one that this gateway did not ask for.")
        }
        guard attempt.accountID == told.account, cents ?? attempt.amountCents == attempt.amountCents,
            attempt.paymentIntent ?? told.paymentIntent == told.paymentIntent
        else { throw GatewayError(.invalidValue, "The payment is not the one that was asked for.") }
        return attempt
    }

    func credited(_ attempt: ReloadAttempt, _ paymentIntent: String, posting: Int64) throws(GatewayError) {
        try change(attempt.accountID) { entry, _ in
            entry.latestPosting = max(entry.latestPosting, posting)
            return entry.state.credited(attempt, paymentIntent: paymentIntent)
        }
    }

    func refused(_ attempt: ReloadAttempt, _ why: String) throws(GatewayError) {
        try change(attempt.accountID) { entry, now in entry.state.refused(attempt.id, why, now: now) }
    }

    func learn(_ told: StripeSavedMethod) throws(GatewayError) {
        try change(told.account) { entry, _ in
            _ = entry.state.learn(told.method, at: told.moment)
            return nil
        }
    }

    // MARK: Changes

    /// Writes what `work` makes of an account, and keeps it in memory once it is written.
    private func change(
        _ account: AccountID, _ work: (inout Entry, Timestamp) -> ReloadAttempt?
    ) throws(GatewayError) {
        let now = now()
        try entries.withLock { entries throws(GatewayError) in
            let before = entries[account] ?? Entry(state: ReloadState(AutoReload(account)))
            var entry = before
            let attempt = work(&entry, now)
            if attempt != nil || entry.state != before.state {
                let wish = entry.state.wish
                try stored { () throws(StoreError) in try store.write(wish, attempt) }
            }
            entries[account] = entry
        }
    }

    private func stored<Result>(_ work: () throws(StoreError) -> Result) throws(GatewayError) -> Result {
        do throws(StoreError) { return try work() } catch {
            throw GatewayError(
                .recordFailed, "The gateway's records could not be read or written. Try again shortly.",
                retryAfterSeconds: 1)
        }
    }
}

/// What the operator allows.
public struct AutoReloadTerms: Hashable, Sendable {
    public static let leastThresholdCents: Int64 = 500
    /// Less would mostly go to fees of cards.
    public static let leastAmountCents: Int64 = 1_000
    public static let mostCents = StripeEventReader.mostCents

    /// Whether anybody is topped up at all.
    public var isOffered: Bool
    /// The least that can be paid at once.
    public var minimumCents: Int64
    public var mostPerMonth: Int

    public init(isOffered: Bool, minimumTopUpCents: Int64, mostPerMonth: Int) {
        self.isOffered = isOffered
        minimumCents = min(max(Self.leastAmountCents, minimumTopUpCents), Self.mostCents)
        self.mostPerMonth = mostPerMonth
    }
}
