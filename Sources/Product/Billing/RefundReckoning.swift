import Domain

/// How much of a payment's credit is taken back when the payment is.
///
/// Stripe tells of one refund twice, as a sum so far and by itself, in any order. Neither ever tells too much, so the
/// larger of the largest sum and of all single refunds added up is what was given back, and only what it goes beyond
/// the postings there are is posted.
struct RefundReckoning {
    let payment: Posting
    /// The postings of earlier refunds of that payment.
    let earlier: [Posting]

    /// What the payment came to, wherever it went.
    private var receipts: [Transfer] { payment.transfers.filter { $0.from == .cash } }

    /// Nil when everything has been posted already.
    func posting(of refund: StripeRefund, note: String) -> Posting? {
        let known = earlier.compactMap { StripeReference.extent($0.reference, of: refund.paymentIntent) }
        let paid = receipts.sum
        let refunded = min(Self.refunded(known + [refund.extent]), paid)
        let transfers = receipts.compactMap { transfer -> Transfer? in
            // What came to each place goes back from it, to the same share.
            let due = Self.share(refunded, of: paid, transfer.amount)
            let back = earlier.flatMap(\.transfers).filter { $0.from == transfer.to && $0.to == .cash }.sum
            return Transfer(due - back, from: transfer.to, to: .cash)
        }
        guard !transfers.isEmpty else { return nil }
        return Posting(
            .refund, of: payment.accountID, transfers, reference: StripeReference.refund(refund), note: note)
    }

    private static func refunded(_ extents: [StripeRefund.Extent]) -> Nanodollars {
        var soFar: Int64 = 0
        var single: [String: Int64] = [:]
        for extent in extents {
            switch extent {
            case .soFar(let cents): soFar = max(soFar, cents)
            case .one(let id, let cents): single[id] = max(single[id] ?? 0, cents)
            }
        }
        return Nanodollars(cents: max(soFar, single.values.reduce(0, +))) ?? .max
    }

    /// Rounded down, so that it never comes to more than there was; the whole of it when everything was given back.
    private static func share(_ part: Nanodollars, of whole: Nanodollars, _ amount: Nanodollars) -> Nanodollars {
        guard whole > .zero, part > .zero else { return .zero }
        let product = amount.rawValue.multipliedFullWidth(by: part.rawValue)
        return Nanodollars(whole.rawValue.dividingFullWidth(product).quotient)
    }
}

extension [Transfer] {
    fileprivate var sum: Nanodollars { reduce(.zero) { $0 + $1.amount } }
}
