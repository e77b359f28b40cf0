/// What an application's own gateway does with its calls, as far as it can be said without JSON.
public struct GatewaySettings: Hashable, Sendable {
    /// Made on first use, and again when it was deleted.
    public static let defaultID = GatewayID("default")
    public static let longestCacheTTL = 2_592_000
    public static let shortestCacheTTL = 60

    public enum LogStrategy: String, Hashable, Sendable, CaseIterable {
        case stopInserting = "STOP_INSERTING"
        case deleteOldest = "DELETE_OLDEST"
    }

    public enum HostedBilling: String, Hashable, Sendable, CaseIterable {
        case postpaid, unified
    }

    public var account: AccountID
    public var id: GatewayID
    public var createdAt: Timestamp
    public var modifiedAt: Timestamp
    /// Whether callers of the gateway host must show a key.
    public var requiresKey = true
    public var collectsLogs = true
    /// Logs kept, and what happens beyond; nil for as many as the installation allows.
    public var logCapacity: Int?
    public var logStrategy = LogStrategy.deleteOldest
    public var classifiesLogs = false
    /// Seconds; 0 for no caching.
    public var cacheTTL = 0
    public var forgetsCacheOnUpdate = false
    /// Nil for none.
    public var rateLimit: GatewayRateLimit?
    public var retries = RetryPlan()
    /// No fall back to the gateway's own vendor keys.
    public var isOwnKeyOnly = false
    public var keepsNothing = false
    public var hostedBilling = HostedBilling.postpaid
    public var pushesLogs = false
    public var logPublicKey: String?
    public var secretStore: String?

    public init(account: AccountID, id: GatewayID, createdAt: Timestamp) {
        self.account = account
        self.id = id
        self.createdAt = createdAt
        modifiedAt = createdAt
    }
}

/// So many requests in so many seconds.
public struct GatewayRateLimit: Hashable, Sendable {
    public enum Technique: String, Hashable, Sendable, CaseIterable {
        /// Windows begin at multiples of their length.
        case fixed
        /// What is left of the window before counts by its share.
        case sliding
    }

    public var limit: Int
    public var intervalSeconds: Int
    public var technique: Technique

    public init(limit: Int, intervalSeconds: Int, technique: Technique) {
        self.limit = limit
        self.intervalSeconds = intervalSeconds
        self.technique = technique
    }
}
