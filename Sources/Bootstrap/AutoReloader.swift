import Billing
import Domain
import Metering
import Pipeline
import Telemetry

/// Asks for a payment where a wallet that wants it has little left.
///
/// Runs off the loops: what is asked for is written down before.
struct AutoReloader: Sendable {
    private let desk: AutoReloadDesk
    private let stripe: StripeReloads
    private let wallets: LowBalanceWatch
    private let treasury: Treasury
    private let lanes: Lanes
    private let log: Logger

    private static let interval = Duration.seconds(1)
    /// Payments that are asked for at the same time.
    private static let mostAtOnce = 4

    init(
        _ desk: AutoReloadDesk, _ stripe: StripeReloads, _ standing: Standing, _ lanes: Lanes, _ log: Logger
    ) {
        self.desk = desk
        self.stripe = stripe
        wallets = standing.lowBalance
        treasury = standing.treasury
        self.lanes = lanes
        self.log = log
    }

    func run() async {
        while !Task.isCancelled {
            await look()
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// One look at every account. Returns when everything that was asked for was answered.
    private func look() async {
        await withTaskGroup(of: Void.self) { group in
            for (number, attempt) in dueAttempts().enumerated() {
                if number >= Self.mostAtOnce { await group.next() }
                group.addTask { await make(attempt) }
            }
        }
    }

    private func dueAttempts() -> [ReloadAttempt] {
        desk.watched.compactMap { id in
            guard let wallet = wallets.wallet(id) else { return nil }
            // In this order: the balance has everything up to that posting, and perhaps more.
            let latest = treasury.latestPosting
            let balance = treasury.standing(of: wallet).balance
            do throws(StoreError) {
                switch try desk.look(at: id, balance: balance, latestPosting: latest) {
                case .nothing: return nil
                case .ask(let attempt): return attempt
                case .told(let what): tell(id, what)
                }
            } catch {
                log.warning("automatic top-up could not be written down", ["account": .string(id.rawValue)])
            }
            return nil
        }
    }

    private func make(_ attempt: ReloadAttempt) async {
        log.notice(
            "automatic top-up asked for",
            [
                "account": .string(attempt.accountID.rawValue), "attempt": .string(attempt.id),
                "amount_cents": .int(Int(attempt.amountCents)),
            ])
        do throws(GatewayError) {
            guard let failed = try await stripe.make(attempt, on: lanes.all[0].client) else { return }
            tell(failed.accountID, failed.lastError ?? "", isOff: !failed.isEnabled)
        } catch {
            // It is asked for again under the same name, and so paid once.
            log.warning("automatic top-up could not be written down", ["attempt": .string(attempt.id)])
        }
    }

    private func tell(_ account: AccountID, _ what: String, isOff: Bool = false) {
        log.warning(
            isOff ? "automatic top-ups switched off" : "automatic top-up went wrong",
            ["account": .string(account.rawValue), "why": .string(what)])
    }
}
