public import Domain

/// Lets calls through while the rules of their gateway have money left.
///
/// A call passes while less than the limit is spent and held, and then holds its estimate. So calls at the same time
/// cannot go beyond a limit by more than the one call that crosses it, as long as estimates are not too low.
public struct SpendGate: Sendable {
    public let counters: WindowCounters

    public init(_ counters: WindowCounters) {
        self.counters = counters
    }

    /// Holds the estimate against every rule that is for the call, or says which one is used up.
    ///
    /// - Parameter estimate: The most the call may cost; zero where no price is known.
    public func reserve(
        _ limits: SpendLimits, in place: GatewayPlace, for call: SpendCall, estimate: Nanodollars, at now: Timestamp
    ) throws(SpendRefusal) -> SpendHold {
        let applying =
            limits.isEnabled
            ? limits.rules.compactMap { rule in
                rule.partition(of: call).map { (rule, $0) }
            } : []
        let asks = applying.map { rule, partition in
            CounterBook.Ask(
                meter: .rule(rule.id, in: place), partition: partition, limit: rule.limit, window: rule.window)
        }
        do throws(CounterBook.Lack) {
            return try counters.hold(asks, estimate, at: now)
        } catch {
            throw SpendRefusal(
                rule: applying[error.position].0, provider: call.provider, model: call.model,
                retryAfterSeconds: error.retryAfterSeconds)
        }
    }
}

/// A rule has no money left for a call.
public struct SpendRefusal: Error, Hashable, Sendable {
    public let rule: SpendRule
    public let provider: String
    public let model: String
    /// Until the window ends, or what is left of it has sunk below the limit. One when only calls under way stand in
    /// the way.
    public let retryAfterSeconds: Int

    /// In the words that clients look for.
    public var message: String {
        let limit = "cost limit \(rule.limit.exactDollarsText) per \(rule.window.seconds)s"
        let technique = rule.window.technique.rawValue
        return "Spend limit exceeded: rule '\(rule.id)' (\(limit), \(technique)) for \(provider) \(model)"
    }

    public var error: GatewayError {
        GatewayError(.spendLimit, message, retryAfterSeconds: retryAfterSeconds)
    }
}
