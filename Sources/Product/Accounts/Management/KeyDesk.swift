public import Domain
public import Telemetry

/// What a request says of a key.
public struct KeyFields: Sendable {
    public var name: Change<String> = .keep
    public var role: Change<Role> = .keep
    public var limits = LimitChanges()
    public var allowedModels: Change<ModelAllowList> = .keep
    public var allowedAddresses: Change<[String]> = .keep
    public var expiresAt: Change<Timestamp> = .keep

    public init() {}

    func apply(to scope: inout KeyScope) {
        limits.apply(to: &scope.limits)
        allowedModels.apply(to: &scope.allowedModels, none: .all)
        allowedAddresses.apply(to: &scope.allowedAddresses, none: [])
        expiresAt.apply(to: &scope.expiresAt)
    }
}

/// Keys of an account and of its sub-accounts. Called off the loops.
///
/// Nobody makes, changes, turns or revokes a key that may do more than their own.
public struct KeyDesk: Sendable {
    private let store: any KeyStore
    private let issuer: KeyIssuer
    private let turn: ManagementTurn
    private let now: @Sendable () -> Timestamp

    /// Keys of one account or sub-account that are good at the same time.
    public static let mostKeysOfAnAccount = 1_000

    public init(
        store: any KeyStore, issuer: KeyIssuer, turn: ManagementTurn, now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.issuer = issuer
        self.turn = turn
        self.now = now
    }

    /// The oldest first. Revoked ones only when asked for.
    public func keys(
        of caller: Caller, subAccount: AccountID? = nil, includingRevoked: Bool = false
    ) throws(GatewayError) -> [APIKey] {
        let owners: Set<AccountID>
        if let subAccount {
            owners = [try owner(subAccount, for: caller).id]
        } else {
            let accounts = try stored { () throws(StoreError) in try store.accounts() }
            owners = Set(accounts.filter { Self.manages(caller, $0) }.map(\.id)).union([caller.account.id])
        }
        let keys = try stored { () throws(StoreError) in
            includingRevoked ? try store.allKeys() : try store.activeKeys()
        }
        return keys.filter { owners.contains($0.accountID) }
    }

    public func key(_ id: KeyID, for caller: Caller) throws(GatewayError) -> APIKey {
        guard let key = try stored({ () throws(StoreError) in try store.key(id) }),
            let owner = try stored({ () throws(StoreError) in try store.account(key.accountID) }),
            Self.manages(caller, owner)
        else { throw .notFound("key") }
        return key
    }

    /// A key that was made.
    public struct Made: Sendable {
        public let key: APIKey
        /// The only sight of it there is. Nil when the same request made the key before.
        public let secret: Secret?
    }

    /// Makes a key for the caller's account, or for a sub-account of it.
    public func create(
        _ fields: KeyFields, subAccount: AccountID? = nil, for caller: Caller, as repetition: Repetition? = nil
    ) throws(GatewayError) -> Made {
        try turn.take { () throws(GatewayError) in
            let repetitions = Repetitions(store: store, issuer: issuer, now: now)
            if let earlier = try repetitions.earlier(repetition, .key, of: caller.account.id) {
                return Made(key: try key(earlier.keyID, for: caller), secret: nil)
            }
            let issued = try new(fields, subAccount: subAccount, for: caller)
            let request = repetitions.request(
                repetition, .key, of: caller.account.id, made: issued.key.id.rawValue, issued.key.id)
            try stored { () throws(StoreError) in try store.insert(nil, issued.key, for: request) }
            return Made(key: issued.key, secret: issued.secret)
        }
    }

    private func new(
        _ fields: KeyFields, subAccount: AccountID?, for caller: Caller
    ) throws(GatewayError) -> KeyIssuer.Issued {
        let owner =
            try subAccount.map { id throws(GatewayError) in try self.owner(id, for: caller) } ?? caller.account
        guard owner.closedAt == nil else { throw GatewayError(.conflict, "The account is closed.") }
        let role = fields.role.value ?? .member
        try check(role, in: owner, for: caller)
        let active = try stored { () throws(StoreError) in try store.activeKeys() }
        guard active.count(where: { $0.accountID == owner.id }) < Self.mostKeysOfAnAccount else {
            throw GatewayError(
                .conflict, "An account has \(Self.mostKeysOfAnAccount) keys at most. Revoke some first.")
        }
        var scope = KeyScope()
        fields.apply(to: &scope)
        return issuer.make(name: fields.name.value ?? "", account: owner.id, role: role, scope: scope)
    }

    public func update(
        _ id: KeyID, _ fields: KeyFields, for caller: Caller
    ) throws(GatewayError) -> APIKey {
        try turn.take { () throws(GatewayError) in
            var key = try activeKey(id, for: caller)
            fields.name.apply(to: &key.name, none: "")
            if let role = fields.role.value {
                let owner = try stored { () throws(StoreError) in try store.account(key.accountID) }
                try check(role, in: owner ?? caller.account, for: caller)
                key.role = role
            }
            fields.apply(to: &key.scope)
            let changed = key
            guard try stored({ () throws(StoreError) in try store.update(changed) }) else { throw Self.revoked }
            return changed
        }
    }

    /// Makes a new key in the place of an old one, which works until the new one is first used.
    public func rotate(_ id: KeyID, for caller: Caller) throws(GatewayError) -> KeyIssuer.Issued {
        try turn.take { () throws(GatewayError) in
            let old = try activeKey(id, for: caller)
            let active = try stored { () throws(StoreError) in try store.activeKeys() }
            // One at a time: of two successors, the one that is not used would stay good for ever, and nobody knows it.
            if let successor = active.first(where: { $0.replaces == old.id }) {
                throw GatewayError(
                    .conflict, "`\(successor.id)` takes the place of this key already. Use or revoke that one first.")
            }
            if let predecessor = old.replaces, active.contains(where: { $0.id == predecessor }) {
                throw GatewayError(
                    .conflict,
                    "This key takes the place of `\(predecessor)` and has not been used. Use it, or revoke it and rotate that one."
                )
            }
            return try stored { () throws(StoreError) in
                try issuer.issue(
                    name: old.name, account: old.accountID, role: old.role, scope: old.scope, replaces: old.id)
            }
        }
    }

    /// The key is dead from here on; one that was dead before stays so.
    public func revoke(_ id: KeyID, for caller: Caller) throws(GatewayError) {
        try turn.take { () throws(GatewayError) in
            let key = try key(id, for: caller)
            try checkRank(of: key, for: caller)
            _ = try stored { () throws(StoreError) in try issuer.revoke(key.id) }
        }
    }

    // MARK: Rules

    private func activeKey(_ id: KeyID, for caller: Caller) throws(GatewayError) -> APIKey {
        let key = try key(id, for: caller)
        try checkRank(of: key, for: caller)
        guard key.revokedAt == nil else { throw Self.revoked }
        return key
    }

    private func checkRank(of key: APIKey, for caller: Caller) throws(GatewayError) {
        guard key.role <= caller.role else {
            throw GatewayError(.roleNotAllowed, "The key may do more than yours; only one like it can change it.")
        }
    }

    private func check(_ role: Role, in owner: Account, for caller: Caller) throws(GatewayError) {
        guard role <= caller.role else {
            throw GatewayError(
                .roleNotAllowed, "Your key is of role \(caller.role.rawValue) and cannot give \(role.rawValue).",
                param: "role")
        }
        guard role != .root || owner.id == Account.root else {
            throw GatewayError(.invalidValue, "Only \(Account.root) has keys of role root.", param: "role")
        }
        guard role < .admin || owner.parentID == nil else {
            throw GatewayError(
                .invalidValue, "A sub-account manages nothing: its keys are key-only or member.", param: "role")
        }
    }

    private func owner(_ id: AccountID, for caller: Caller) throws(GatewayError) -> Account {
        guard let account = try stored({ () throws(StoreError) in try store.account(id) }),
            account.parentID == caller.account.id
        else { throw .notFound("sub-account") }
        return account
    }

    private static func manages(_ caller: Caller, _ account: Account) -> Bool {
        account.id == caller.account.id || account.parentID == caller.account.id
    }

    private static var revoked: GatewayError { GatewayError(.conflict, "The key is revoked.") }
}
