public import Domain
import JSON

extension GatewayDocument {
    /// What calls through the gateway go by.
    public var settings: GatewaySettings {
        var settings = GatewaySettings(account: account, id: id, createdAt: createdAt)
        settings.modifiedAt = modifiedAt
        settings.requiresKey = flag("authentication")
        settings.collectsLogs = flag("collect_logs")
        settings.logCapacity = value("log_management").intValue
        settings.logStrategy = word("log_management_strategy") ?? settings.logStrategy
        settings.classifiesLogs = flag("log_classification")
        settings.cacheTTL = value("cache_ttl").intValue ?? 0
        settings.forgetsCacheOnUpdate = flag("cache_invalidate_on_update")
        settings.rateLimit = rateLimit
        settings.retries = retries
        settings.isOwnKeyOnly = flag("byok_only")
        settings.keepsNothing = flag("zdr")
        settings.hostedBilling = word("workers_ai_billing_mode") ?? settings.hostedBilling
        settings.pushesLogs = flag("logpush")
        settings.logPublicKey = value("logpush_public_key").stringValue
        settings.secretStore = value("store_id").stringValue
        return settings
    }

    private var rateLimit: GatewayRateLimit? {
        guard let limit = value("rate_limiting_limit").intValue, limit > 0,
            let interval = value("rate_limiting_interval").intValue, interval > 0
        else { return nil }
        return GatewayRateLimit(
            limit: limit, intervalSeconds: interval, technique: word("rate_limiting_technique") ?? .fixed)
    }

    private var retries: RetryPlan {
        let usual = RetryPlan()
        return RetryPlan(
            maximumAttempts: value("retry_max_attempts").intValue ?? usual.maximumAttempts,
            delayMilliseconds: value("retry_delay").intValue.map { UInt64(max(0, $0)) } ?? usual.delayMilliseconds,
            backoff: word("retry_backoff") ?? usual.backoff)
    }

    private func flag(_ name: String) -> Bool {
        value(name).boolValue ?? GatewayField.byName[name]?.usual.boolValue ?? false
    }

    private func word<Word: RawRepresentable<String>>(_ name: String) -> Word? {
        value(name).stringValue.flatMap { Word(rawValue: $0) }
    }
}
