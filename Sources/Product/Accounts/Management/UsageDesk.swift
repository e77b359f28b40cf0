public import Domain

/// What calls have used and cost, as far as the caller may see it. Called off the loops.
public struct UsageDesk: Sendable {
    private let reader: any UsageReader
    private let accounts: any KeyStore
    private let now: @Sendable () -> Timestamp

    /// Days that one report may cover.
    public static let mostDays = 366

    public init(reader: any UsageReader, accounts: any KeyStore, now: @escaping @Sendable () -> Timestamp) {
        self.reader = reader
        self.accounts = accounts
        self.now = now
    }

    public var today: CalendarDay { CalendarDay(now()) }

    /// Of a key that may do no more: its own calls. Of a sub-account: its calls. Else everything the account pays for.
    public func usage(
        _ days: ClosedRange<CalendarDay>, by grouping: UsageQuery.Grouping, for caller: Caller
    ) throws(GatewayError) -> [UsageRow] {
        try rows(
            UsageQuery(
                payer: caller.account.payerID, accountID: Self.subAccount(caller.account), keyID: Self.key(caller),
                first: days.lowerBound, last: days.upperBound, grouping: grouping))
    }

    public func usage(
        of subAccount: Account, _ days: ClosedRange<CalendarDay>, by grouping: UsageQuery.Grouping
    ) throws(GatewayError) -> [UsageRow] {
        try rows(
            UsageQuery(
                payer: subAccount.payerID, accountID: subAccount.id, first: days.lowerBound, last: days.upperBound,
                grouping: grouping))
    }

    /// What each account has cost, the dearest first, with the account where it is known.
    public func usageBySubAccount(
        _ days: ClosedRange<CalendarDay>, for caller: Caller
    ) throws(GatewayError) -> [(row: UsageRow, account: Account?)] {
        let rows = try usage(days, by: .subAccount, for: caller)
        let known = try stored { () throws(StoreError) in try accounts.accounts() }
        let byID = Dictionary(known.map { ($0.id.rawValue, $0) }) { first, _ in first }
        return rows.sorted { $0.cost > $1.cost }.map { ($0, $0.label.flatMap { byID[$0] }) }
    }

    /// The newest first.
    public func recentCalls(limit: Int, for caller: Caller) throws(GatewayError) -> [CallRecord] {
        let query = RecentCallsQuery(
            payer: caller.account.payerID, accountID: Self.subAccount(caller.account), keyID: Self.key(caller),
            limit: limit)
        return try stored { () throws(StoreError) in try reader.recentCalls(of: query) }
    }

    public func statement(of month: CalendarMonth, for caller: Caller) throws(GatewayError) -> Statement {
        let statement = try stored { () throws(StoreError) in
            try reader.statement(of: caller.account.id, month: month, now: now())
        }
        guard let statement else {
            throw GatewayError(.objectNotFound, "The statement of \(month.text) is made when the month is over.")
        }
        return statement
    }

    private func rows(_ query: UsageQuery) throws(GatewayError) -> [UsageRow] {
        try stored { () throws(StoreError) in try reader.usage(query) }
    }

    private static func subAccount(_ account: Account) -> AccountID? {
        account.parentID == nil ? nil : account.id
    }

    private static func key(_ caller: Caller) -> KeyID? {
        caller.role == .keyOnly ? caller.principal.keyID : nil
    }
}
