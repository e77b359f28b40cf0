import Crypto
public import Domain

/// Sub-accounts: tenants with keys and limits of their own, paid for by the account they belong to. Called off the loops.
public struct SubAccountDesk: Sendable {
    private let store: any KeyStore
    private let issuer: KeyIssuer
    private let turn: ManagementTurn
    private let now: @Sendable () -> Timestamp

    /// Open sub-accounts of one account.
    public static let mostOfAnAccount = 100_000

    public init(
        store: any KeyStore, issuer: KeyIssuer, turn: ManagementTurn, now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.issuer = issuer
        self.turn = turn
        self.now = now
    }

    /// The oldest first. Closed ones only when asked for.
    public func subAccounts(
        of caller: Caller, includingClosed: Bool = false
    ) throws(GatewayError) -> [Account] {
        try stored { () throws(StoreError) in try store.accounts() }
            .filter { $0.parentID == caller.account.id && (includingClosed || $0.closedAt == nil) }
    }

    public func subAccount(_ id: AccountID, of caller: Caller) throws(GatewayError) -> Account {
        guard let account = try stored({ () throws(StoreError) in try store.account(id) }),
            account.parentID == caller.account.id
        else { throw .notFound("sub-account") }
        return account
    }

    public func create(
        _ fields: AccountFields, for caller: Caller, as repetition: Repetition? = nil
    ) throws(GatewayError) -> OpenedAccount {
        try turn.take { () throws(GatewayError) in
            let opening = AccountOpening(store: store, issuer: issuer, now: now)
            return try opening.open(.subAccount, role: .member, for: caller.account.id, as: repetition) {
                () throws(GatewayError) in try new(fields, for: caller)
            }
        }
    }

    private func new(_ fields: AccountFields, for caller: Caller) throws(GatewayError) -> Account {
        guard caller.account.closedAt == nil else { throw GatewayError(.conflict, "The account is closed.") }
        guard try subAccounts(of: caller).count < Self.mostOfAnAccount else {
            throw GatewayError(.conflict, "An account has \(Self.mostOfAnAccount) sub-accounts at most.")
        }
        var account = Account(
            id: AccountID("sa_" + SecureRandom.base62(length: 16)), name: "", createdAt: now(),
            plan: caller.account.plan, parentID: caller.account.id)
        fields.apply(to: &account)
        return account
    }

    public func update(
        _ id: AccountID, _ fields: AccountFields, for caller: Caller
    ) throws(GatewayError) -> Account {
        try turn.take { () throws(GatewayError) in
            var account = try subAccount(id, of: caller)
            guard account.closedAt == nil else { throw Self.closed }
            fields.apply(to: &account)
            let changed = account
            guard try stored({ () throws(StoreError) in try store.update(changed) }) else { throw Self.closed }
            return changed
        }
    }

    /// Its keys are dead from here on; what it used stays. One that was closed before stays so.
    public func close(_ id: AccountID, for caller: Caller) throws(GatewayError) {
        try turn.take { () throws(GatewayError) in
            var account = try subAccount(id, of: caller)
            guard account.closedAt == nil else { return }
            account.closedAt = now()
            let changed = account
            _ = try stored { () throws(StoreError) in try store.update(changed) }
        }
    }

    private static var closed: GatewayError { GatewayError(.conflict, "The sub-account is closed.") }
}
