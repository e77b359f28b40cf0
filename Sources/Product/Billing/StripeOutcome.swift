public import Domain

/// What an event of Stripe's means for the journal.
public enum StripeOutcome: Hashable, Sendable {
    /// Somebody paid.
    case topUp(Posting)
    /// A payment was given back, in part or wholly.
    case refund(StripeRefund)
    /// A payment that was asked for with nobody there: what was paid, or why it was not.
    case reload(StripeReload)
    /// What somebody paid with can be charged again.
    case savedMethod(StripeSavedMethod)
    /// Nothing that money hangs on.
    case ignored(type: String)
}

/// An event whose signature was good.
public struct StripeEvent: Hashable, Sendable {
    /// `evt_…`
    public let id: String
    public let type: String
    public let outcome: StripeOutcome
}

/// A payment given back.
public struct StripeRefund: Hashable, Sendable {
    public enum Extent: Hashable, Sendable {
        /// Everything given back of the payment so far: what `charge.refunded` tells.
        case soFar(cents: Int64)
        /// One refund among others: what `refund.created` tells.
        case one(id: String, cents: Int64)
    }

    /// `pi_…`
    public let paymentIntent: String
    public let extent: Extent
    /// The event says that the payment was begun by us.
    public let isMarkedOurs: Bool

    public init(paymentIntent: String, extent: Extent, isMarkedOurs: Bool) {
        self.paymentIntent = paymentIntent
        self.extent = extent
        self.isMarkedOurs = isMarkedOurs
    }
}

/// A payment that says it was asked for with nobody there.
public struct StripeReload: Hashable, Sendable {
    public enum Result: Hashable, Sendable {
        case paid(cents: Int64)
        case refused(why: String)
    }

    public let attemptID: String
    public let account: AccountID
    /// `pi_…`
    public let paymentIntent: String
    public let result: Result
}

/// What an account can be charged with from now on.
public struct StripeSavedMethod: Hashable, Sendable {
    public let account: AccountID
    public let method: SavedPaymentMethod
    /// When Stripe learnt of it.
    public let moment: Timestamp
}

/// How payments are named in the journal.
enum StripeReference {
    /// Of a payment: the same whatever event told of it, so it is credited once.
    static func payment(_ paymentIntent: String) -> String { "stripe:\(paymentIntent)" }

    /// Of what was given back of it.
    static func refund(_ refund: StripeRefund) -> String {
        switch refund.extent {
        case .soFar(let cents): "\(payment(refund.paymentIntent)):refunded:\(cents)"
        case .one(let id, let cents): "\(payment(refund.paymentIntent)):refund:\(id):\(cents)"
        }
    }

    /// What a reference made above says was given back of that payment; nil for any other reference.
    static func extent(_ reference: String, of paymentIntent: String) -> StripeRefund.Extent? {
        let prefix = payment(paymentIntent) + ":"
        guard reference.hasPrefix(prefix) else { return nil }
        let parts = reference.dropFirst(prefix.count).split(separator: ":", omittingEmptySubsequences: false)
        guard let cents = parts.last.flatMap({ Int64($0) }), cents > 0 else { return nil }
        if parts.count == 2, parts[0] == "refunded" { return .soFar(cents: cents) }
        if parts.count == 3, parts[0] == "refund" { return .one(id: String(parts[1]), cents: cents) }
        return nil
    }
}
