import Accounts
import Billing
import Domain
import Gateways

/// Automatic top-ups as Cloudflare's routes ask for them. Single payments are made on the payment service's own page.
struct ReloadTopUps: CreditTopUps {
    let book: any AutoReloadBook
    private let plain: NoTopUps

    init(_ book: any AutoReloadBook, checkout: String?) {
        self.book = book
        plain = NoTopUps(checkout: checkout)
    }

    func savedMethod(of account: Account) -> SavedMethod? {
        book.standing(of: account).method.map { SavedMethod(brand: $0.brand, lastDigits: $0.last4) }
    }

    func automatic(of account: Account) -> AutomaticTopUp {
        let standing = book.standing(of: account)
        return AutomaticTopUp(
            amountCents: standing.amountCents, thresholdCents: standing.thresholdCents,
            disabledReason: disabledReason(standing), error: standing.lastError,
            lastFailedAt: standing.failures > 0 ? standing.lastAttemptAt : nil)
    }

    private func disabledReason(_ standing: AutoReload) -> String? {
        guard book.isOffered else { return "not offered" }
        return standing.isEnabled ? nil : standing.lastError == nil ? "not set" : "failed"
    }

    func setAutomatic(_ account: Account, amountCents: Int64, thresholdCents: Int64) throws(GatewayError) {
        guard thresholdCents >= book.leastThresholdCents, (book.leastAmountCents...book.mostCents).contains(amountCents)
        else {
            throw GatewayError(
                .invalidValue,
                "`threshold` must be \(book.leastThresholdCents) cents at least and `amount` \(book.leastAmountCents).",
                param: "amount")
        }
        _ = try book.set(account, isEnabled: true, thresholdCents: thresholdCents, amountCents: amountCents)
    }

    func removeAutomatic(_ account: Account) throws(GatewayError) { try book.remove(account) }

    func begin(_ account: Account, cents: Int64, method: String?) async throws(GatewayError) -> BegunTopUp {
        try await plain.begin(account, cents: cents, method: method)
    }

    func isAutomatic(_ payment: StoredPosting) -> Bool {
        payment.posting.note.hasPrefix(TopUpDesk.automaticNote)
    }
}
