public import Domain
import Synchronization

/// Brings what Stripe tells into the journal, each thing once. Called off the loops: the stores may block.
public final class TopUpDesk: Sendable {
    private let webhook: StripeWebhook
    private let ledger: any LedgerStore
    private let accounts: any KeyStore
    private let reloads: AutoReloadDesk
    private let now: @Sendable () -> Timestamp
    private let changed: @Sendable () -> Void
    /// One event at a time: what a refund comes to depends on the postings before it.
    private let handled = Mutex(HandledEvents())

    /// - Parameter changed: Called after each posting, so that balances in memory follow.
    public init(
        webhook: StripeWebhook, ledger: any LedgerStore, accounts: any KeyStore, reloads: AutoReloadDesk,
        now: @escaping @Sendable () -> Timestamp, changed: @escaping @Sendable () -> Void
    ) {
        self.webhook = webhook
        self.ledger = ledger
        self.accounts = accounts
        self.reloads = reloads
        self.now = now
        self.changed = changed
    }

    /// What became of an event.
    public enum Effect: Hashable, Sendable {
        case posted(StoredPosting)
        /// Everything it tells was in the journal already.
        case knownAlready
        /// Nothing for the journal, but something about automatic top-ups.
        case noted(AccountID)
        case ignored(type: String)
    }

    /// Throws when the event is not to be believed, or cannot be dealt with now: then Stripe sends it again.
    public func take(body: [UInt8], signature: String?) throws(GatewayError) -> Effect {
        let event = try webhook.event(body: body, signature: signature, now: now())
        if case .ignored(let type) = event.outcome { return .ignored(type: type) }
        let effect = try handled.withLock { handled throws(GatewayError) in
            guard !handled.contains(event.id) else { return Effect.knownAlready }
            let effect = try write(event)
            handled.insert(event.id)
            return effect
        }
        if case .posted = effect { changed() }
        return effect
    }

    private func write(_ event: StripeEvent) throws(GatewayError) -> Effect {
        do {
            switch event.outcome {
            case .ignored(let type): return .ignored(type: type)
            case .topUp(let posting):
                try check(posting.accountID)
                return try post(posting)
            case .refund(let refund):
                let payment = try ledger.posting(reference: StripeReference.payment(refund.paymentIntent))
                guard let payment else { return try unknownPayment(of: refund, event) }
                let earlier = try RefundSearch(ledger).refunds(of: payment)
                let reckoning = RefundReckoning(payment: payment.posting, earlier: earlier)
                let posting = reckoning.posting(of: refund, note: "Stripe \(event.id)")
                return try posting.map(post) ?? .knownAlready
            case .reload(let reload): return try write(reload, note: "\(Self.automaticNote) \(event.id)")
            case .savedMethod(let saved):
                try check(saved.account)
                try reloads.learn(saved)
                return .noted(saved.account)
            }
        } catch let error as GatewayError {
            throw error
        } catch {
            throw GatewayError(.recordFailed, "The event could not be written down. Send it again.")
        }
    }

    /// Credited first: told again after a failure in between, it is credited no second time.
    /// What the notes of payments that were made by themselves begin with.
    public static let automaticNote = "Stripe, by itself:"

    private func write(_ reload: StripeReload, note: String) throws -> Effect {
        switch reload.result {
        case .refused(let why):
            try reloads.refused(try reloads.attempt(of: reload, cents: nil), why)
            return .noted(reload.account)
        case .paid(let cents):
            let attempt = try reloads.attempt(of: reload, cents: cents)
            let reference = StripeReference.payment(reload.paymentIntent)
            let posting = webhook.terms.posting(
                paid: Nanodollars(cents: cents) ?? .zero, of: attempt.accountID, reference: reference, note: note)
            guard let posting else {
                throw GatewayError(.invalidValue, "Nothing is left of the payment to spend.", param: "amount_received")
            }
            let effect = try post(posting)
            let stored = try ledger.posting(reference: reference)
            try reloads.credited(attempt, reload.paymentIntent, posting: stored?.id ?? 0)
            return effect
        }
    }

    private func check(_ id: AccountID) throws {
        guard let account = try accounts.account(id) else {
            throw GatewayError(.objectNotFound, "The payment is for an account that does not exist.")
        }
        guard account.parentID == nil else {
            throw GatewayError(.invalidValue, "The payment is for a sub-account, which has no wallet of its own.")
        }
    }

    private func post(_ posting: Posting) throws -> Effect {
        try ledger.post(posting).map(Effect.posted) ?? .knownAlready
    }

    /// Events come in any order: the payment may be yet to be told. Others' payments are none of our business.
    private func unknownPayment(of refund: StripeRefund, _ event: StripeEvent) throws -> Effect {
        guard refund.isMarkedOurs else { return .ignored(type: event.type) }
        throw GatewayError(.conflict, "The payment that was refunded is not known yet. Send the event again.")
    }
}

/// The ids of the latest events that were dealt with: the journal knows older ones by their references.
private struct HandledEvents {
    private var ids: Set<String> = []
    private var order: [String] = []
    private var next = 0

    private static let most = 4_096

    func contains(_ id: String) -> Bool { ids.contains(id) }

    mutating func insert(_ id: String) {
        guard ids.insert(id).inserted else { return }
        if order.count < Self.most { return order.append(id) }
        ids.remove(order[next])
        order[next] = id
        next = (next + 1) % Self.most
    }
}
