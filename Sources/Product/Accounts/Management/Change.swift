public import Domain

/// What a request says of one field: nothing, that there shall be none, or what it shall be.
public enum Change<Value: Sendable>: Sendable {
    case keep
    case clear
    case set(Value)

    public var value: Value? {
        if case .set(let value) = self { value } else { nil }
    }

    package func apply(to field: inout Value?) {
        switch self {
        case .keep: break
        case .clear: field = nil
        case .set(let value): field = value
        }
    }

    /// For fields that always have a value: without one they fall back to `none`.
    package func apply(to field: inout Value, none: Value) {
        switch self {
        case .keep: break
        case .clear: field = none
        case .set(let value): field = value
        }
    }
}

/// What a request says of limits.
public struct LimitChanges: Sendable {
    public var requestsPerMinute: Change<Int> = .keep
    public var tokensPerMinute: Change<Int> = .keep
    public var concurrency: Change<Int> = .keep
    public var daily: Change<Nanodollars> = .keep
    public var monthly: Change<Nanodollars> = .keep

    public init() {}

    func apply(to limits: inout Limits) {
        requestsPerMinute.apply(to: &limits.requestsPerMinute)
        tokensPerMinute.apply(to: &limits.tokensPerMinute)
        concurrency.apply(to: &limits.concurrency)
        daily.apply(to: &limits.daily)
        monthly.apply(to: &limits.monthly)
    }
}
