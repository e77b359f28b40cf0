import Domain

/// Finds postings by their references, by reading the journal through. Refunds are rare and postings are few: one for
/// each payment, none for calls.
struct JournalSearch {
    private let ledger: any LedgerStore

    private static let pageSize = 500

    init(_ ledger: any LedgerStore) {
        self.ledger = ledger
    }

    /// The posting of a payment, and those of its refunds.
    func payment(_ paymentIntent: String) throws(StoreError) -> (payment: Posting?, refunds: [Posting]) {
        let reference = StripeReference.payment(paymentIntent)
        var payment: Posting?
        var refunds: [Posting] = []
        var latest: Int64 = 0
        while true {
            let page = try ledger.postings(after: latest, limit: Self.pageSize)
            for stored in page {
                if stored.posting.reference == reference { payment = stored.posting }
                if stored.posting.reference.hasPrefix(reference + ":") { refunds.append(stored.posting) }
            }
            guard let last = page.last, last.id > latest else { return (payment, refunds) }
            latest = last.id
        }
    }
}
