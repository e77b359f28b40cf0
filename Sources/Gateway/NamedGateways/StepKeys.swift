import Domain
import Pipeline
import Telemetry

/// Which vendor key a step goes with, and how often it is tried.
extension GatewayEngine {
    func orders(
        for target: StepTarget, _ step: GatewayStep, _ call: GatewayRequest, _ gateway: LiveGateway,
        _ controls: GatewayControls
    ) throws(GatewayError) -> CallOrders {
        var orders = CallOrders()
        orders.retries = controls.plan(over: gateway.settings.retries)
        orders.forbidsWallet = gateway.settings.isOwnKeyOnly || controls.forbidsWallet == true
        if let key = try key(for: target, step, call, gateway, controls) { orders.key = .own(key) }
        return orders
    }

    /// The one in the request, else one the gateway keeps. Nil leaves it to what the account has attached, or to the
    /// wallet.
    private func key(
        for target: StepTarget, _ step: GatewayStep, _ call: GatewayRequest, _ gateway: LiveGateway,
        _ controls: GatewayControls
    ) throws(GatewayError) -> Secret? {
        if let sent = step.vendorKey { return sent }
        guard call.principal != nil else {
            throw GatewayError(
                .gatewayKeyNeeded,
                "Without a key of this gateway, only calls that bring a vendor key of their own are let through. Send "
                    + "`cf-aig-authorization: Bearer sk-aig-…`.")
        }
        let kept = gateway.keys.filter { $0.provider == target.keyOwner }
        guard let alias = controls.keyAlias else {
            return (kept.first(where: \.isDefault) ?? kept.first { $0.alias == "default" })?.secret
        }
        guard let key = kept.first(where: { $0.alias == alias }) else {
            let others = kept.map { "`\($0.alias)`" }.joined(separator: ", ")
            throw GatewayError(
                .unknownKeyAlias,
                "This gateway keeps no key of that alias for `\(target.provider)`. "
                    + (others.isEmpty ? "It keeps none at all for it." : "It keeps \(others)."),
                param: "cf-aig-byok-alias")
        }
        return key.secret
    }
}

extension GatewayControls {
    /// What is said here, and where nothing is, the gateway's own.
    func plan(over settings: RetryPlan) -> RetryPlan {
        RetryPlan(
            maximumAttempts: maximumAttempts ?? settings.maximumAttempts,
            delayMilliseconds: retryDelayMilliseconds ?? settings.delayMilliseconds,
            backoff: backoff ?? settings.backoff,
            timeoutMilliseconds: timeoutMilliseconds ?? settings.timeoutMilliseconds)
    }
}
