import Domain

/// Why the book refused a call. Put into words outside the lock.
enum Refusal: Error, Hashable {
    case limit(LimitCheck, retryAfterSeconds: Int?)
    /// The payer has used so many tags today.
    case tooManyTags(Int)
    /// There is no room to count for somebody new.
    case full

    var error: GatewayError {
        switch self {
        case .full:
            GatewayError(
                .overloaded, "The gateway cannot keep count of more callers at the moment. Try again later.",
                retryAfterSeconds: Book.secondsBetweenSweeps)
        case .tooManyTags(let most):
            GatewayError(
                .invalidValue,
                "Calls of this account have had \(most) different tags today (UTC), as many as a day allows. Use one of "
                    + "them, or make a budget for this one (`POST /v1/budgets`). What differs with each call belongs "
                    + "in `X-Request-Id`.", param: "x-aig-tag")
        case .limit(let check, let seconds):
            check.kind.isMoney
                ? GatewayError(check.moneyReason, check.moneyMessage)
                : GatewayError(check.rateReason, check.rateMessage, retryAfterSeconds: seconds)
        }
    }
}

extension LimitCheck {
    fileprivate var rateReason: ErrorReason {
        switch kind {
        case .tokensPerMinute: .tokenRate
        case .concurrency: .concurrency
        case .requestsPerMinute, .daily, .monthly, .balance: .requestRate
        }
    }

    fileprivate var moneyReason: ErrorReason {
        switch holder {
        case .key: .keyCap
        case .subAccount: .subAccountCap
        case .account: .accountCap
        case .tag: .tagBudget
        case .wallet: .insufficientCredits
        }
    }

    fileprivate var owner: String {
        switch holder {
        case .key: "this key"
        case .subAccount: "this sub-account"
        case .account: "this account"
        case .tag: "this tag"
        case .wallet: "this wallet"
        }
    }

    fileprivate var rateMessage: String {
        switch kind {
        case .tokensPerMinute where wanted > limit:
            "This call may use up to \(wanted) tokens, more than the whole \(limit) a minute of \(owner): it is never let in. "
                + "Send or ask for less."
        case .tokensPerMinute:
            "This call may use up to \(wanted) tokens, and \(max(0, left)) of the \(limit) a minute of \(owner) are left."
        case .concurrency: "The limit of \(owner) is \(limit) calls at the same time."
        case .requestsPerMinute, .daily, .monthly, .balance: "The limit of \(owner) is \(limit) requests a minute."
        }
    }

    fileprivate var moneyMessage: String {
        let most = "$" + Nanodollars(wanted).dollarsText
        guard holder != .wallet else {
            return "The wallet cannot pay for this call, which may cost up to \(most). Top up, or ask for less."
        }
        let period = kind == .daily ? "daily" : "monthly"
        let cap = "The \(period) cap of \(owner) is $\(Nanodollars(limit).dollarsText)"
        let spent = "$\(Nanodollars(used).dollarsText) is spent so far"
        let waiting = held > 0 ? " and $\(Nanodollars(held).dollarsText) is held for calls under way" : ""
        return "\(cap), and \(spent)\(waiting). This call may cost up to \(most)."
    }
}
