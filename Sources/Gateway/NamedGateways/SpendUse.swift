import Domain
import Governance
import Pipeline

/// What is held for a step against its gateway's limits, shared with the stream that will settle it.
final class SpendUse: @unchecked Sendable {
    // Guard: confined to the loop of its call.
    private var hold: SpendHold?
    private let clock: any WallClock

    init(_ hold: consuming SpendHold, clock: any WallClock) {
        self.hold = consume hold
        self.clock = clock
    }

    /// The gateway's own money alone counts: what a vendor bills a caller is the caller's business.
    func settle(_ bill: CallBill?) {
        guard let hold = hold.take() else { return }
        hold.settle(bill?.charge.cost ?? .zero, at: clock.now())
    }

    func release() {
        guard let hold = hold.take() else { return }
        hold.release()
    }
}

extension GatewayEngine {
    /// Answers are guessed to be this long where their request does not say.
    private static var usualOutputTokens: Int { 1_024 }

    /// Nil where the gateway has no such limits.
    func spendHold(
        for target: StepTarget, _ step: GatewayStep, _ gateway: LiveGateway, _ controls: GatewayControls
    ) throws(GatewayError) -> SpendUse? {
        guard gateway.spendLimits.isEnabled else { return nil }
        let place = GatewayPlace(account: gateway.settings.account, gateway: gateway.settings.id)
        let call = SpendCall(
            provider: target.provider, model: target.model, metadata: controls.metadata ?? CallMetadata())
        do throws(SpendRefusal) {
            let hold = try SpendGate(tools.counters).reserve(
                gateway.spendLimits, in: place, for: call, estimate: estimate(of: step, target), at: clock.now())
            return SpendUse(hold, clock: clock)
        } catch {
            throw error.error
        }
    }

    func estimate(of step: GatewayStep, _ target: StepTarget) -> Nanodollars {
        guard let pricing = target.pricing else { return .zero }
        let prompt = step.body.count / 4
        return TokenPrices(pricing).cost(
            of: TokenUsage(
                promptTokens: prompt, completionTokens: Self.usualOutputTokens,
                totalTokens: prompt + Self.usualOutputTokens))
    }
}
