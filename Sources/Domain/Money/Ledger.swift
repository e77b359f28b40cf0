/// A place where money is. What moves between two places is neither made nor lost.
public enum LedgerAccount: Hashable, Sendable {
    /// What an account may still spend. A postpaid wallet goes below zero and is owed.
    case wallet(AccountID)
    /// What a vendor bills for calls made with our key.
    case vendorCost(ProviderID)
    /// What was kept of payments.
    case platformFee
    /// What payers paid; below zero by as much as came in.
    case cash
    /// Credits and corrections given by hand.
    case adjustments
    /// What vendors bill beyond what was reserved for a call, and nobody is charged for.
    case shortfall

    /// As the journal spells it.
    public var name: String {
        switch self {
        case .wallet(let account): "wallet:\(account)"
        case .vendorCost(let provider): "vendor:\(provider)"
        case .platformFee: "fee"
        case .cash: "cash"
        case .adjustments: "adjustments"
        case .shortfall: "shortfall"
        }
    }

    public init?(name: String) {
        switch name {
        case "fee": self = .platformFee
        case "cash": self = .cash
        case "adjustments": self = .adjustments
        case "shortfall": self = .shortfall
        default:
            let parts = name.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "wallet": self = .wallet(AccountID(String(parts[1])))
            case "vendor": self = .vendorCost(ProviderID(String(parts[1])))
            default: return nil
            }
        }
    }
}

/// One movement of money. It takes from one place exactly what it gives to another, so every posting made of
/// movements sums to zero.
public struct Transfer: Hashable, Sendable {
    public let from: LedgerAccount
    public let to: LedgerAccount
    public let amount: Nanodollars

    /// Nil unless it moves something, somewhere else.
    public init?(_ amount: Nanodollars, from: LedgerAccount, to: LedgerAccount) {
        guard amount > .zero, from != to else { return nil }
        self.from = from
        self.to = to
        self.amount = amount
    }
}

/// Why money moved, apart from calls.
public enum PostingKind: String, Hashable, Sendable, CaseIterable {
    case topUp = "top_up"
    case refund
    case adjustment
    case signupCredit = "signup_credit"
}

/// Movements that belong together: all of them are written, or none. Never changed; corrected by further postings.
public struct Posting: Hashable, Sendable {
    public let kind: PostingKind
    public let accountID: AccountID
    public let transfers: [Transfer]
    /// What makes it unique, such as `stripe:pi_…`: a second posting with the same one is not written.
    public let reference: String
    public let note: String

    public init(
        _ kind: PostingKind, of accountID: AccountID, _ transfers: [Transfer], reference: String, note: String = ""
    ) {
        self.kind = kind
        self.accountID = accountID
        self.transfers = transfers
        self.reference = reference
        self.note = note
    }
}

/// A posting as it lies in the journal.
public struct StoredPosting: Hashable, Sendable {
    public let id: Int64
    public let createdAt: Timestamp
    public let posting: Posting

    public init(id: Int64, createdAt: Timestamp, posting: Posting) {
        self.id = id
        self.createdAt = createdAt
        self.posting = posting
    }
}

/// How a payment becomes credit.
public struct TopUpTerms: Hashable, Sendable {
    /// Hundredths of a percent: 500 is 5 %.
    public var feeBasisPoints: Int64
    public var direction: Direction

    public enum Direction: String, Hashable, Sendable, CaseIterable {
        /// $100 paid gives $95 of calls.
        case deducted
        /// $100 of calls cost $105.
        case added
    }

    public init(feeBasisPoints: Int64 = 500, direction: Direction = .deducted) {
        self.feeBasisPoints = feeBasisPoints
        self.direction = direction
    }

    /// What is kept of a payment, to the cent, half a cent up.
    public func fee(ofPaid paid: Nanodollars) -> Nanodollars {
        let divisor: Int64 = direction == .deducted ? 10_000 : 10_000 + feeBasisPoints
        let (high, low) = paid.rawValue.multipliedFullWidth(by: feeBasisPoints)
        let (cents, rest) = (divisor * Nanodollars.perCent).dividingFullWidth((high, low))
        let isHalfOrMore = rest >= divisor * Nanodollars.perCent / 2
        return Nanodollars((cents + (isHalfOrMore ? 1 : 0)) * Nanodollars.perCent)
    }

    /// The posting of a payment. Nil when nothing is left of it to spend.
    public func posting(
        paid: Nanodollars, of accountID: AccountID, reference: String, note: String = ""
    ) -> Posting? {
        guard paid > .zero else { return nil }
        let fee = fee(ofPaid: paid)
        guard let credit = Transfer(paid - fee, from: .cash, to: .wallet(accountID)) else { return nil }
        let transfers = [credit] + (Transfer(fee, from: .cash, to: .platformFee).map { [$0] } ?? [])
        return Posting(.topUp, of: accountID, transfers, reference: reference, note: note)
    }
}
