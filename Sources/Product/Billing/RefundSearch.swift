import Domain

/// Finds the refunds of a payment by how their references begin. They can only come after it, so the journal is read
/// from there on. Refunds are rare and postings are few: one for each payment, none for calls.
struct RefundSearch {
    private let ledger: any LedgerStore

    private static let pageSize = 500

    init(_ ledger: any LedgerStore) {
        self.ledger = ledger
    }

    func refunds(of payment: StoredPosting) throws(StoreError) -> [Posting] {
        let prefix = payment.posting.reference + ":"
        var refunds: [Posting] = []
        var latest = payment.id
        while true {
            let page = try ledger.postings(after: latest, limit: Self.pageSize)
            refunds += page.map(\.posting).filter { $0.reference.hasPrefix(prefix) }
            guard let last = page.last, last.id > latest else { return refunds }
            latest = last.id
        }
    }
}
