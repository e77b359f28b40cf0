public import Domain

/// Brings payments, refunds and corrections into the journal, each reference once. Called off the loops.
public struct Cashier: Sendable {
    private let accounts: any KeyStore
    private let ledger: any LedgerStore
    private let money: any MoneyView
    private let terms: TopUpTerms
    private let turn: ManagementTurn

    /// Tells references that came over the API from those of others, such as Stripe's.
    private static let referencePrefix = "api:"

    public init(
        accounts: any KeyStore, ledger: any LedgerStore, money: any MoneyView, terms: TopUpTerms, turn: ManagementTurn
    ) {
        self.accounts = accounts
        self.ledger = ledger
        self.money = money
        self.terms = terms
        self.turn = turn
    }

    /// What became of a posting.
    public struct Receipt: Sendable {
        public let stored: StoredPosting
        /// False when it was there before: nothing was written.
        public let isNew: Bool
    }

    /// A payment: the fee is kept, the rest can be spent.
    public func topUp(
        _ id: AccountID, paid: Nanodollars, reference: String, note: String
    ) throws(GatewayError) -> Receipt {
        let reference = Self.referencePrefix + reference
        guard let posting = terms.posting(paid: paid, of: id, reference: reference, note: note) else {
            throw GatewayError(.invalidValue, "Nothing is left of the payment to spend.", param: "paid_cents")
        }
        return try post(posting)
    }

    /// Money given back. No more than what is in the wallet and not promised to calls under way.
    public func refund(
        _ id: AccountID, amount: Nanodollars, reference: String, note: String
    ) throws(GatewayError) -> Receipt {
        let transfer = Transfer(amount, from: .wallet(id), to: .cash)
        return try post(try posting(.refund, id, transfer, reference, note)) { account throws(GatewayError) in
            let free = try free(in: account)
            guard amount <= free else {
                throw GatewayError(
                    .conflict, "There is $\(max(free, .zero).dollarsText) in the wallet that can be given back.",
                    param: "amount_cents")
            }
        }
    }

    /// A correction by hand, in either direction. It may take a wallet below zero: then it is what is owed.
    public func adjust(
        _ id: AccountID, by amount: Nanodollars, reference: String, note: String
    ) throws(GatewayError) -> Receipt {
        let transfer =
            amount > .zero
            ? Transfer(amount, from: .adjustments, to: .wallet(id))
            : Transfer(.zero - amount, from: .wallet(id), to: .adjustments)
        return try post(try posting(.adjustment, id, transfer, reference, note))
    }

    /// Postings after the one with that id, the oldest first.
    public func postings(after id: Int64, limit: Int) throws(GatewayError) -> [StoredPosting] {
        try stored { () throws(StoreError) in try ledger.postings(after: id, limit: limit) }
    }

    /// What is in the wallet by the journal and by memory, whichever is less: postings reach memory a moment after the
    /// journal, settled calls a moment before.
    private func free(in account: Account) throws(GatewayError) -> Nanodollars {
        min(try written(in: account), money.balance(of: account)) - money.held(of: account)
    }

    private func written(in account: Account) throws(GatewayError) -> Nanodollars {
        try stored { () throws(StoreError) in try ledger.balances().of[.wallet(account.id)] ?? .zero }
    }

    /// What is left in a closed account can be given back, and what it owes can be paid.
    private func checkOpen(_ account: Account, for posting: Posting) throws(GatewayError) {
        guard account.closedAt != nil else { return }
        let balance = try written(in: account)
        guard account.accepts(posting.credited, with: balance) else {
            let owed = max(.zero, .zero - balance)
            throw GatewayError(
                .conflict,
                "The account is closed and owes $\(owed.dollarsText): no more than that can be put into its wallet.")
        }
    }

    private func posting(
        _ kind: PostingKind, _ id: AccountID, _ transfer: Transfer?, _ reference: String, _ note: String
    ) throws(GatewayError) -> Posting {
        guard let transfer else {
            throw GatewayError(.invalidValue, "`amount_cents` must not be zero.", param: "amount_cents")
        }
        return Posting(kind, of: id, [transfer], reference: Self.referencePrefix + reference, note: note)
    }

    /// Writes a posting. `check` is asked only when it is new: a repeated request is answered as it was before.
    private func post(
        _ posting: Posting, check: (Account) throws(GatewayError) -> Void = { _ throws(GatewayError) in }
    ) throws(GatewayError) -> Receipt {
        try turn.take { () throws(GatewayError) in
            let account = try stored { () throws(StoreError) in try accounts.account(posting.accountID) }
            guard let account, account.parentID == nil else { throw .notFound("account") }
            do throws(GatewayError) {
                try checkOpen(account, for: posting)
                try check(account)
            } catch {
                if let earlier = try earlier(posting) { return earlier }
                throw error
            }
            if let written = try stored({ () throws(StoreError) in try ledger.post(posting) }) {
                return Receipt(stored: written, isNew: true)
            }
            guard let earlier = try earlier(posting) else {
                throw GatewayError(
                    .conflict, "The reference stands for another posting already. Nothing was written.",
                    param: "reference")
            }
            return earlier
        }
    }

    /// The same posting, if it was made before.
    private func earlier(_ posting: Posting) throws(GatewayError) -> Receipt? {
        let found = try stored { () throws(StoreError) in try ledger.posting(reference: posting.reference) }
        guard let found, found.posting.isSame(as: posting) else { return nil }
        return Receipt(stored: found, isNew: false)
    }
}

extension Posting {
    /// Whether it is of the same kind, for the same account and the same amount. The fee of a payment does not count:
    /// terms may have changed since.
    fileprivate func isSame(as other: Posting) -> Bool {
        guard kind == other.kind, accountID == other.accountID else { return false }
        return kind == .topUp ? paid == other.paid : credited == other.credited
    }
}
