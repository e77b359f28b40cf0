import Domain

/// Who is held to a limit.
public enum LimitHolder: String, Hashable, Sendable, CaseIterable {
    case key
    case subAccount = "sub_account"
    case account
    case tag
    case wallet
}

/// What a limit is on.
public enum LimitKind: String, Hashable, Sendable, CaseIterable {
    case requestsPerMinute = "requests_per_minute"
    case tokensPerMinute = "tokens_per_minute"
    case concurrency
    case daily
    case monthly
    /// What is in the wallet.
    case balance

    public var isMoney: Bool {
        switch self {
        case .requestsPerMinute, .tokensPerMinute, .concurrency: false
        case .daily, .monthly, .balance: true
        }
    }
}

/// One limit, how much of it is gone, and how much a call wants of it. Money is in nano-dollars.
public struct LimitCheck: Hashable, Sendable {
    public let holder: LimitHolder
    public let kind: LimitKind
    /// Of a wallet: what is in it.
    public let limit: Int64
    public let used: Int64
    /// What calls under way may use yet. Their number and their tokens are in `used`.
    public let held: Int64
    public let wanted: Int64
    /// False where somebody is only told of it.
    public let isBinding: Bool

    /// Below zero where more is gone than the limit allows, such as after it was lowered.
    public var left: Int64 { (Nanodollars(limit) - Nanodollars(used) - Nanodollars(held)).rawValue }

    /// What is free is never refused for money.
    public var refuses: Bool { isBinding && wanted > 0 && wanted > left }
}
