public import Domain
import Synchronization

/// Who may spend what, right now: balances, spending and holds, in memory under one short lock.
///
/// The journal is the truth; a treasury is opened from it and has nothing to lose. One call at a time is admitted, in
/// the order in which they come to the lock; who is refused has no place in a line.
public final class Treasury: Sendable {
    private let book: Mutex<Book>
    private let clock: any WallClock

    public init(opening: TreasuryOpening, clock: any WallClock, bounds: TreasuryBounds = TreasuryBounds()) {
        self.clock = clock
        book = Mutex(Book(opening, bounds: bounds, now: clock.now()))
    }

    // The clock is read under the lock: readings must come in order, or time would seem to go back.

    /// Takes the most a call may need from everybody it counts for, or says who has not got it.
    public func reserve(_ ask: ReservationRequest) throws(GatewayError) -> Reservation {
        let hold: Hold
        do throws(Refusal) {
            hold = try book.withLock { book throws(Refusal) in try book.reserve(ask, now: clock.now()) }
        } catch {
            throw error.error
        }
        return Reservation(hold, for: ask, in: self)
    }

    /// What `reserve` would say, taking nothing.
    public func wouldAdmit(_ ask: ReservationRequest) -> AdmissionReport {
        let (report, refusal) = book.withLock { $0.wouldAdmit(ask, now: clock.now()) }
        return AdmissionReport(
            worstCase: report.worstCase, tokens: report.tokens, entries: report.entries, refusal: refusal?.error)
    }

    /// Moves what a top-up, a refund or a correction moves. Postings come in the order of their ids: one that is not
    /// later than the latest was applied before, and is ignored.
    public func apply(_ posting: StoredPosting) {
        book.withLock { $0.apply(posting) }
    }

    public var latestPosting: Int64 { book.withLock { $0.latestPosting } }

    public func standing(of account: Account) -> WalletStanding {
        book.withLock { $0.standing(of: account, now: clock.now()) }
    }

    public func spent(_ scope: LimitScope) -> (today: Nanodollars, month: Nanodollars) {
        book.withLock { $0.spent(scope, now: clock.now()) }
    }

    func settle(_ hold: Hold, cost: Nanodollars, tokens: Int) {
        book.withLock { $0.settle(hold, cost: cost, tokens: tokens, now: clock.now()) }
    }

    func release(_ hold: Hold) {
        book.withLock { $0.release(hold, now: clock.now()) }
    }
}
