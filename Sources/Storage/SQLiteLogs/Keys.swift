import Domain

/// A gateway of an account.
struct GatewayKey: Hashable, Sendable {
    let account: AccountID
    let gateway: GatewayID
}

/// A gateway as it lies in its table.
struct GatewayRow: Hashable, Sendable {
    let number: Int64
    var entries: Int64
    /// The latest number given to one of its entries.
    var latest: Int64
}

/// Where an entry lies within its gateway.
struct EntryKey: Hashable, Sendable {
    let created: Int64
    let number: Int64
}

/// What is true or false of an entry, as one column. The bits are on disk: they never change.
struct EntryFlags: OptionSet, Sendable {
    let rawValue: Int64

    static let success = EntryFlags(rawValue: 1)
    static let cached = EntryFlags(rawValue: 2)
    static let authenticated = EntryFlags(rawValue: 4)
    static let wholesale = EntryFlags(rawValue: 8)
    static let compatibilityMode = EntryFlags(rawValue: 16)
    static let customCost = EntryFlags(rawValue: 32)
    static let ownKey = EntryFlags(rawValue: 64)

    init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    init(_ entry: GatewayLogEntry) {
        self = []
        if entry.isSuccess { insert(.success) }
        if entry.isCached { insert(.cached) }
        if entry.isAuthenticated { insert(.authenticated) }
        if entry.isWholesale { insert(.wholesale) }
        if entry.isCompatibilityMode { insert(.compatibilityMode) }
        if entry.isCustomCost { insert(.customCost) }
        if entry.isOnOwnKey { insert(.ownKey) }
    }
}
