public import Domain

extension MemoryStore: AccountHistory {
    public func postings(
        of account: AccountID, kind: PostingKind, limit: Int
    ) throws(StoreError) -> [StoredPosting] {
        try use { contents in
            let found = contents.postings.filter { $0.posting.accountID == account && $0.posting.kind == kind }
            return Array(found.reversed().prefix(limit))
        }
    }

    public func hourlySpending(
        payer: AccountID, accountID: AccountID?, from start: Timestamp, before end: Timestamp
    ) throws(StoreError) -> HourlySpending {
        try use { contents in
            var spending = HourlySpending()
            for call in contents.calls
            where call.charge.payer == payer && call.accountID == accountID ?? call.accountID
                && call.startedAt >= start && call.startedAt < end
            {
                spending.costs[call.startedAt.seconds / 3_600, default: .zero] += call.charge.cost
            }
            return spending
        }
    }
}
