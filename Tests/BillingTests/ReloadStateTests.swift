import Domain
import Testing

@testable import Billing

@Suite("Automatic top-ups from one moment to the next")
struct ReloadStateTests {
    private static let account = AccountID("acc_1")
    private static let method = SavedPaymentMethod(customer: "cus_1", id: "pm_1")

    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_700_000_000 + seconds) }

    /// Switched on below $5.00, for $20.00.
    private static func state(
        _ change: (inout AutoReload) -> Void = { _ in }, attempt: ReloadAttempt.State? = nil
    ) -> ReloadState {
        var wish = AutoReload(account)
        (wish.isEnabled, wish.thresholdCents, wish.amountCents, wish.method) = (true, 500, 2_000, method)
        change(&wish)
        return ReloadState(wish, attempt: attempt.map { self.attempt($0) })
    }

    private static func attempt(_ state: ReloadAttempt.State = .asked) -> ReloadAttempt {
        ReloadAttempt(
            id: "rel_1", accountID: account, amountCents: 2_000, customer: "cus_1", paymentMethod: "pm_1",
            beganAt: at(0), state: state)
    }

    // MARK: What is to be done

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let state: ReloadState
        var cents: Int64 = 499
        var seconds: Int64 = 10
        let step: ReloadState.Step
    }

    private static let hour: Int64 = 3_600

    static let cases = [
        Case(testDescription: "little is left", state: state(), step: .begin),
        Case(testDescription: "nothing is left", state: state(), cents: -100, step: .begin),
        Case(testDescription: "enough is left", state: state(), cents: 500, step: .nothing),
        Case(testDescription: "switched off", state: state { $0.isEnabled = false }, step: .nothing),
        Case(testDescription: "nothing to pay with", state: state { $0.method = nil }, step: .nothing),
        Case(testDescription: "never set", state: state { $0.thresholdCents = nil }, step: .nothing),
        Case(testDescription: "in a pause", state: state { $0.pausedUntil = at(11) }, step: .nothing),
        Case(testDescription: "after a pause", state: state { $0.pausedUntil = at(10) }, step: .begin),

        Case(testDescription: "asked, no answer known", state: state(attempt: .asked), step: .askAgain(attempt())),
        Case(
            testDescription: "asked, and enough came meanwhile", state: state(attempt: .asked), cents: 9_000,
            step: .askAgain(attempt())),
        Case(
            testDescription: "asked, in a pause", state: state({ $0.pausedUntil = at(11) }, attempt: .asked),
            step: .nothing),
        Case(
            testDescription: "asked, then switched off", state: state({ $0.isEnabled = false }, attempt: .asked),
            step: .nothing),
        Case(
            testDescription: "asked just within the time that Stripe knows the name", state: state(attempt: .asked),
            seconds: 23 * hour - 1, step: .askAgain(attempt())),
        Case(
            testDescription: "asked too long ago", state: state(attempt: .asked), seconds: 23 * hour, step: .giveUp),
        Case(
            testDescription: "asked too long ago, switched off",
            state: state({ $0.isEnabled = false }, attempt: .asked), seconds: 23 * hour, step: .nothing),

        Case(testDescription: "Stripe works on it", state: state(attempt: .processing), seconds: hour, step: .nothing),
        Case(
            testDescription: "Stripe works on it for days", state: state(attempt: .processing),
            seconds: 13 * 24 * hour, step: .nothing),
        Case(
            testDescription: "Stripe works on it for too long", state: state(attempt: .processing),
            seconds: 14 * 24 * hour, step: .giveUp),

        Case(testDescription: "paid, not told", state: state(attempt: .taken), seconds: hour - 1, step: .nothing),
        Case(testDescription: "paid, told late", state: state(attempt: .taken), seconds: hour, step: .complain),
        Case(
            testDescription: "paid, told late, and said so", state: state({ $0.lastError = "late" }, attempt: .taken),
            seconds: hour, step: .nothing),
        Case(
            testDescription: "paid, never told", state: state(attempt: .taken), seconds: 3 * 24 * hour, step: .giveUp),
        Case(
            testDescription: "paid, never told, switched off",
            state: state({ $0.isEnabled = false }, attempt: .taken), seconds: 3 * 24 * hour, step: .giveUp),
    ]

    @Test(arguments: cases) func `each moment has its step`(_ case: Case) throws {
        let balance = try #require(Nanodollars(cents: `case`.cents))
        #expect(`case`.state.step(balance: balance, now: Self.at(`case`.seconds)) == `case`.step)
    }

    // MARK: What happened

    enum Event: Sendable {
        case answer(ReloadAnswer)
        case credited
        case refused
    }

    struct Outcome: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: ReloadState
        let events: [Event]
        /// Of the attempt as it was written last.
        let attempt: ReloadAttempt.State?
        let isUnderWay: Bool
        let isEnabled: Bool
        let failures: Int
        /// Seconds from the events on.
        let pause: Int64?
        let error: String?
    }

    private static func outcome(
        _ name: String, _ before: ReloadState, _ events: [Event], _ attempt: ReloadAttempt.State?,
        isUnderWay: Bool = false, isEnabled: Bool = true, failures: Int = 0, pause: Int64? = nil, error: String? = nil
    ) -> Outcome {
        Outcome(
            testDescription: name, before: before, events: events, attempt: attempt, isUnderWay: isUnderWay,
            isEnabled: isEnabled, failures: failures, pause: pause, error: error)
    }

    private static let taken = Event.answer(.taken(paymentIntent: "pi_1"))
    private static let processing = Event.answer(.processing(paymentIntent: "pi_1"))
    private static let declined = Event.answer(.refused("no", paymentIntent: "pi_1"))
    private static let unknown = Event.answer(.unknown("who knows"))

    private static func failed(_ times: Int) -> ReloadState { state({ $0.failures = times }, attempt: .asked) }

    static let outcomes = [
        outcome("paid", state(attempt: .asked), [taken], .taken, isUnderWay: true),
        outcome("worked on", state(attempt: .asked), [processing], .processing, isUnderWay: true),
        outcome("paid and told", state(attempt: .asked), [taken, .credited], .credited),
        outcome("told before the answer", state(attempt: .asked), [.credited, taken], .credited),
        outcome("worked on and told", state(attempt: .asked), [processing, .credited], .credited),
        outcome(
            "a pause of an hour after the first failure", failed(0), [declined], .failed, failures: 1, pause: hour,
            error: "no"),
        outcome(
            "of two after the second", failed(1), [declined], .failed, failures: 2, pause: 2 * hour, error: "no"),
        outcome(
            "and an end after the third", failed(2), [declined], .failed, isEnabled: false, failures: 3, error: "no"),
        outcome(
            "one failure told twice counts once", failed(0), [declined, .refused], .failed, failures: 1, pause: hour,
            error: "no"),
        outcome(
            "in whichever order", failed(0), [.refused, declined], .failed, failures: 1, pause: hour, error: "told"),
        outcome(
            "worked on, then refused", failed(0), [processing, .refused], .failed, failures: 1, pause: hour,
            error: "told"),
        outcome(
            "no answer: the same attempt goes on", failed(0), [unknown], .asked, isUnderWay: true, failures: 1,
            pause: hour, error: "who knows"),
        outcome(
            "no answer for the third time", failed(2), [unknown], .asked, isUnderWay: true, isEnabled: false,
            failures: 3, error: "who knows"),
        outcome("no answer, but told", failed(1), [unknown, .credited], .credited),
        outcome(
            "no answer, then paid", failed(1), [unknown, taken], .taken, isUnderWay: true, failures: 2,
            pause: 2 * hour, error: "who knows"),
        outcome("success ends the failures", failed(2), [taken, .credited], .credited),
        outcome(
            "told after it was switched off: it stays so", failed(2), [declined, .credited], .credited,
            isEnabled: false),
        outcome(
            "a second answer says nothing", state(attempt: .asked), [processing, unknown], .processing,
            isUnderWay: true),
        outcome("an answer to nothing", state(), [declined], nil),
    ]

    @Test(arguments: outcomes) func `each event has its outcome`(_ outcome: Outcome) {
        var state = outcome.before
        var written = state.attempt
        for event in outcome.events {
            let attempt =
                switch event {
                case .answer(let answer): state.answered(answer, to: "rel_1", now: Self.at(100))
                case .credited: state.credited(written ?? Self.attempt(), paymentIntent: "pi_1")
                case .refused: state.refused("rel_1", "told", now: Self.at(100))
                }
            if let attempt { written = attempt }
        }
        #expect(written?.state == outcome.attempt)
        #expect((state.attempt != nil) == outcome.isUnderWay)
        #expect(state.wish.isEnabled == outcome.isEnabled)
        #expect(state.wish.failures == outcome.failures)
        #expect(state.wish.pausedUntil == outcome.pause.map { Self.at(100 + $0) })
        #expect(state.wish.lastError == outcome.error)
    }

    @Test func `giving up switches it off and says why`() {
        for attempt in [ReloadAttempt.State.asked, .processing, .taken] {
            var state = Self.state(attempt: attempt)
            let written = state.gaveUp()
            #expect(written?.state == .failed)
            #expect(!state.wish.isEnabled)
            #expect(state.attempt == nil)
            #expect(state.wish.lastError?.contains("webhook") == (attempt == .taken))
        }
    }

    @Test func `whoever switches it on begins anew, but no second payment beside one under way`() {
        var state = Self.state({ ($0.isEnabled, $0.failures, $0.lastError) = (false, 3, "no") }, attempt: .asked)
        let written = state.set(isEnabled: true, thresholdCents: 600, amountCents: 3_000, now: Self.at(10))
        #expect(written == nil)
        #expect(state.wish.failures == 0 && state.wish.lastError == nil && state.wish.isEnabled)
        #expect(state.step(balance: .zero, now: Self.at(10)) == .askAgain(Self.attempt()))
        // One that nobody will tell of any more is left.
        let late = Self.at(23 * Self.hour)
        let left = state.set(isEnabled: true, thresholdCents: 600, amountCents: 3_000, now: late)
        #expect(left?.state == .failed)
        #expect(state.step(balance: .zero, now: late) == .begin)
    }

    // MARK: What to pay with

    @Test func `the latest payment method counts, in whichever order it is told`() {
        let bare = SavedPaymentMethod(customer: "cus_1", id: "pm_1")
        let card = SavedPaymentMethod(customer: "cus_1", id: "pm_1", brand: "visa", last4: "4242")
        let other = SavedPaymentMethod(customer: "cus_2", id: "pm_2", brand: "amex", last4: "0005")
        for told in [[(bare, 1), (card, 1)], [(card, 1), (bare, 1)], [(card, 2), (bare, 1)]] {
            var state = ReloadState(AutoReload(Self.account))
            for (method, second) in told { _ = state.learn(method, at: Self.at(Int64(second))) }
            #expect(state.wish.method == card)
        }
        for told in [[(bare, 1), (card, 1), (other, 5)], [(other, 5), (bare, 1), (card, 1)]] {
            var state = ReloadState(AutoReload(Self.account))
            for (method, second) in told { _ = state.learn(method, at: Self.at(Int64(second))) }
            #expect(state.wish.method == other)
        }
    }

    @Test func `what was forgotten stays so, whatever is told again`() {
        var state = Self.state(attempt: .taken)
        let left = state.forget(now: Self.at(10))
        #expect(left?.state == .failed)
        #expect(state.attempt == nil)
        #expect(!state.wish.isEnabled)
        let isOld = state.learn(Self.method, at: Self.at(10))
        #expect(!isOld)
        #expect(state.wish.method == nil)
        let isNew = state.learn(Self.method, at: Self.at(11))
        #expect(isNew)
        #expect(state.wish.method == Self.method)
    }
}
