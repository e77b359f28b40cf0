import Crypto
public import Domain

/// Accounts with wallets of their own, for those who manage the gateway. Called off the loops.
public struct AccountDesk: Sendable {
    private let store: any KeyStore
    private let issuer: KeyIssuer
    private let turn: ManagementTurn
    private let now: @Sendable () -> Timestamp

    public init(
        store: any KeyStore, issuer: KeyIssuer, turn: ManagementTurn, now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.issuer = issuer
        self.turn = turn
        self.now = now
    }

    /// The oldest first. Closed ones only when asked for.
    public func accounts(includingClosed: Bool = false) throws(GatewayError) -> [Account] {
        try stored { () throws(StoreError) in try store.accounts() }
            .filter { $0.parentID == nil && (includingClosed || $0.closedAt == nil) }
    }

    /// Sub-accounts are not found here: they are their account's.
    public func account(_ id: AccountID) throws(GatewayError) -> Account {
        guard let account = try stored({ () throws(StoreError) in try store.account(id) }), account.parentID == nil
        else { throw .notFound("account") }
        return account
    }

    public func create(
        _ fields: AccountFields, for caller: Caller, as repetition: Repetition? = nil
    ) throws(GatewayError) -> OpenedAccount {
        try turn.take { () throws(GatewayError) in
            let opening = AccountOpening(store: store, issuer: issuer, now: now)
            return try opening.open(.account, role: .admin, for: caller.account.id, as: repetition) {
                var account = Account(
                    id: AccountID("acc_" + SecureRandom.base62(length: 16)), name: "", createdAt: now())
                fields.apply(to: &account)
                return account
            }
        }
    }

    public func update(_ id: AccountID, _ fields: AccountFields) throws(GatewayError) -> Account {
        try turn.take { () throws(GatewayError) in
            var account = try account(id)
            guard account.closedAt == nil else { throw Self.closed }
            guard id != Account.root || (fields.plan.value ?? account.plan) == account.plan else {
                throw GatewayError(.conflict, "The plan of \(Account.root) cannot be changed.", param: "plan")
            }
            fields.apply(to: &account)
            let changed = account
            guard try stored({ () throws(StoreError) in try store.update(changed) }) else { throw Self.closed }
            return changed
        }
    }

    /// Its keys and those of its sub-accounts are dead from here on; what is in its wallet stays there. One that was
    /// closed before stays so.
    public func close(_ id: AccountID) throws(GatewayError) {
        try turn.take { () throws(GatewayError) in
            guard id != Account.root else { throw GatewayError(.conflict, "\(Account.root) cannot be closed.") }
            var account = try account(id)
            guard account.closedAt == nil else { return }
            account.closedAt = now()
            let changed = account
            _ = try stored { () throws(StoreError) in try store.update(changed) }
        }
    }

    private static var closed: GatewayError { GatewayError(.conflict, "The account is closed.") }
}
