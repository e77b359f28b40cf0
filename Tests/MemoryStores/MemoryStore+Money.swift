public import Domain

extension MemoryStore.Contents {
    /// What is where, calls included.
    public var balances: [LedgerAccount: Nanodollars] {
        var balances: [LedgerAccount: Nanodollars] = [:]
        let posted = postings.flatMap(\.posting.transfers)
        for transfer in posted + calls.flatMap({ $0.charge.transfers(to: $0.provider) }) {
            balances[transfer.from, default: .zero] -= transfer.amount
            balances[transfer.to, default: .zero] += transfer.amount
        }
        return balances
    }
}

extension MemoryStore: LedgerStore {
    public func post(_ posting: Posting) throws(StoreError) -> StoredPosting? {
        try change { contents in
            guard !contents.postings.contains(where: { $0.posting.reference == posting.reference }) else { return nil }
            let id = Int64(contents.postings.count + 1)
            let stored = StoredPosting(id: id, createdAt: Timestamp(seconds: id), posting: posting)
            contents.postings.append(stored)
            return stored
        }
    }

    public func posting(reference: String) throws(StoreError) -> StoredPosting? {
        try use { contents in contents.postings.first { $0.posting.reference == reference } }
    }

    public func postings(after id: Int64, limit: Int) throws(StoreError) -> [StoredPosting] {
        try use { Array($0.postings.filter { $0.id > id }.prefix(limit)) }
    }

    public func balances() throws(StoreError) -> (of: [LedgerAccount: Nanodollars], latestPosting: Int64) {
        try use { contents in (contents.balances, contents.postings.last?.id ?? 0) }
    }

    public func spending(since day: CalendarDay) throws(StoreError) -> [Spending] {
        try use { contents in
            contents.calls.filter { CalendarDay($0.startedAt) >= day }.map { call in
                Spending(
                    day: CalendarDay(call.startedAt), keyID: call.keyID, accountID: call.accountID,
                    payer: call.charge.payer, tag: call.tag, cost: call.charge.cost)
            }
        }
    }

    public func tags(since day: CalendarDay) throws(StoreError) -> [TagUse] {
        try use { contents in
            contents.calls.filter { CalendarDay($0.startedAt) >= day }.compactMap { call in
                call.tag.map { TagUse(payer: call.charge.payer, accountID: call.accountID, tag: $0) }
            }
        }
    }

    public func verify() throws(StoreError) -> LedgerReport {
        LedgerReport(calls: 0, postings: 0, transfers: 0, differences: [])
    }
}

extension MemoryStore: UsageReader {
    public func usage(_ query: UsageQuery) throws(StoreError) -> [UsageRow] {
        try use { contents in
            let calls = contents.calls.filter { call in
                Self.isOf(call, query.payer, query.accountID, query.keyID)
                    && (query.first...query.last).contains(CalendarDay(call.startedAt))
            }
            let groups = Dictionary(grouping: calls) { Self.label($0, query.grouping) }
            return groups.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { Self.row($0.key, $0.value) }
        }
    }

    public func recentCalls(of query: RecentCallsQuery) throws(StoreError) -> [CallRecord] {
        try use { contents in
            let calls = contents.calls.filter { Self.isOf($0, query.payer, query.accountID, query.keyID) }
            return Array(calls.reversed().prefix(query.limit))
        }
    }

    public func statement(
        of account: AccountID, month: CalendarMonth, now: Timestamp
    ) throws(StoreError) -> Statement? {
        guard month < CalendarDay(now).calendarMonth else { return nil }
        let charges = try usage(
            UsageQuery(payer: account, first: month.firstDay, last: month.lastDay, grouping: .model))
        let all = try postings(after: 0, limit: .max)
        let closing = try balances().of[.wallet(account)] ?? .zero
        return Statement(
            accountID: account, month: month, opening: .zero, postings: all.filter { $0.posting.accountID == account },
            charges: charges, closing: closing)
    }

    private static func isOf(_ call: CallRecord, _ payer: AccountID, _ account: AccountID?, _ key: KeyID?) -> Bool {
        call.charge.payer == payer && call.accountID == account ?? call.accountID && call.keyID == key ?? call.keyID
    }

    private static func label(_ call: CallRecord, _ grouping: UsageQuery.Grouping) -> String? {
        switch grouping {
        case .day: CalendarDay(call.startedAt).text
        case .model: call.model.rawValue
        case .key: call.keyID.rawValue
        case .tag: call.tag
        case .subAccount: call.accountID.rawValue
        case .none: nil
        }
    }

    private static func row(_ label: String?, _ calls: [CallRecord]) -> UsageRow {
        UsageRow(
            label: label, requests: Int64(calls.count),
            promptTokens: calls.reduce(0) { $0 + Int64($1.usage.promptTokens) },
            completionTokens: calls.reduce(0) { $0 + Int64($1.usage.completionTokens) },
            cost: calls.reduce(.zero) { $0 + $1.charge.cost },
            ownKeyCost: calls.filter(\.charge.isOnOwnKey).reduce(.zero) { $0 + ($1.charge.vendorCost ?? .zero) })
    }
}
