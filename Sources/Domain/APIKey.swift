/// A key as the gateway knows it: everything but the key.
public struct APIKey: Hashable, Sendable {
    /// What every key begins with.
    public static let secretPrefix = "sk-aig-"

    public var id: KeyID
    public var accountID: AccountID
    public var name: String
    /// The first characters of the key, so that people can tell keys apart.
    public var prefix: String
    /// Keyed hash of the whole key.
    public var hash: [UInt8]
    public var createdAt: Timestamp
    public var revokedAt: Timestamp?
    public var role: Role
    public var scope: KeyScope
    /// The key this one takes the place of: it is revoked when this one is first used.
    public var replaces: KeyID?

    public init(
        id: KeyID, accountID: AccountID, name: String, prefix: String, hash: [UInt8],
        createdAt: Timestamp, revokedAt: Timestamp? = nil, role: Role = .member, scope: KeyScope = KeyScope(),
        replaces: KeyID? = nil
    ) {
        self.id = id
        self.accountID = accountID
        self.name = name
        self.prefix = prefix
        self.hash = hash
        self.createdAt = createdAt
        self.revokedAt = revokedAt
        self.role = role
        self.scope = scope
        self.replaces = replaces
    }
}

/// What a key may do, from the least to the most.
public enum Role: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Calls models, and sees its own usage.
    case keyOnly = "key-only"
    /// Sees all usage of its account as well.
    case member
    /// Manages its account: keys, sub-accounts, budgets, vendor keys.
    case admin
    /// Manages the gateway: every account, top-ups, adjustments.
    case root

    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What a key is held to, beyond what its account is.
public struct KeyScope: Hashable, Sendable {
    public var limits: Limits
    public var allowedModels: ModelAllowList
    /// Networks the key may be used from; empty for all.
    public var allowedAddresses: [String]
    public var expiresAt: Timestamp?

    public init(
        limits: Limits = .none, allowedModels: ModelAllowList = .all, allowedAddresses: [String] = [],
        expiresAt: Timestamp? = nil
    ) {
        self.limits = limits
        self.allowedModels = allowedModels
        self.allowedAddresses = allowedAddresses
        self.expiresAt = expiresAt
    }
}

/// Models that may be used: ids, prefixes that end in `*`, or modalities such as `embedding`.
public struct ModelAllowList: Hashable, Sendable {
    /// Empty for all models.
    public var patterns: [String]

    public init(_ patterns: [String]) {
        self.patterns = patterns
    }

    public static let all = ModelAllowList([])

    public func allows(_ model: Model) -> Bool {
        guard !patterns.isEmpty else { return true }
        return patterns.contains { pattern in
            if pattern == model.modality.rawValue { return true }
            guard pattern.hasSuffix("*") else { return pattern == model.id.rawValue || model.aliases.contains(pattern) }
            return model.id.rawValue.hasPrefix(pattern.dropLast())
        }
    }
}
