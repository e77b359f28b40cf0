public import Accounts
public import Domain
public import JSON

/// What is in an account's wallet, how it came there and where it went. Called off the loops.
public struct CreditDesk: Sendable {
    /// Payments that are looked at, the newest first.
    public static let mostPayments = 1_000
    /// Days, and hours, that one history may cover.
    public static let mostDays = 366
    public static let mostHours = 31 * 24
    public static let leastTopUpCents = 1_000
    public static let leastThresholdCents = 500
    public static let leastLimitCents = 100
    /// A million dollars.
    public static let mostCents = 100_000_000

    private let money: any MoneyView
    private let usage: any UsageReader
    private let history: any AccountHistory
    private let ledger: any LedgerStore
    private let caps: any SpendingCaps
    private let topUps: any CreditTopUps
    private let now: @Sendable () -> Timestamp

    public init(
        money: any MoneyView, usage: any UsageReader, history: any AccountHistory, ledger: any LedgerStore,
        caps: any SpendingCaps, topUps: any CreditTopUps, now: @escaping @Sendable () -> Timestamp
    ) {
        self.money = money
        self.usage = usage
        self.history = history
        self.ledger = ledger
        self.caps = caps
        self.topUps = topUps
        self.now = now
    }

    // MARK: What is there

    /// A sub-account sees the wallet that pays for it.
    public func balance(of account: Account) -> Nanodollars { money.balance(of: account) }

    public func savedMethod(of account: Account) -> SavedMethod? { topUps.savedMethod(of: account) }

    public func automatic(of account: Account) -> AutomaticTopUp { topUps.automatic(of: account) }

    public func hasPaid(_ account: Account) throws(GatewayError) -> Bool {
        try !stored { () throws(StoreError) in
            try history.postings(of: account.id, kind: .topUp, limit: 1)
        }.isEmpty
    }

    /// A payment, and whether it was made by itself.
    public struct Payment: Hashable, Sendable {
        public let posting: StoredPosting
        public let isAutomatic: Bool
    }

    /// The newest first, `mostPayments` of them at most.
    public func payments(of account: Account) throws(GatewayError) -> [Payment] {
        try stored { () throws(StoreError) in
            try history.postings(of: account.id, kind: .topUp, limit: Self.mostPayments)
        }.map { Payment(posting: $0, isAutomatic: topUps.isAutomatic($0)) }
    }

    // MARK: What was used

    /// What calls have cost since this month began, by model, the dearest first.
    public func chargesThisMonth(
        of account: Account
    ) throws(GatewayError) -> (rows: [UsageRow], period: ClosedRange<CalendarDay>) {
        let today = CalendarDay(now())
        let month = today.calendarMonth
        let query = UsageQuery(
            payer: account.payerID, accountID: Self.subAccount(account), first: month.firstDay, last: today,
            grouping: .model)
        let rows = try stored { () throws(StoreError) in try usage.usage(query) }
        return (rows, month.firstDay...month.lastDay)
    }

    public enum Window: String, Hashable, Sendable, CaseIterable {
        case day, hour

        var seconds: Int64 { self == .day ? 86_400 : 3_600 }
        /// When nobody says from when on.
        var usualCount: Int64 { self == .day ? 30 : 24 }
        var mostCount: Int { self == .day ? CreditDesk.mostDays : CreditDesk.mostHours }
    }

    public struct Spent: Hashable, Sendable {
        public let start: Timestamp
        public let end: Timestamp
        public let cost: Nanodollars
    }

    /// Windows that touch the time from `start` to `end`, the oldest first, those without calls too.
    public func spending(
        of account: Account, by window: Window, from start: Timestamp?, to end: Timestamp?
    ) throws(GatewayError) -> [Spent] {
        let end = end ?? now()
        let start = start ?? Timestamp(seconds: max(0, end.seconds - (window.usualCount - 1) * window.seconds))
        guard start.seconds >= 0, start <= end else {
            throw GatewayError(.invalidValue, "`start_time` must not be after `end_time`.", param: "start_time")
        }
        let windows = (start.seconds / window.seconds)...(end.seconds / window.seconds)
        guard windows.count <= window.mostCount else {
            throw GatewayError(
                .invalidValue,
                "`start_time` and `end_time` may be \(window.mostCount) windows of a \(window.rawValue) apart at most.",
                param: "start_time")
        }
        let costs =
            switch window {
            case .day: try daily(account, windows)
            case .hour: try hourly(account, windows)
            }
        return windows.map { number in
            Spent(
                start: Timestamp(seconds: number * window.seconds),
                end: Timestamp(seconds: (number + 1) * window.seconds), cost: costs[number] ?? .zero)
        }
    }

    private func daily(
        _ account: Account, _ days: ClosedRange<Int64>
    ) throws(GatewayError) -> [Int64: Nanodollars] {
        let query = UsageQuery(
            payer: account.payerID, accountID: Self.subAccount(account),
            first: CalendarDay(daysSince1970: Int(days.lowerBound)),
            last: CalendarDay(daysSince1970: Int(days.upperBound)), grouping: .day)
        let rows = try stored { () throws(StoreError) in try usage.usage(query) }
        return rows.reduce(into: [:]) { costs, row in
            guard let day = row.label.flatMap(CalendarDay.init) else { return }
            costs[Int64(day.daysSince1970), default: .zero] += row.cost
        }
    }

    private func hourly(
        _ account: Account, _ hours: ClosedRange<Int64>
    ) throws(GatewayError) -> [Int64: Nanodollars] {
        let start = Timestamp(seconds: hours.lowerBound * 3_600)
        let found = try stored { () throws(StoreError) in
            try history.hourlySpending(
                payer: account.payerID, accountID: Self.subAccount(account), from: start,
                before: Timestamp(seconds: (hours.upperBound + 1) * 3_600))
        }
        if let since = found.completeSince, since >= start {
            throw GatewayError(
                .invalidValue,
                "Hours that far back are not kept. Begin after \(since.microseconds / 1_000), or group by `day`.",
                param: "start_time")
        }
        return found.costs
    }

    private static func subAccount(_ account: Account) -> AccountID? { account.parentID == nil ? nil : account.id }
}

// MARK: Paying

extension CreditDesk {
    /// As the journal names payments that Stripe told of.
    private static func reference(_ paymentIntent: String) -> String { "stripe:\(paymentIntent)" }
    private static let longestPaymentIntent = 255

    public func topUp(_ account: Account, _ sent: JSONValue) async throws(GatewayError) -> BegunTopUp {
        try Self.checkWallet(of: account)
        var fields = try SentFields(sent)
        let amount = fields.required(Self.amount(&fields, "amount", Self.leastTopUpCents), "amount")
        let method = fields.text("payment_method_id", 1...Self.longestPaymentIntent).value
        try fields.finish()
        return try await topUps.begin(account, cents: amount ?? 0, method: method)
    }

    /// Whether a payment is in the wallet. One that nobody told of yet is not.
    public func isPaid(_ sent: JSONValue, by account: Account) throws(GatewayError) -> (id: String, isPaid: Bool) {
        var fields = try SentFields(sent)
        let read = fields.text("payment_intent_id", 1...Self.longestPaymentIntent)
        let id = fields.required(read, "payment_intent_id") ?? ""
        try fields.finish()
        // A payment service's own id, or one of those that the history of payments tells.
        let posting = try stored { () throws(StoreError) -> StoredPosting? in
            if let posting = try ledger.posting(reference: Self.reference(id)) { return posting }
            return try ledger.posting(reference: id)
        }
        return (id, posting?.posting.accountID == account.id)
    }

    public func setAutomatic(_ account: Account, _ sent: JSONValue) throws(GatewayError) -> AutomaticTopUp {
        try Self.checkWallet(of: account)
        var fields = try SentFields(sent)
        let amount = fields.required(Self.amount(&fields, "amount", Self.leastTopUpCents), "amount")
        let threshold = fields.required(Self.amount(&fields, "threshold", Self.leastThresholdCents), "threshold")
        try fields.finish()
        try topUps.setAutomatic(account, amountCents: amount ?? 0, thresholdCents: threshold ?? 0)
        return topUps.automatic(of: account)
    }

    public func removeAutomatic(_ account: Account) throws(GatewayError) {
        try Self.checkWallet(of: account)
        try topUps.removeAutomatic(account)
    }

    private static func checkWallet(of account: Account) throws(GatewayError) {
        guard account.parentID == nil else {
            throw GatewayError(
                .roleNotAllowed, "A sub-account has no wallet of its own. Use a key of the account that pays.")
        }
    }

    private static func amount(_ fields: inout SentFields, _ name: String, _ least: Int) -> Change<Int64> {
        fields.number(name, least...mostCents, unit: "cents").map(Int64.init)
    }
}

// MARK: Limits

extension CreditDesk {
    /// Takes the place of the one before.
    public func setLimit(
        _ account: Account, _ sent: JSONValue, by principal: Principal
    ) throws(GatewayError) -> SpendingLimit? {
        try Self.checkMayLimit(account, principal)
        var fields = try SentFields(sent)
        let amount = fields.required(Self.amount(&fields, "amount", Self.leastLimitCents), "amount")
        let duration = fields.required(
            fields.word("duration", SpendingLimit.Duration.allCases.map(\.rawValue)), "duration")
        let strategy = fields.required(fields.word("strategy", ["fixed", "sliding"]), "strategy")
        if duration == SpendingLimit.Duration.weekly.rawValue {
            fields.report("duration", "cannot be weekly here: accounts are held to calendar days and months")
        }
        if strategy == "sliding" {
            fields.report("strategy", "cannot be sliding here: accounts are held to calendar days and months, UTC")
        }
        try fields.finish()
        let most = amount.flatMap { Nanodollars(cents: $0) }
        let isDaily = duration == SpendingLimit.Duration.daily.rawValue
        let limits = Limits(daily: isDaily ? most : nil, monthly: isDaily ? nil : most)
        try caps.set(account, daily: limits.daily, monthly: limits.monthly, by: principal)
        return SpendingLimit(limits)
    }

    public func removeLimit(_ account: Account, by principal: Principal) throws(GatewayError) {
        try Self.checkMayLimit(account, principal)
        try caps.set(account, daily: nil, monthly: nil, by: principal)
    }

    /// A cap is set by who stands above an account: it could lift its own.
    private static func checkMayLimit(_ account: Account, _ principal: Principal) throws(GatewayError) {
        guard principal.role == .root || principal.accountID == account.parentID else {
            throw GatewayError(
                .roleNotAllowed,
                "The spending limit of an account is set by who manages it: with a key of its parent, or of role root.")
        }
    }
}
