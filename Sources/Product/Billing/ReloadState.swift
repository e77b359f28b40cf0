import Domain

/// How one account's automatic top-ups go from one moment to the next. Pure: told the time, touches nothing.
struct ReloadState: Hashable, Sendable {
    var wish: AutoReload
    /// The attempt under way.
    private(set) var attempt: ReloadAttempt?

    /// The pause after the first failure; it doubles with each that follows.
    static let firstPauseSeconds: Int64 = 3_600
    /// Then it is switched off.
    static let mostFailures = 3
    /// Stripe knows an `Idempotency-Key` for 24 hours at least. Asked again later, it could charge a second time.
    static let longestAskingSeconds: Int64 = 23 * 3_600
    /// Bank debits take days.
    static let longestProcessingSeconds: Int64 = 14 * 86_400
    /// The webhook should have told of a payment by then: its account is told that it has not.
    static let usualTellingSeconds: Int64 = 3_600
    /// Stripe gives up telling the webhook after three days.
    static let longestTellingSeconds: Int64 = 3 * 86_400

    init(_ wish: AutoReload, attempt: ReloadAttempt? = nil) {
        self.wish = wish
        self.attempt = attempt
    }

    // MARK: What is to be done

    enum Step: Hashable, Sendable {
        case nothing
        case begin
        /// The same attempt once more, under the same name: what came of it is not known.
        case askAgain(ReloadAttempt)
        /// Nobody will tell what came of the attempt.
        case giveUp
        /// Something is late.
        case complain
    }

    func step(balance: Nanodollars, now: Timestamp) -> Step {
        let isPaused = wish.pausedUntil.map { now < $0 } ?? false
        guard let attempt else {
            guard wish.isEnabled, !isPaused, wish.method != nil, wish.amountCents != nil,
                let threshold = wish.thresholdCents.flatMap({ Nanodollars(cents: $0) }), balance < threshold
            else { return .nothing }
            return .begin
        }
        if isStale(now) { return wish.isEnabled || attempt.state != .asked ? .giveUp : .nothing }
        switch attempt.state {
        case .asked: return wish.isEnabled && !isPaused ? .askAgain(attempt) : .nothing
        case .taken:
            let isLate = now.seconds - attempt.beganAt.seconds >= Self.usualTellingSeconds
            return isLate && wish.lastError == nil ? .complain : .nothing
        case .processing, .credited, .failed: return .nothing
        }
    }

    /// Whether nothing will be heard of the attempt any more.
    private func isStale(_ now: Timestamp) -> Bool {
        guard let attempt else { return false }
        let age = now.seconds - attempt.beganAt.seconds
        return switch attempt.state {
        case .asked: age >= Self.longestAskingSeconds
        case .processing: age >= Self.longestProcessingSeconds
        case .taken: age >= Self.longestTellingSeconds
        case .credited, .failed: true
        }
    }

    // MARK: What happened

    // Each returns the attempt as it is to be written, or nil where it is none of the present one.

    mutating func began(_ attempt: ReloadAttempt) {
        self.attempt = attempt
        wish.lastAttemptAt = attempt.beganAt
        wish.lastError = nil
    }

    mutating func answered(_ answer: ReloadAnswer, to id: String, now: Timestamp) -> ReloadAttempt? {
        // Told by the webhook meanwhile.
        guard var attempt, attempt.id == id, attempt.state == .asked else { return nil }
        switch answer {
        case .taken(let paymentIntent):
            (attempt.state, attempt.paymentIntent) = (.taken, paymentIntent)
        case .processing(let paymentIntent):
            (attempt.state, attempt.paymentIntent) = (.processing, paymentIntent)
        case .refused(let why, let paymentIntent):
            if let paymentIntent { attempt.paymentIntent = paymentIntent }
            attempt.state = .failed
            fail(why, now: now)
        case .unknown(let why): fail(why, now: now)
        }
        return keep(attempt)
    }

    /// The webhook told that it was paid, and it is credited.
    mutating func credited(_ told: ReloadAttempt, paymentIntent: String) -> ReloadAttempt {
        var told = told
        (told.state, told.paymentIntent) = (.credited, paymentIntent)
        wish.failures = 0
        wish.pausedUntil = nil
        wish.lastError = nil
        return attempt?.id == told.id ? keep(told) : told
    }

    /// The webhook told that it was not paid.
    mutating func refused(_ id: String, _ why: String, now: Timestamp) -> ReloadAttempt? {
        guard var attempt, attempt.id == id else { return nil }
        attempt.state = .failed
        fail(why, now: now)
        return keep(attempt)
    }

    mutating func gaveUp() -> ReloadAttempt? {
        guard var attempt else { return nil }
        wish.isEnabled = false
        wish.pausedUntil = nil
        wish.lastError =
            attempt.state == .taken
            ? "The payment service took a payment and never told the gateway's webhook. Ask its operator."
            : "What came of the latest payment is not known. Look at the statements of what it was to be paid with."
        attempt.state = .failed
        return keep(attempt)
    }

    mutating func complained() {
        wish.lastError = "The payment service took the payment, and has not told the gateway's webhook yet."
    }

    /// What somebody wants from now on. Whoever switches it on begins without failures.
    mutating func set(isEnabled: Bool, thresholdCents: Int64, amountCents: Int64, now: Timestamp) -> ReloadAttempt? {
        (wish.isEnabled, wish.thresholdCents, wish.amountCents) = (isEnabled, thresholdCents, amountCents)
        guard isEnabled else { return nil }
        (wish.failures, wish.pausedUntil) = (0, nil)
        if attempt?.state != .taken { wish.lastError = nil }
        guard isStale(now) else { return nil }
        return abandoned()
    }

    /// Forgets everything but attempts, which may yet be paid.
    mutating func forget(now: Timestamp) -> ReloadAttempt? {
        wish = AutoReload(wish.accountID)
        wish.methodChangedAt = now
        return abandoned()
    }

    /// Something new was told of what the account can be charged with.
    mutating func learn(_ method: SavedPaymentMethod, at moment: Timestamp) -> Bool {
        if var known = wish.method, known.customer == method.customer, known.id == method.id {
            known.brand = known.brand ?? method.brand
            known.last4 = known.last4 ?? method.last4
            guard known != wish.method else { return false }
            wish.method = known
            return true
        }
        if let changed = wish.methodChangedAt, moment < changed || (moment == changed && wish.method == nil) {
            return false
        }
        wish.method = method
        wish.methodChangedAt = moment
        return true
    }

    // MARK: Parts

    private mutating func abandoned() -> ReloadAttempt? {
        guard var attempt else { return nil }
        attempt.state = .failed
        return keep(attempt)
    }

    private mutating func keep(_ attempt: ReloadAttempt) -> ReloadAttempt {
        self.attempt = attempt.state.isUnderWay ? attempt : nil
        return attempt
    }

    private mutating func fail(_ why: String, now: Timestamp) {
        wish.failures += 1
        wish.lastError = why
        guard wish.failures < Self.mostFailures else {
            wish.isEnabled = false
            wish.pausedUntil = nil
            return
        }
        wish.pausedUntil = Timestamp(seconds: now.seconds + Self.firstPauseSeconds << Int64(wish.failures - 1))
    }
}

/// What Stripe answered when it was asked for a payment.
enum ReloadAnswer: Hashable, Sendable {
    /// Paid, it says. The webhook will tell the same.
    case taken(paymentIntent: String)
    case processing(paymentIntent: String)
    /// Nothing was paid.
    case refused(String, paymentIntent: String?)
    /// It may have been paid or not.
    case unknown(String)
}
