/// An account's wish to be topped up by itself when little is left, and how that goes.
public struct AutoReload: Hashable, Sendable {
    public var accountID: AccountID
    public var isEnabled = false
    /// A balance below this begins a payment. Nil until it was set.
    public var thresholdCents: Int64?
    /// What is paid each time. Nil until it was set.
    public var amountCents: Int64?
    /// Nil until a payment method was saved.
    public var method: SavedPaymentMethod?
    /// When the method was saved or forgotten: what is told of an earlier time changes nothing.
    public var methodChangedAt: Timestamp?
    /// Attempts that failed since the latest that went well.
    public var failures = 0
    /// Nothing is tried before.
    public var pausedUntil: Timestamp?
    public var lastAttemptAt: Timestamp?
    /// For people. Holds no words of others but the payment service's machine words.
    public var lastError: String?

    public init(_ accountID: AccountID) {
        self.accountID = accountID
    }
}

/// How an account can be charged without anybody there, as the payment service names it.
public struct SavedPaymentMethod: Hashable, Sendable {
    /// `cus_…`
    public var customer: String
    /// `pm_…`
    public var id: String
    /// Such as `visa`. Nil until it was told.
    public var brand: String?
    public var last4: String?

    public init(customer: String, id: String, brand: String? = nil, last4: String? = nil) {
        self.customer = customer
        self.id = id
        self.brand = brand
        self.last4 = last4
    }
}

/// One payment that was asked for without anybody there.
public struct ReloadAttempt: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Asked for, or about to be; what came of it is not known.
        case asked
        /// The payment service works on it.
        case processing
        /// The payment service says it was paid, and has yet to tell the webhook.
        case taken
        case credited
        case failed

        /// While one is, no other is begun.
        public var isUnderWay: Bool {
            switch self {
            case .asked, .processing, .taken: true
            case .credited, .failed: false
            }
        }
    }

    /// `rel_…`
    public let id: String
    public let accountID: AccountID
    public let amountCents: Int64
    /// What it is asked with, each time the same.
    public let customer: String
    public let paymentMethod: String
    public let beganAt: Timestamp
    public var state = State.asked
    /// `pi_…`, once it is known.
    public var paymentIntent: String?

    public init(
        id: String, accountID: AccountID, amountCents: Int64, customer: String, paymentMethod: String,
        beganAt: Timestamp, state: State = .asked, paymentIntent: String? = nil
    ) {
        self.id = id
        self.accountID = accountID
        self.amountCents = amountCents
        self.customer = customer
        self.paymentMethod = paymentMethod
        self.beganAt = beganAt
        self.state = state
        self.paymentIntent = paymentIntent
    }
}
