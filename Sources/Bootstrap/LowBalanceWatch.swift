import Domain
import Metering
import Synchronization

/// Which prepaid wallets fall below a threshold; each is told once until it is above again.
final class LowBalanceWatch: Sendable {
    /// Zero: nobody is told.
    private let threshold: Nanodollars
    private let state = Mutex(State())

    private struct State: Sendable {
        /// Open accounts that pay before they spend.
        var accounts: [Account] = []
        var byID: [AccountID: Account] = [:]
        /// Wallets that were above the threshold when they were last looked at. One that never was has not fallen.
        var above: Set<AccountID> = []
    }

    init(threshold: Nanodollars) {
        self.threshold = threshold
    }

    func watch(_ accounts: [Account]) {
        let wallets = accounts.filter { $0.plan == .prepaid && $0.parentID == nil && $0.closedAt == nil }
        let byID = Dictionary(wallets.map { ($0.id, $0) }) { first, _ in first }
        state.withLock { ($0.accounts, $0.byID) = (wallets, byID) }
    }

    /// Nil unless it is open and prepaid.
    func wallet(_ account: AccountID) -> Account? { state.withLock { $0.byID[account] } }

    /// Wallets that have fallen below since the last time this was asked.
    func fallen(_ treasury: Treasury) -> [(account: Account, balance: Nanodollars)] {
        guard threshold > .zero else { return [] }
        return state.withLock { state in
            var fallen: [(account: Account, balance: Nanodollars)] = []
            for account in state.accounts {
                let balance = treasury.standing(of: account).balance
                if balance >= threshold {
                    state.above.insert(account.id)
                } else if state.above.remove(account.id) != nil {
                    fallen.append((account, balance))
                }
            }
            return fallen
        }
    }
}
